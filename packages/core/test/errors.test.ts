import { describe, expect, it } from 'vitest'
import {
  AccessError,
  ConfigurationError,
  ConflictError,
  CredentialsError,
  everyMessage,
  isTenantryError,
  RequestError,
  TenantContextError,
  TenantryError,
  TokenError,
  UnavailableError,
} from '../src/errors.ts'
import { everyFaultMessage } from '../src/token/faults.ts'

const noStore = { 'cache-control': 'no-store' }
const cause = new Error('why')
const table: [TenantryError, string, number, object][] = [
  [
    new RequestError('tenant_invalid'),
    'RequestError',
    400,
    {
      'www-authenticate': expect.stringMatching(
        /^Bearer error="invalid_request", error_description="[^"\\]+"$/,
      ),
    },
  ],
  [
    new CredentialsError('credentials_missing'),
    'CredentialsError',
    401,
    { 'www-authenticate': 'Bearer realm="api"' },
  ],
  [
    new TokenError('token_expired'),
    'TokenError',
    401,
    {
      'www-authenticate': expect.stringMatching(
        /^Bearer error="invalid_token", error_description="[^"\\]+"$/,
      ),
    },
  ],
  [
    new AccessError('role_insufficient'),
    'AccessError',
    403,
    {
      'www-authenticate': expect.stringMatching(
        /^Bearer error="insufficient_scope", error_description="[^"\\]+"$/,
      ),
    },
  ],
  [new ConflictError('duplicate_key', { fields: ['sku'] }), 'ConflictError', 409, {}],
  [new ConflictError('duplicate_key'), 'ConflictError', 409, {}],
  [
    new UnavailableError('keys_unavailable', { retryAfter: 7.2, cause }),
    'UnavailableError',
    503,
    { 'retry-after': '8' },
  ],
  [new ConfigurationError('option_invalid', 'x', { cause }), 'ConfigurationError', 500, {}],
  [
    new TenantContextError('tenant_context_missing'),
    'TenantContextError',
    401,
    { 'www-authenticate': 'Bearer realm="api"' },
  ],
]

describe.each(table)('%s', (error, name, status, headers) => {
  it('has a name, a status under both names, and its headers', () => {
    expect(error).toBeInstanceOf(TenantryError)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name, status, statusCode: status })
    expect(error.headers).toEqual({ ...noStore, ...headers })
    expect(isTenantryError(error)).toBe(true)
    expect(error.message).not.toBe('')
  })
})

describe('an error', () => {
  it('keeps the reason that it was given', () => {
    expect(new UnavailableError('keys_unavailable', { retryAfter: 0, cause }).cause).toBe(cause)
    expect(new ConfigurationError('option_invalid', 'x', { cause }).cause).toBe(cause)
  })
  it('never asks for another try within a second', () => {
    expect(new UnavailableError('keys_unavailable', { retryAfter: 0 }).headers).toMatchObject({
      'retry-after': '1',
    })
  })
  it.each([
    [Number.NaN, 1],
    [-5, 1],
    [2.5, 3],
    [1e21, 2147483647],
    [Number.POSITIVE_INFINITY, 2147483647],
  ])('asks for another try after a legal number of seconds: %d is %d', (retryAfter, seconds) => {
    const error = new UnavailableError('keys_unavailable', { retryAfter })
    expect(error.retryAfter).toBe(seconds)
    expect(error.headers).toMatchObject({ 'retry-after': String(seconds) })
  })
  it('is recognised across copies of the package, and nothing else is', () => {
    for (const other of [
      undefined,
      null,
      'x',
      7,
      {},
      new Error('x'),
      { code: 'token_expired', status: 401 },
    ]) {
      expect(isTenantryError(other)).toBe(false)
    }
    expect(isTenantryError({ [Symbol.for('tenantry.error')]: true })).toBe(true)
  })
})

describe('the fixed messages', () => {
  // RFC 6750 section 3: %x20-21 / %x23-5B / %x5D-7E.
  it.each([...everyMessage(), ...everyFaultMessage()])('%s', (message) => {
    expect(message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(message).toMatch(/[.]$|[)][.]$/)
  })
})

describe('a stack trace', () => {
  it.each(table)('belongs to %s unless a stranger can cause it', (error, name) => {
    const strangers = ['RequestError', 'CredentialsError', 'TokenError']
    expect(/\n\s+at /.test(`${error.stack}`)).toBe(!strangers.includes(name))
  })

  it('is there for other errors afterwards, as long as before', () => {
    const before = Error.stackTraceLimit
    new TokenError('token_expired')
    expect(Error.stackTraceLimit).toBe(before)
    expect(`${new Error('mine').stack}`).toMatch(/\n\s+at /)
  })

  it('stays where the program allows no change of Error, and nothing breaks', () => {
    const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')
    try {
      Object.defineProperty(Error, 'stackTraceLimit', { writable: false })
      expect(`${new TokenError('token_expired').stack}`).toMatch(/\n\s+at /)
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', { ...limit })
    }
  })
})
