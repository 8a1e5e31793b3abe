/** One way in which a row of another tenant could be reached, and what is found when it is tried. */
import { judge } from './wire.ts'
import { secretOfB, type World } from './world.ts'

export interface Vector {
  /** The row of the table of vectors, such as `M4`. */
  readonly row: string
  readonly name: string
  /** What happened before, in another tenant or in none. */
  prepare?(world: World): Promise<unknown>
  /** What a does. Outside of any tenant the same is done again, and nothing may be sent. */
  act(world: World, prepared: unknown): unknown
  /** The codes with which it has to be refused; without it, it has to work. */
  readonly refused?: readonly string[]
  /** What the answer has to be; says what is wrong with it. */
  check?(result: unknown, world: World): unknown
  /** Why the stand-in cannot answer: the command that is sent is judged all the same. */
  readonly wireOnly?: string
  /** What it does outside of any tenant when that is allowed: metadata, at start-up. */
  readonly isAllowedOutside?: boolean
}

/** The context is tried itself: its own faults are returned. */
export interface Program {
  readonly row: string
  readonly name: string
  run(world: World): Promise<readonly string[]>
}

export const outside: readonly string[] = [
  'tenant_context_missing',
  'call_refused',
  'collection_undeclared',
]

/** The faults, in the four parts: result, b's documents, the wire, no context. Empty for none. */
export async function examine(vector: Vector, world: World): Promise<string[]> {
  await world.seed()
  const prepared = await vector.prepare?.(world)
  const before = await world.bytesOf('b')
  const faults: string[] = []
  world.wire.clear()
  const { subject } = world
  const outcome = await settle(() => subject.withTenant('a', () => vector.act(world, prepared)))
  const sent = world.wire.commands()

  faults.push(...judgeOutcome(vector, outcome, world))
  if ((await world.bytesOf('b')) !== before) faults.push('documents of b have changed')
  for (const command of sent) {
    const verdict = judge(command, 'a')
    if (verdict !== undefined) faults.push(`on the wire: ${verdict}`)
  }
  if (vector.refused === undefined && sent.length === 0) faults.push('nothing was sent')
  if (vector.isAllowedOutside !== true) faults.push(...(await examineOutside(vector, world)))
  return faults
}

async function examineOutside(vector: Vector, world: World): Promise<string[]> {
  await world.seed()
  const prepared = await vector.prepare?.(world)
  world.wire.clear()
  const outcome = await settle(() => vector.act(world, prepared))
  const faults = world.wire.commands().map(({ name }) => `without a context: ${name} was sent`)
  if (!('error' in outcome)) faults.push('without a context: accepted')
  else if (!outside.includes(codeOf(outcome.error))) {
    faults.push(`without a context: ${codeOf(outcome.error)}`)
  }
  return faults
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

export async function settle<Result>(
  run: () => Result | PromiseLike<Result>,
): Promise<Outcome<Result>> {
  try {
    return { result: await run() }
  } catch (error) {
    return { error }
  }
}

function judgeOutcome(vector: Vector, outcome: Outcome<unknown>, world: World): string[] {
  if ('error' in outcome) {
    const code = codeOf(outcome.error)
    const text = inspectError(outcome.error)
    if (text.includes(secretOfB)) return ['the error has a value of b']
    if (vector.refused !== undefined) return vector.refused.includes(code) ? [] : [`error ${code}`]
    const isLimit = vector.wireOnly !== undefined && !world.isMongoDB
    return isLimit ? [] : [`error ${code}: ${text}`]
  }
  const { result } = outcome
  if (vector.refused !== undefined) return ['accepted']
  const text = JSON.stringify(result) ?? ''
  const faults: string[] = []
  if (text.includes(secretOfB)) faults.push('the result has a document of b')
  if (text.includes('"organizationId":"b"')) faults.push('the result is of b')
  if (vector.check === undefined || (vector.wireOnly !== undefined && !world.isMongoDB))
    return faults
  const wrong = vector.check(result, world)
  if (wrong === false || typeof wrong === 'string') {
    faults.push(`result ${typeof wrong === 'string' ? wrong : text.slice(0, 200)}`)
  }
  return faults
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : String(Reflect.get(error, 'name'))
}

function inspectError(error: unknown): string {
  const own = typeof error === 'object' && error !== null ? { ...error } : {}
  return `${String(error)} ${JSON.stringify(own)}`
}
