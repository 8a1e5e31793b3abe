/** Models that are reached through their organization. */
import { ConfigurationError } from '@tenantry/core'
import { bindDocuments, bindLazy, isLazy } from './bound-query.ts'
import { isObject } from './plain.ts'
import { createRunner, type Runner } from './runner.ts'

/**
 * The models of one tenant: what is called on them is done for that tenant, and awaited in its
 * context, also outside of any request. A document that comes out of it is saved for that tenant, too.
 *
 * It says which tenant, and not whether the caller may act there: behind a guard, take the tenant from
 * what the guard checked. In the work for one tenant it refuses another one.
 *
 * @throws {ConfigurationError} `tenant_unresolved` when the id is not a string with something in it,
 * `option_invalid` for what is no model; later, in the work for another tenant, `tenant_switched`
 *
 * @example
 * ```ts
 * import { organization, tenantScope } from '@tenantry/mongoose'
 * import { model, Schema } from 'mongoose'
 *
 * const schema = new Schema({ name: String })
 * schema.plugin(tenantScope, { field: 'organizationId' })
 * const Product = model('Product', schema)
 * const found = await organization('org-a', { products: Product }).products.find({ name: 'Product-A' })
 * ```
 */
export function organization<Models extends Readonly<Record<string, object>>>(
  id: string,
  models: Models,
): Readonly<Models> {
  if (typeof id !== 'string' || id.trim() === '') {
    throw new ConfigurationError(
      'tenant_unresolved',
      'organization needs the id of a tenant: a string with something in it. Of a document, take its id and not its _id.',
    )
  }
  if (!isObject(models)) invalid()
  const runner = createRunner(id)
  const bound = Object.entries(models).map(([name, model]) => {
    if (typeof model !== 'function' || typeof Reflect.get(model, 'modelName') !== 'string')
      invalid()
    return [name, bindModel(model, runner)] as const
  })
  // The same names and models as were given, each behind a proxy of its own kind.
  return Object.freeze(Object.fromEntries(bound)) as Models
}

function invalid(): never {
  throw new ConfigurationError(
    'option_invalid',
    "organization needs models by name: organization('org-a', { products: Product }).",
  )
}

function bindModel<Model extends object>(model: Model, runner: Runner): Model {
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || typeof name === 'symbol' || isPlumbing(name)) return value
      return (...args: unknown[]): unknown =>
        bindResult(
          runner.now(() => Reflect.apply(value, target, args)),
          runner,
        )
    },
    construct(target, args) {
      const made: unknown = runner.now(() => Reflect.construct(Object(target), args))
      return Object(bindDocuments(made, runner))
    },
  })
}

/** Not called on the model, but asked by Mongoose or the language. */
function isPlumbing(name: string): boolean {
  return ['constructor', 'prototype', 'base', 'db', 'Query', 'events', 'hooks'].includes(name)
}

function bindResult(result: unknown, runner: Runner): unknown {
  if (result instanceof Promise) return result.then((value) => bindDocuments(value, runner))
  return isLazy(result) ? bindLazy(result, runner) : bindDocuments(result, runner)
}
