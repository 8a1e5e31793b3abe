/** The plugin that says: the documents of this collection belong to tenants. */
import { ConfigurationError } from '@tenantry/core'
import { currentAuth } from '@tenantry/core/context'
import type { ScopeOf, TenantDeclaration } from './declaration.ts'
import { readScope } from './declaration.ts'
import {
  declareModel,
  type ModelLike,
  readSchema,
  type SchemaLike,
  type SchemaPath,
} from './models.ts'
import { isObject } from './plain.ts'
import { isModel, referencesOf } from './schema-references.ts'
import { toStored } from './scope-value.ts'
import { scopeIndexKeys } from './unique-indexes.ts'

/** How a collection belongs to tenants: `field`, `scope`, or both. */
export interface TenantScopeOptions {
  /** The member that has the id of the tenant. It is added to the schema when it is not there. */
  readonly field?: string
  /**
   * All members that the current caller's documents have, with their values: they are added to every
   * filter and to everything that is written. One of them is the tenant itself.
   */
  readonly scope?: ScopeOf
  /** `check`: a reference that is written must name something of the same tenant. Default `off`. */
  readonly refs?: 'check' | 'off'
  /** `keep`: unique indexes stay as they are, unique across tenants. Default `compound`: within one. */
  readonly unique?: 'compound' | 'keep'
}

/**
 * Declares the collection of a schema as one of tenants: a Mongoose plugin. With the guard installed,
 * every query, write and aggregation of it is inside of the current tenant.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { tenantScope } from '@tenantry/mongoose'
 * import { Schema } from 'mongoose'
 *
 * const productSchema = new Schema({ name: String, sku: { type: String, unique: true } })
 * productSchema.plugin(tenantScope, { field: 'organizationId' })
 * ```
 */
export function tenantScope(on: object, options: TenantScopeOptions): void {
  const schema = readSchema(on)
  const { field, scope, refs, unique } = readOptions(options)
  if (schema.path(field) === undefined) schema.add({ [field]: { type: String } })
  const kind = kindOf(schema.path(field), field)
  const declaration: TenantDeclaration = {
    kind: 'tenant',
    field,
    scope,
    unique,
    references: [],
    store(name, value) {
      if (name !== field || typeof value !== 'string') return value
      return toStored(value, kind, (text) => schema.path(field)?.cast(text))
    },
  }
  fillIn(schema, declaration)
  const declare = (model: ModelLike): void => {
    declareModel(model, {
      ...declaration,
      references: refs === 'check' ? referencesOf(model) : [],
    })
    if (unique === 'compound') scopeIndexes(model, field)
  }
  schema.on('init', (model) => {
    declare(model)
    declareDiscriminators(model, declare)
  })
}

/** A discriminator has a schema of its own, with unique indexes and references, and no event for it. */
function declareDiscriminators(model: ModelLike, declare: (model: ModelLike) => void): void {
  const make: unknown = Reflect.get(model, 'discriminator')
  if (typeof make !== 'function' || Object.hasOwn(model, 'discriminator')) return
  Object.defineProperty(model, 'discriminator', {
    configurable: true,
    writable: true,
    value: (...args: unknown[]): unknown => {
      const made: unknown = Reflect.apply(make, model, args)
      if (isModel(made)) declare(made)
      return made
    },
  })
}

const names = ['field', 'scope', 'refs', 'unique']

function readOptions(options: unknown): Required<TenantScopeOptions> {
  const own: Record<string, unknown> = isObject(options) ? { ...options } : {}
  const unknown = Object.keys(own).find((name) => !names.includes(name))
  if (unknown !== undefined)
    invalid(`has no option ${JSON.stringify(unknown)}. There are: ${names.join(', ')}`)
  const { refs = 'off', unique = 'compound', scope, field } = own
  if (refs !== 'check' && refs !== 'off') invalid("needs refs to be 'check' or 'off'")
  if (unique !== 'compound' && unique !== 'keep') invalid("needs unique to be 'compound' or 'keep'")
  if (scope !== undefined && typeof scope !== 'function') invalid('needs scope to be a function')
  if ('field' in own || scope === undefined) {
    if (typeof field !== 'string' || !/^[^$.\0][^.\0]*$/.test(field) || field === '__proto__') {
      invalid("needs the name of a member of the document: { field: 'organizationId' }")
    }
  }
  // Checked above: a function; what it returns is checked whenever it is called.
  const scopeOf = scope as ScopeOf | undefined
  if (typeof field === 'string') {
    return { field, refs, unique, scope: scopeOf ?? (({ tenantId }) => ({ [field]: tenantId })) }
  }
  if (scopeOf === undefined) invalid('needs a field or a scope')
  return { field: tenantMember(scopeOf), refs, unique, scope: scopeOf }
}

/** Hexadecimal, so that a scope that makes an ObjectId of it can. */
const example = 'a1b2c3d4e5f6a7b8c9d0e1f2'

/** Which member of a scope is the tenant: the one that follows it. */
function tenantMember(scope: ScopeOf): string {
  let values: unknown
  try {
    values = scope(Object.freeze({ tenantId: example }))
  } catch {
    values = undefined
  }
  const found = isObject(values)
    ? Object.entries(values).find(([, value]) => String(value) === example)
    : undefined
  return found?.[0] ?? invalid('cannot tell which member of the scope is the tenant: say field too')
}

function invalid(what: string): never {
  throw new ConfigurationError('option_invalid', `tenantScope ${what}.`)
}

function kindOf(path: SchemaPath | undefined, field: string): 'String' | 'ObjectId' {
  if (path?.instance === 'String' || path?.instance === 'ObjectId') return path.instance
  return invalid(`needs ${JSON.stringify(field)} to be a String or an ObjectId`)
}

/**
 * So that a new document has its tenant before it is saved, and is valid. It isolates nothing: what
 * is written is judged when it is sent.
 */
function fillIn(schema: SchemaLike, declaration: TenantDeclaration): void {
  const path = schema.path(declaration.field)
  if (path === undefined || path.defaultValue !== undefined) return
  path.default(() => {
    if (currentAuth()?.tenantId === undefined) return undefined
    return readScope(declaration).entries.find(([name]) => name === declaration.field)?.[1]
  })
  schema.pre('validate', function () {
    if (!this.isNew || currentAuth()?.tenantId === undefined) return
    for (const [name, value] of readScope(declaration).entries) {
      if (this.get(name) === undefined) this.set(name, value)
    }
  })
}

/** As Mongoose compares them with the database: `syncIndexes` would otherwise drop what was made. */
function scopeIndexes(model: ModelLike, field: string): void {
  const { schema } = model
  if (Object.hasOwn(schema, 'indexes')) return
  const declared = schema.indexes.bind(schema)
  Object.defineProperty(schema, 'indexes', {
    configurable: true,
    value: () =>
      declared().map(([keys, options]) => [scopeIndexKeys(keys, options, field), options]),
  })
}
