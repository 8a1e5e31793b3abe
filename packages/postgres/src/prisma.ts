/**
 * What Prisma needs on a pool of tenants. Prisma collects the `findUnique` calls of one tick, whoever made them,
 * and sends them as one query: in the context of one tenant, for all of them.
 */
import { callRefused } from './refuse.ts'

/** The arguments of `findUnique`. */
interface UniqueArgs {
  readonly where?: Readonly<Record<string, unknown>>
}

/** What `client.$extends` takes. The types of the client stay as they are. */
export interface PrismaExtension {
  readonly name: string
}

/**
 * The extension without which Prisma hands rows of one tenant to another: `findUnique` becomes `findFirst`, which
 * Prisma does not collect. Everything else of Prisma works on `tenantPool` as it is.
 *
 * @example
 * ```ts
 * import { prismaTenancy, tenantPool } from '@tenantry/postgres'
 * import pg from 'pg'
 *
 * const pool = tenantPool(new pg.Pool({ user: 'app' }))
 * // const prisma = new PrismaClient({ adapter: new PrismaPg(pool) }).$extends(prismaTenancy())
 * const extension = prismaTenancy()
 * ```
 */
export function prismaTenancy(): PrismaExtension {
  function asFirst(name: string): (this: unknown, args: UniqueArgs) => unknown {
    return function (this: unknown, args: UniqueArgs) {
      const model: object = typeof this === 'object' && this !== null ? this : {}
      const find: unknown = Reflect.get(model, name)
      if (typeof find !== 'function') {
        throw callRefused('prismaTenancy is an extension: prisma.$extends(prismaTenancy()).')
      }
      return Reflect.apply(find, model, [{ ...args, where: flatten(model, args?.where) }])
    }
  }
  const extension = {
    name: 'tenantry',
    model: {
      $allModels: {
        findUnique: asFirst('findFirst'),
        findUniqueOrThrow: asFirst('findFirstOrThrow'),
      },
    },
  }
  return extension
}

/** `findFirst` knows no names of keys of several columns: their columns take the place of the name. */
function flatten(model: object, where: UniqueArgs['where']): Readonly<Record<string, unknown>> {
  const columns = columnsOf(model)
  const conditions: [string, unknown][] = []
  for (const [name, value] of Object.entries(where ?? {})) {
    if (columns.has(name) || typeof value !== 'object' || value === null)
      conditions.push([name, value])
    else conditions.push(...Object.entries(value))
  }
  // Without a condition the first row of all would be found.
  if (conditions.every(([, value]) => value === undefined)) {
    throw callRefused('findUnique needs the value of a unique key.')
  }
  return Object.fromEntries(conditions)
}

const logical = ['AND', 'OR', 'NOT']

/** The fields of the model with its relations, and what else may hold an object. */
function columnsOf(model: object): ReadonlySet<string> {
  const scalars = read(model, 'fields')
  const described = read(
    model,
    '$parent',
    '_runtimeDataModel',
    'models',
    String(read(model, '$name')),
    'fields',
  )
  const all: readonly unknown[] = Array.isArray(described) ? described : []
  const names = [
    ...Object.keys(isObject(scalars) ? scalars : {}),
    ...all.map((field) => read(field, 'name')),
  ]
  return new Set([...names.map(String), ...logical])
}

function read(from: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, name) => (isObject(at) ? Reflect.get(at, name) : undefined), from)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
