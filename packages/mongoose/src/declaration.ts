/** What a collection was declared to be, and the scope that follows from it now. */
import { type AccessToken, ConfigurationError } from '@tenantry/core'
import { currentAuth, currentTenantId } from '@tenantry/core/context'
import { isObject } from './plain.ts'
import { isScopeValue, type ScopeValue } from './scope-value.ts'

/** Who is current: only the tenant in a job, all of it behind a guard. */
export interface ScopeAuth {
  readonly tenantId: string
  readonly userId?: string | number | undefined
  readonly roles?: readonly string[]
  readonly token?: AccessToken
}

/** The members that every document of the tenant has, with their values. */
export type ScopeOf = (auth: ScopeAuth) => Readonly<Record<string, unknown>>

/** A path with a `ref`: what it refers to is looked for in the tenant before it is written. */
export interface Reference {
  /**
   * Without positions: `items.product` for `items: [{ product: { ref } }]`. A member of a Map is `$*`,
   * whatever its name.
   */
  readonly path: string
  /** The collection that it refers to, asked when it is needed: the model may be defined later. */
  collection(): string
}

export interface TenantDeclaration {
  readonly kind: 'tenant'
  /** The member that is the tenant itself. */
  readonly field: string
  readonly scope: ScopeOf
  /** How the value of each member is stored. */
  store(field: string, value: unknown): unknown
  readonly references: readonly Reference[]
  readonly unique: 'compound' | 'keep'
}

export interface GlobalDeclaration {
  readonly kind: 'global'
  readonly readOnly: boolean
}

export type Declaration = TenantDeclaration | GlobalDeclaration

/** The scope of one call, read once. */
export interface Scope {
  readonly tenantId: string
  readonly field: string
  readonly entries: readonly (readonly [string, ScopeValue])[]
  readonly declaration: TenantDeclaration
}

const plainName = /^(?!__proto__$)[^$.\0][^.\0]*$/

/** @throws {TenantContextError} `tenant_context_missing` outside of any tenant */
export function readScope(declaration: TenantDeclaration): Scope {
  const tenantId = currentTenantId()
  const { field } = declaration
  const made: unknown = declaration.scope({ ...currentAuth(), tenantId })
  // A copy: a getter could answer with another tenant the next time.
  const values: Readonly<Record<string, unknown>> = isObject(made) ? { ...made } : {}
  const isTenants = Object.hasOwn(values, field) && String(values[field]) === tenantId
  if (!isTenants) {
    throw new ConfigurationError(
      'option_invalid',
      `The scope has something else than the current tenant as ${JSON.stringify(field)}.`,
    )
  }
  const entries = Object.entries(values).map(([name, value]) => {
    const stored = declaration.store(name, value)
    if (plainName.test(name) && isScopeValue(stored)) return [name, stored] as const
    throw new ConfigurationError(
      'option_invalid',
      `The scope needs a string, a number, a boolean or an ObjectId as ${JSON.stringify(name)}.`,
    )
  })
  return { tenantId, field, entries, declaration }
}
