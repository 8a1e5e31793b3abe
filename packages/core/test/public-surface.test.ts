import { expect, it } from 'vitest'
import * as core from '../src/index.ts'

it('exports these values, and a change of the list is a decision', () => {
  expect(Object.keys(core).sort()).toEqual([
    'AccessError',
    'ConfigurationError',
    'ConflictError',
    'CredentialsError',
    'RequestError',
    'TenantContextError',
    'TenantryError',
    'TokenError',
    'UnavailableError',
    'algorithmNames',
    'assertCan',
    'can',
    'createVerifier',
    'decodeToken',
    'defineRoles',
    'explain',
    'explainUnverified',
    'hasRole',
    'isTenantryError',
    'rolesIn',
    'tenantsOf',
    'userfront',
  ])
})
