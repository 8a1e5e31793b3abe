/** What is used of Mongoose, in the form that versions 8 and 9 share. */
import { ConfigurationError } from '@tenantry/core'
import type { Declaration } from './declaration.ts'
import { isInstalled } from './installed.ts'
import { isObject } from './plain.ts'
import { registryOf } from './registry.ts'

export interface SchemaPath {
  readonly instance: string
  readonly options: Readonly<Record<string, unknown>>
  readonly defaultValue?: unknown
  readonly schema?: SchemaLike
  readonly caster?: SchemaPath
  readonly embeddedSchemaType?: SchemaPath
  readonly $embeddedSchemaType?: SchemaPath
  /** Of a union: what it may be. */
  readonly schemaTypes?: readonly SchemaPath[]
  cast(value: unknown): unknown
  default(make: () => unknown): unknown
}

export interface DocumentLike {
  readonly isNew: boolean
  get(path: string): unknown
  set(path: string, value: unknown): unknown
}

export interface SchemaLike {
  readonly discriminators?: Readonly<Record<string, SchemaLike>>
  path(name: string): SchemaPath | undefined
  add(definition: Readonly<Record<string, unknown>>): unknown
  on(event: 'init', listener: (model: ModelLike) => void): unknown
  pre(hook: 'validate', run: (this: DocumentLike) => void): unknown
  eachPath(visit: (name: string, type: SchemaPath) => void): unknown
  indexes(): [keys: unknown, options: unknown][]
}

export interface ModelLike {
  readonly modelName: string
  readonly base: object
  readonly schema: SchemaLike
  readonly collection: { readonly name: string }
  readonly db: { model(name: string): ModelLike }
}

/** Types of schemas differ between versions and in what they describe, so this is looked at once. */
export function readSchema(schema: object): SchemaLike {
  if (isSchema(schema)) return schema
  throw new ConfigurationError(
    'option_invalid',
    'The plugins of @tenantry/mongoose are for schemas: schema.plugin(tenantScope, { field }).',
  )
}

function isSchema(schema: object): schema is SchemaLike {
  const used = ['path', 'add', 'on', 'pre', 'eachPath', 'indexes']
  return used.every((name) => typeof Reflect.get(schema, name) === 'function')
}

/** Declares the collection of a model. Without the guard, its collection refuses everything. */
export function declareModel(model: ModelLike, declaration: Declaration): void {
  registryOf(model.base).declare(model.collection.name, declaration)
  stayGuarded(model)
  if (isInstalled(model.base)) return
  for (const method of methodsOf(model.collection)) {
    Object.defineProperty(model.collection, method, {
      configurable: true,
      value: () => {
        throw new ConfigurationError(
          'option_invalid',
          'Call installTenantGuard(mongoose) before the connection is opened.',
        )
      },
    })
  }
}

/** A connection of another Mongoose has another driver, and may have no guard. */
function stayGuarded(model: ModelLike): void {
  const use: unknown = Reflect.get(model, 'useConnection')
  if (typeof use !== 'function' || Object.hasOwn(model, 'useConnection')) return
  Object.defineProperty(model, 'useConnection', {
    value: (connection: unknown): unknown => {
      const base: unknown = isObject(connection) ? connection['base'] : undefined
      if (base === model.base) return Reflect.apply(use, model, [connection])
      throw new ConfigurationError(
        'option_invalid',
        'A declared model stays with the Mongoose that it was declared on: useConnection needs a connection of it.',
      )
    },
  })
}

const plumbing = ['constructor', 'onOpen', 'onClose', '_getCollection']

function methodsOf(collection: object): string[] {
  const prototype: object = Object.getPrototypeOf(collection)
  return Object.getOwnPropertyNames(prototype).filter((name) => {
    const isPlumbing = plumbing.includes(name) || name.startsWith('$')
    return typeof Reflect.get(prototype, name) === 'function' && !isPlumbing
  })
}
