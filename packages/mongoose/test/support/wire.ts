/** What was really sent, and whether each command carries the tenant. It knows nothing of the guard. */
import type { Connection } from 'mongoose'

export interface Wire {
  /** Forgets what was sent. */
  clear(): void
  /** The commands that reach documents. */
  commands(): readonly Sent[]
  /** Looks at another connection as well. */
  follow(connection: Connection): void
}

export interface Sent {
  readonly name: string
  readonly collection: string
  readonly command: Readonly<Record<string, unknown>>
}

/** Nothing of documents in them, or bound to a cursor that was judged when it was opened. */
const ignored = new Set([
  'hello',
  'ping',
  'endSessions',
  'getMore',
  'killCursors',
  'commitTransaction',
  'abortTransaction',
  'createIndexes',
  'listIndexes',
  'create',
])

interface Started {
  readonly commandName: string
  readonly command: Readonly<Record<string, unknown>>
}

export function observe(connection: Connection): Wire {
  const sent: Sent[] = []
  const take = (event: Started): void => {
    if (ignored.has(event.commandName)) return
    // An explanation is judged as what it explains.
    const inner = plain(event.command['explain'])
    const isExplain = event.commandName === 'explain'
    const command = isExplain ? inner : event.command
    const name = isExplain ? (Object.keys(inner)[0] ?? '') : event.commandName
    sent.push({ name, command, collection: String(command[name]) })
  }
  const follow = (one: Connection): void => {
    one.getClient().on('commandStarted', take)
  }
  follow(connection)
  return {
    follow,
    clear: () => {
      sent.length = 0
    },
    commands: () => [...sent],
  }
}

const scoped = new Set(['products', 'users'])
const field = 'organizationId'

type Plain = Readonly<Record<string, unknown>>

/** What is wrong with a command that was sent in the work for a tenant; undefined for nothing. */
export function judge(sent: Sent, tenantId: string): string | undefined {
  const { name, command, collection } = sent
  if (name === 'bulkWrite') return judgeClientBulk(command, tenantId)
  if (collection === 'news') return undefined
  if (!scoped.has(collection)) return `${name} reached ${collection}`
  const isOwn = (filter: unknown): boolean => plain(filter)[field] === tenantId
  const verdict = judgeCommand(name, command, tenantId, isOwn)
  return verdict && `${name} of ${collection}: ${verdict}`
}

function judgeCommand(
  name: string,
  command: Plain,
  tenantId: string,
  isOwn: (filter: unknown) => boolean,
): string | undefined {
  if (command['collation'] !== undefined) return 'a collation'
  switch (name) {
    case 'find':
      return isOwn(command['filter']) ? undefined : 'no tenant in the filter'
    case 'count':
    case 'distinct':
      return isOwn(command['query']) ? undefined : 'no tenant in the query'
    case 'aggregate':
      return judgePipeline(command['pipeline'], tenantId, true)
    case 'insert':
      return list(command['documents']).every(isOwn) ? undefined : 'a document without the tenant'
    case 'update':
      for (const update of list(command['updates'])) {
        if (!isOwn(plain(update)['q'])) return 'an update without the tenant'
        const verdict = judgeChange(plain(update)['u'], tenantId)
        if (verdict !== undefined || plain(update)['collation']) return verdict ?? 'a collation'
      }
      return undefined
    case 'delete':
      return list(command['deletes']).every((one) => isOwn(plain(one)['q']))
        ? undefined
        : 'a deletion without the tenant'
    case 'findAndModify':
      if (!isOwn(command['query'])) return 'no tenant in the query'
      return command['remove'] === true ? undefined : judgeChange(command['update'], tenantId)
    default:
      return 'a command that nobody looked at'
  }
}

