/** Aggregations that read the scope only, also where they join other collections. */
import type { Scope } from './declaration.ts'
import { scopeFilter } from './filter.ts'
import { isObject, type Plain, toList, toPlain } from './plain.ts'
import { refuse } from './refuse.ts'
import type { Access } from './registry.ts'
import { refuseServerCode } from './server-code.ts'

/** What may be reached of another collection, which is asked for the current tenant. */
export type AccessTo = (collection: string) => Access

/** Stages that see nothing but what the stage before them hands on. */
const harmless = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$group',
  '$sort',
  '$limit',
  '$skip',
  '$count',
  '$unwind',
  '$replaceRoot',
  '$replaceWith',
  '$sortByCount',
  '$bucket',
  '$bucketAuto',
  '$sample',
  '$redact',
  '$densify',
  '$fill',
  '$setWindowFields',
])

/** Stages that have to be the first: the scope goes into them, and behind them once more. */
const searches = new Set(['$geoNear', '$search', '$vectorSearch'])

/** The stages of a pipeline over a collection with this access. */
export function guardPipeline(pipeline: unknown, access: Access, accessTo: AccessTo): Plain[] {
  const stages = toList(pipeline, 'a pipeline that is no list').map((stage, index) =>
    guardStage(stage, index, access, accessTo),
  )
  return access.kind === 'scoped' ? scopeStages(stages, access.scope) : stages
}

function scopeStages(stages: readonly Plain[], scope: Scope): Plain[] {
  const [first, ...rest] = stages
  const match: Plain = { $match: scopeFilter({}, scope) }
  if (first === undefined) return [match]
  if ('$match' in first) return [{ $match: scopeFilter(first['$match'], scope) }, ...rest]
  return searches.has(nameOf(first)) ? [first, match, ...rest] : [match, first, ...rest]
}

function nameOf(stage: Plain): string {
  return Object.keys(stage)[0] ?? ''
}

function guardStage(entry: unknown, index: number, access: Access, accessTo: AccessTo): Plain {
  const stage = toPlain(entry, 'a stage of the pipeline')
  const names = Object.keys(stage)
  const [name = ''] = names
  if (names.length !== 1) refuse('a stage that is not exactly one')
  const body = stage[name]
  refuseServerCode(body)
  if (harmless.has(name)) return stage
  if (searches.has(name)) return guardSearch(name, body, index, access)
  if (name === '$facet') return { $facet: guardFacet(body, accessTo) }
  if (name === '$lookup') return { $lookup: guardLookup(body, accessTo) }
  if (name === '$unionWith') return { $unionWith: guardUnion(body, accessTo) }
  if (name === '$graphLookup') return { $graphLookup: guardGraph(body, accessTo) }
  return refuse(`${name.startsWith('$') ? name : 'what is no stage'} in a pipeline`)
}

/** Only in the first place: MongoDB would refuse it elsewhere, and so nothing is reached by it. */
function guardSearch(name: string, body: unknown, index: number, access: Access): Plain {
  if (index !== 0) refuse(`${name} behind another stage`)
  const own = toPlain(body, `what ${name} asks for`)
  if (access.kind !== 'scoped') return { [name]: own }
  if (name === '$geoNear') own['query'] = scopeFilter(own['query'], access.scope)
  if (name === '$vectorSearch') own['filter'] = scopeFilter(own['filter'], access.scope)
  return { [name]: own }
}

/** Its pipelines get what the stage before hands on, which is in the scope; none begins anew. */
function guardFacet(body: unknown, accessTo: AccessTo): Plain {
  const handedOn: Access = { kind: 'shared', readOnly: false }
  const guardAll = (stages: unknown) =>
    toList(stages, 'a pipeline that is no list').map((stage, index) =>
      guardStage(stage, index + 1, handedOn, accessTo),
    )
  const own = toPlain(body, 'what $facet asks for')
  return Object.fromEntries(Object.entries(own).map(([name, stages]) => [name, guardAll(stages)]))
}

function guardLookup(body: unknown, accessTo: AccessTo): Plain {
  const own = toPlain(body, 'what $lookup asks for')
  const access = accessTo(readCollection(own['from'], '$lookup'))
  if (own['pipeline'] === undefined && access.kind !== 'scoped') return own
  return { ...own, pipeline: guardPipeline(own['pipeline'] ?? [], access, accessTo) }
}

function guardUnion(body: unknown, accessTo: AccessTo): Plain {
  const own = typeof body === 'string' ? { coll: body } : toPlain(body, 'what $unionWith asks for')
  const access = accessTo(readCollection(own['coll'], '$unionWith'))
  return { ...own, pipeline: guardPipeline(own['pipeline'] ?? [], access, accessTo) }
}

function guardGraph(body: unknown, accessTo: AccessTo): Plain {
  const own = toPlain(body, 'what $graphLookup asks for')
  const access = accessTo(readCollection(own['from'], '$graphLookup'))
  if (access.kind !== 'scoped') return own
  const restriction = scopeFilter(own['restrictSearchWithMatch'], access.scope)
  return { ...own, restrictSearchWithMatch: restriction }
}

function readCollection(from: unknown, stage: string): string {
  if (typeof from === 'string' && from !== '') return from
  return refuse(isObject(from) ? `${stage} into another database` : `${stage} without a collection`)
}
