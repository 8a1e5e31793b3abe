/** Which paths of a schema refer to which collection. */
import { ConfigurationError } from '@tenantry/core'
import type { Reference } from './declaration.ts'
import type { ModelLike, SchemaLike, SchemaPath } from './models.ts'
import { isObject } from './plain.ts'

/** Every path of a model with a `ref`, also below what is embedded. */
export function referencesOf(model: ModelLike): Reference[] {
  const found: Reference[] = []
  addReferences(model, model.schema, '', found)
  return found
}

function addReferences(
  model: ModelLike,
  schema: SchemaLike,
  above: string,
  found: Reference[],
): void {
  schema.eachPath((name, type) => {
    const path = `${above}${name}`
    const types = [type, ...elementsOf(type), ...(type.schemaTypes ?? [])]
    for (const { ref, refPath } of types.map(({ options }) => options).filter(isObject)) {
      if (refPath !== undefined || (typeof ref === 'function' && !isModel(ref))) {
        throw new ConfigurationError(
          'option_invalid',
          `tenantScope cannot check ${JSON.stringify(path)}: which collection it refers to is not fixed.`,
        )
      }
      if (ref === undefined || ref === null) continue
      found.push({ path, collection: () => collectionOf(model, ref) })
    }
    for (const below of new Set(types.flatMap(schemasOf))) {
      addReferences(model, below, `${path}.`, found)
    }
  })
}

/** A list may be one of lists. */
function elementsOf(type: SchemaPath): SchemaPath[] {
  const element = type.embeddedSchemaType ?? type.$embeddedSchemaType ?? type.caster
  return element === undefined || element === type ? [] : [element, ...elementsOf(element)]
}

/** What is embedded, in each of the forms that it can have. */
function schemasOf({ schema }: SchemaPath): SchemaLike[] {
  return schema === undefined ? [] : [schema, ...Object.values(schema.discriminators ?? {})]
}

export function isModel(ref: unknown): ref is ModelLike {
  return typeof ref === 'function' && typeof Reflect.get(ref, 'modelName') === 'string'
}

function collectionOf(model: ModelLike, ref: unknown): string {
  if (isModel(ref)) return ref.collection.name
  return model.db.model(String(ref)).collection.name
}