/** A replacement has the tenant, a pipeline puts it back at its end, and operators leave it alone. */
function judgeChange(change: unknown, tenantId: string): string | undefined {
  if (Array.isArray(change)) {
    const last = plain(plain(change.at(-1))['$set'])[field]
    return plain(last)['$literal'] === tenantId ? undefined : 'a pipeline that may move'
  }
  const entries = Object.entries(plain(change))
  const isUpdate = entries.every(([name]) => name.startsWith('$'))
  if (!isUpdate) return plain(change)[field] === tenantId ? undefined : 'a replacement that moves'
  for (const [operator, changes] of entries) {
    for (const [path, value] of Object.entries(plain(changes))) {
      const ends = operator === '$rename' ? [path, String(value)] : [path]
      if (!ends.some((end) => end === field || end.startsWith(`${field}.`))) continue
      const isSame = operator.startsWith('$set') && value === tenantId
      if (!isSame) return `${operator} of the tenant`
    }
  }
  return undefined
}

function judgePipeline(pipeline: unknown, tenantId: string, isScoped: boolean): string | undefined {
  const stages = list(pipeline).map(plain)
  if (isScoped) {
    const verdict = judgeStart(stages, tenantId)
    if (verdict !== undefined) return verdict
  }
  for (const stage of stages) {
    const verdict = judgeStage(stage, tenantId)
    if (verdict !== undefined) return verdict
  }
  return undefined
}

function judgeStart([first = {}, second = {}]: readonly Plain[], tenantId: string) {
  const isOwn = (filter: unknown): boolean => plain(filter)[field] === tenantId
  if (isOwn(first['$match'])) return undefined
  if ('$changeStream' in first) {
    const all = JSON.stringify(plain(second['$match'])['$and'])
    const now = `{"fullDocument.${field}":"${tenantId}"}`
    const before = `{"fullDocumentBeforeChange.${field}":"${tenantId}"}`
    return all?.startsWith(`[{"$or":[${now},${before}]}`) ? undefined : 'events of everybody'
  }
  if ('$geoNear' in first) {
    const isNear = isOwn(plain(first['$geoNear'])['query']) && isOwn(second['$match'])
    return isNear ? undefined : '$geoNear of everybody'
  }
  const isSearch = '$search' in first || '$vectorSearch' in first
  if (isSearch && isOwn(second['$match'])) return undefined
  return 'a pipeline that does not begin with the tenant'
}

function judgeStage(stage: Plain, tenantId: string): string | undefined {
  const [name = ''] = Object.keys(stage)
  const body = plain(stage[name])
  switch (name) {
    case '$out':
    case '$merge':
      return `${name} of a pipeline`
    case '$facet':
      for (const inner of Object.values(body)) {
        const verdict = judgePipeline(inner, tenantId, false)
        if (verdict !== undefined) return `in $facet: ${verdict}`
      }
      return undefined
    case '$lookup':
    case '$unionWith': {
      const from = body['from'] ?? body['coll'] ?? stage[name]
      if (from === 'news') return undefined
      if (!scoped.has(String(from))) return `${name} into ${String(from)}`
      const verdict = judgePipeline(body['pipeline'], tenantId, true)
      return verdict && `in ${name}: ${verdict}`
    }
    case '$graphLookup':
      return plain(body['restrictSearchWithMatch'])[field] === tenantId
        ? undefined
        : '$graphLookup of everybody'
    default:
      return undefined
  }
}

function judgeClientBulk(command: Plain, tenantId: string): string | undefined {
  for (const operation of list(command['ops']).map(plain)) {
    const subject = operation['document'] ?? operation['filter']
    if (plain(subject)[field] !== tenantId) return 'bulkWrite without the tenant'
    const change = operation['updateMods']
    const verdict = change === undefined ? undefined : judgeChange(change, tenantId)
    if (verdict !== undefined) return `bulkWrite: ${verdict}`
  }
  return undefined
}

function plain(value: unknown): Plain {
  const members = value instanceof Map ? Object.fromEntries(value) : value
  return typeof members === 'object' && members !== null ? { ...members } : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
