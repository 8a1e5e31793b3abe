/** Change streams that tell of documents in the scope only. */
import type { Scope } from './declaration.ts'
import { type Plain, toList, toPlain } from './plain.ts'
import { refuse } from './refuse.ts'
import { refuseServerCode } from './server-code.ts'

const allowed = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
])

/**
 * The document of an event must be in the scope, as it is and as it was, where the event has it. An
 * event that has neither is of nobody: a deletion without pre-images is not told.
 */
export function guardChanges(pipeline: unknown, scope: Scope | undefined): Plain[] {
  const stages = toList(pipeline, 'a pipeline that is no list').map((entry) => {
    const stage = toPlain(entry, 'a stage of the pipeline')
    const [name = '', ...others] = Object.keys(stage)
    if (others.length > 0 || !allowed.has(name)) refuse(`${name} in a change stream`)
    refuseServerCode(stage[name])
    return stage
  })
  if (scope === undefined) return stages
  const now = within('fullDocument', scope)
  const before = within('fullDocumentBeforeChange', scope)
  const both = [
    { $or: [now, before] },
    { $or: [now, { fullDocument: null }] },
    { $or: [before, { fullDocumentBeforeChange: null }] },
  ]
  return [{ $match: { $and: both } }, ...stages]
}

function within(member: string, scope: Scope): Plain {
  return Object.fromEntries(scope.entries.map(([name, value]) => [`${member}.${name}`, value]))
}

/** Without the whole document an update has nothing that says whose it is. */
export function guardChangeOptions(options: Plain): Plain {
  const asked = options['fullDocument']
  const isWhole = asked === 'required' || asked === 'whenAvailable' || asked === 'updateLookup'
  return isWhole ? options : { ...options, fullDocument: 'updateLookup' }
}
