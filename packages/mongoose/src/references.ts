/** References that are written name something of the same tenant: `refs: 'check'`. */
import { RequestError } from '@tenantry/core'
import type { Reference } from './declaration.ts'
import { asWritten, isBsonValue, isObject } from './plain.ts'
import type { Plan } from './plan-call.ts'
import { refuse } from './refuse.ts'

/** Opens another collection of the same database, behind the guard. */
type Open = (collection: string) => unknown

/**
 * Looks for what a call would refer to, in the tenant of the call.
 *
 * @throws {RequestError} `reference_unknown`, the same for what is not there and for what another tenant has
 */
export async function checkReferences(plan: Plan, open: Open): Promise<void> {
  const references = plan.scope?.declaration.references ?? []
  if (references.length === 0) return
  const [first, second, third] = plan.args
  const wanted = new Map<string, unknown[]>()
  const want = (path: string, value: unknown): void => collect(path, value, references, wanted)
  switch (plan.method) {
    case 'insertOne':
      want('', first)
      break
    case 'insertMany':
      for (const document of [first].flat()) want('', document)
      break
    case 'replaceOne':
    case 'findOneAndReplace':
      want('', second)
      break
    case 'updateOne':
    case 'updateMany':
    case 'findOneAndUpdate':
      wantUpdate(second, references, want)
      wantUpsert(first, third, want)
      break
    case 'bulkWrite':
      for (const operation of [first].flat()) wantOperation(operation, references, want)
      break
  }
  const session = sessionOf(plan)
  for (const [collection, ids] of wanted) await find(open(collection), ids, session)
}

type Want = (path: string, value: unknown) => void

function wantOperation(entry: unknown, references: readonly Reference[], want: Want): void {
  if (!isObject(entry)) return
  for (const operation of Object.values(entry)) {
    if (!isObject(operation)) continue
    want('', operation['document'])
    want('', operation['replacement'])
    wantUpdate(operation['update'], references, want)
    wantUpsert(operation['filter'], operation, want)
  }
}

/** What an upsert takes from the filter is written as well. */
function wantUpsert(filter: unknown, options: unknown, want: Want): void {
  if (isObject(options) && options['upsert'] === true) want('', filter)
}

/** They write no reference. */
const removing: ReadonlySet<string> = new Set(['$unset', '$pull', '$pullAll', '$pop'])

/** What they write is not what they are told. */
const computed: ReadonlySet<string> = new Set(['$rename', '$inc', '$mul', '$bit'])

function wantUpdate(update: unknown, references: readonly Reference[], want: Want): void {
  if (Array.isArray(update)) refuseComputed(update, references)
  if (!isObject(update)) return
  for (const [operator, changes] of Object.entries(update)) {
    if (!isObject(changes) || removing.has(operator)) continue
    for (const [path, change] of Object.entries(changes)) {
      if (computed.has(operator) && [path, change].some((end) => reaches(end, references))) {
        refuse(`${operator} of a reference that is checked`)
      }
      const isList = isObject(change) && Array.isArray(change['$each'])
      want(path, isList ? change['$each'] : change)
    }
  }
}

/** What a pipeline writes is known only to the server. */
function refuseComputed(stages: readonly unknown[], references: readonly Reference[]): void {
  for (const stage of stages) {
    for (const [name, body] of Object.entries(isObject(stage) ? stage : {})) {
      const isSet = name === '$set' || name === '$addFields'
      const paths = isSet && isObject(body) ? Object.keys(body) : []
      const isSafe =
        name === '$unset' || (isSet && !paths.some((path) => reaches(path, references)))
      if (!isSafe) refuse(`${name} in an update of references that are checked`)
    }
  }
}

function reaches(end: unknown, references: readonly Reference[]): boolean {
  if (typeof end !== 'string') return false
  return references.some(({ path }) => leadsTo(path.split('.'), end.split('.'), true))
}

/**
 * Whether a path of an update or a document is that of a reference: `items.0.owner`, `items.$.owner` and
 * `items.$[x].owner` are `items.owner`, and `members.x` is `members.$*`.
 *
 * @param isPart - also when it is one above or below
 */
function leadsTo(reference: readonly string[], path: readonly string[], isPart = false): boolean {
  const [part, ...rest] = path
  if (part === undefined) return isPart || reference.length === 0
  const [first, ...others] = reference
  if (first === undefined && isPart) return true
  const isNamed = first !== undefined && (first === part || first === '$*')
  if (isNamed && leadsTo(others, rest, isPart)) return true
  return /^(?:\d+|\$.*)$/.test(part) && leadsTo(reference, rest, isPart)
}

/** Goes down from a path to every reference below it. */
function collect(
  at: string,
  given: unknown,
  references: readonly Reference[],
  wanted: Map<string, unknown[]>,
): void {
  const value = asWritten(given)
  if (value === undefined || value === null) return
  if (Array.isArray(value)) {
    for (const element of value) collect(at, element, references, wanted)
    return
  }
  const found = references.find(({ path }) => leadsTo(path.split('.'), at.split('.')))
  if (found !== undefined && !hasOperator(value)) {
    const collection = found.collection()
    wanted.set(collection, [...(wanted.get(collection) ?? []), value])
    return
  }
  if (!isObject(value) || isBsonValue(value)) return
  const members = value instanceof Map ? value.entries() : Object.entries(value)
  for (const [name, member] of members) {
    if (name.startsWith('$')) collectOperator(at, name, member, references, wanted)
    else collect(at === '' ? name : `${at}.${name}`, member, references, wanted)
  }
}

/** In the filter of an upsert: what it takes as it is. */
function collectOperator(
  at: string,
  operator: string,
  member: unknown,
  references: readonly Reference[],
  wanted: Map<string, unknown[]>,
): void {
  if (operator === '$and' || operator === '$eq' || operator === '$in' || operator === '$all') {
    collect(at, member, references, wanted)
  }
}

function hasOperator(value: unknown): boolean {
  return isObject(value) && !isBsonValue(value) && Object.keys(value).some((key) => key[0] === '$')
}

function sessionOf(plan: Plan): unknown {
  const options = plan.args.at(-1)
  return isObject(options) ? options['session'] : undefined
}

async function find(collection: unknown, ids: readonly unknown[], session: unknown): Promise<void> {
  const unique = [...new Map(ids.map((id) => [keyOf(id), id])).values()]
  const distinct: unknown = isObject(collection) ? collection['distinct'] : undefined
  if (typeof distinct !== 'function') refuse('a reference into a collection that cannot be opened')
  const options = session === undefined ? {} : { session }
  const filter = { _id: { $in: unique } }
  const found: unknown = await Reflect.apply(distinct, collection, ['_id', filter, options])
  if (!Array.isArray(found) || found.length < unique.length) {
    throw new RequestError('reference_unknown')
  }
}

function keyOf(id: unknown): string {
  const kind = isObject(id) ? String(id['_bsontype']) : typeof id
  return `${kind}:${String(id)}`
}
