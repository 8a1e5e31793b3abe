/** Updates that leave the scope of a document alone. */
import type { Scope } from './declaration.ts'
import { isObject, type Plain, toPlain } from './plain.ts'
import { refuse, refuseMismatch } from './refuse.ts'
import { isSameValue } from './scope-value.ts'
import { refuseServerCode } from './server-code.ts'

/** What MongoDB has; what it gets next year is refused until it is known. */
const operators = new Set([
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$currentDate',
  '$bit',
  '$push',
  '$addToSet',
  '$pull',
  '$pullAll',
  '$pop',
])

const pipelineStages = new Set([
  '$set',
  '$addFields',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
])

/** Equal, above or below: `a` and `a.b` overlap, `a` and `ab` do not. */
function overlaps(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`)
}

export function guardUpdate(update: unknown, scope: Scope): Plain | Plain[] {
  if (Array.isArray(update)) return guardPipelineUpdate(update, scope)
  const own = toPlain(update, 'the update')
  for (const [operator, changes] of Object.entries(own)) {
    if (!operators.has(operator)) refuse(`${operator} in an update`)
    own[operator] = guardOperator(operator, toPlain(changes, `what ${operator} changes`), scope)
  }
  return own
}

function guardOperator(operator: string, changes: Plain, scope: Scope): Plain {
  for (const [path, change] of Object.entries(changes)) {
    for (const [name, value] of scope.entries) {
      if (operator === '$rename' && typeof change === 'string' && overlaps(change, name)) {
        refuseMismatch()
      }
      if (!overlaps(path, name)) continue
      const isSet = operator === '$set' || operator === '$setOnInsert'
      if (!isSet || path !== name || !isSameValue(change, value)) refuseMismatch()
      // What looks the same may be written as something else.
      changes[path] = value
    }
  }
  return changes
}

/** Whatever the stages do, the last one puts the scope back. What names it openly is refused. */
function guardPipelineUpdate(stages: readonly unknown[], scope: Scope): Plain[] {
  const guarded = Array.from(stages).map((entry) => {
    const stage = toPlain(entry, 'a stage of the update')
    const [name = '', ...others] = Object.keys(stage)
    if (others.length > 0 || !pipelineStages.has(name)) refuse(`${name} in an update`)
    refuseServerCode(stage[name])
    for (const path of pathsOf(name, stage[name])) {
      if (scope.entries.some(([field]) => overlaps(path, field))) refuseMismatch()
    }
    return stage
  })
  const values = scope.entries.map(([name, value]) => [name, { $literal: value }] as const)
  return [...guarded, { $set: Object.fromEntries(values) }]
}

/** What a stage changes by name. `$project` and the replacements change everything else as well. */
function pathsOf(stage: string, body: unknown): string[] {
  if (stage === '$unset') return [body].flat().filter((path) => typeof path === 'string')
  const isSet = stage === '$set' || stage === '$addFields'
  return isSet && isObject(body) ? Object.keys(body) : []
}
