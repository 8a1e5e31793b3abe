/** Which collection was declared as what, for each Mongoose. */
import { ConfigurationError } from '@tenantry/core'
import { currentSystem } from '@tenantry/core/context'
import { type Declaration, readScope, type Scope } from './declaration.ts'

/** What a call may reach in a collection. */
export type Access =
  | { readonly kind: 'all' }
  | { readonly kind: 'shared'; readonly readOnly: boolean }
  | { readonly kind: 'scoped'; readonly scope: Scope }

export interface Registry {
  declare(collection: string, declaration: Declaration): void
  declarationOf(collection: string): Declaration | undefined
  /**
   * What may be reached of a collection now.
   *
   * @throws {ConfigurationError} `collection_undeclared`
   * @throws {TenantContextError} `tenant_context_missing` for a collection of tenants outside of any
   */
  access(collection: string): Access
}

const registries = new WeakMap<object, Registry>()

/** Declarations may come before the guard is installed: models are often imported first. */
export function registryOf(mongoose: object): Registry {
  const known = registries.get(mongoose)
  if (known !== undefined) return known
  const registry = createRegistry()
  registries.set(mongoose, registry)
  return registry
}

function createRegistry(): Registry {
  const declarations = new Map<string, Declaration>()
  return {
    declare(collection, declaration) {
      const earlier = declarations.get(collection)
      if (earlier !== undefined && !isSameDeclaration(earlier, declaration)) {
        throw new ConfigurationError(
          'option_invalid',
          `The collection ${JSON.stringify(collection)} is declared twice, in two ways.`,
        )
      }
      declarations.set(collection, merge(earlier, declaration))
    },
    declarationOf: (collection) => declarations.get(collection),
    access(collection) {
      if (currentSystem() !== undefined) return { kind: 'all' }
      const declaration = declarations.get(collection)
      if (declaration === undefined) throw undeclared(collection)
      if (declaration.kind === 'global') return { kind: 'shared', readOnly: declaration.readOnly }
      return { kind: 'scoped', scope: readScope(declaration) }
    },
  }
}

function undeclared(collection: string): ConfigurationError {
  return new ConfigurationError(
    'collection_undeclared',
    `The collection ${JSON.stringify(collection)} is not declared. Put tenantScope or tenantGlobal on the schema, and then make its model.`,
  )
}

function isSameDeclaration(one: Declaration, other: Declaration): boolean {
  if (one.kind === 'global' || other.kind === 'global') {
    return one.kind === other.kind && 'readOnly' in one && 'readOnly' in other
      ? one.readOnly === other.readOnly
      : false
  }
  return one.field === other.field && one.unique === other.unique
}

/** Discriminators and second models of a collection add references of their own. */
function merge(earlier: Declaration | undefined, declaration: Declaration): Declaration {
  if (earlier?.kind !== 'tenant' || declaration.kind !== 'tenant') return declaration
  const paths = new Set(declaration.references.map(({ path }) => path))
  const others = earlier.references.filter(({ path }) => !paths.has(path))
  return { ...declaration, references: [...declaration.references, ...others] }
}
