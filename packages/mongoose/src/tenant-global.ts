/** The plugin that says: the documents of this collection are for everybody. */
import { ConfigurationError } from '@tenantry/core'
import { declareModel, readSchema } from './models.ts'
import { isObject } from './plain.ts'

/** What everybody may do with a collection that belongs to no tenant. */
export interface TenantGlobalOptions {
  /** Written only inside of `asSystem`, and read by everybody. Default false. */
  readonly readOnly?: boolean
}

/**
 * Declares the collection of a schema as one that is shared by all tenants: a Mongoose plugin.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { tenantGlobal } from '@tenantry/mongoose'
 * import { Schema } from 'mongoose'
 *
 * const newsSchema = new Schema({ text: String })
 * newsSchema.plugin(tenantGlobal, { readOnly: true })
 * ```
 */
export function tenantGlobal(on: object, options?: TenantGlobalOptions): void {
  const own: Record<string, unknown> = isObject(options) ? { ...options } : {}
  const { readOnly = false, ...others } = own
  const [unknown] = Object.keys(others)
  if (unknown !== undefined || typeof readOnly !== 'boolean') {
    throw new ConfigurationError(
      'option_invalid',
      'tenantGlobal has one option, readOnly, which is true or false: { readOnly: true }.',
    )
  }
  readSchema(on).on('init', (model) => declareModel(model, { kind: 'global', readOnly }))
}
