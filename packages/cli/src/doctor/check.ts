/** The checks of `doctor`. An id never changes its meaning; a check that is gone keeps its id. */

/** The groups, in the order in which they are shown. */
export const groups = ['Config', 'Endpoint', 'Keys', 'Token', 'Clock', 'Runtime'] as const

export type Group = (typeof groups)[number]

/** One thing that is looked at. */
export interface Check {
  readonly group: Group
  readonly title: string
  /** Whether it is about what an endpoint answers. */
  readonly isRemote: boolean
}

export type CheckId =
  | 'D01'
  | 'D02'
  | 'D03'
  | 'D04'
  | 'D05'
  | 'D10'
  | 'D11'
  | 'D12'
  | 'D13'
  | 'D14'
  | 'D15'
  | 'D20'
  | 'D21'
  | 'D22'
  | 'D23'
  | 'D24'
  | 'D25'
  | 'D30'
  | 'D31'
  | 'D32'
  | 'D33'
  | 'D34'
  | 'D35'
  | 'D36'
  | 'D37'
  | 'D38'
  | 'D39'
  | 'D41'
  | 'D40'
  | 'D50'
  | 'D51'

const local = (group: Group, title: string): Check => ({ group, title, isRemote: false })
const remote = (group: Group, title: string): Check => ({ group, title, isRemote: true })

const table: Readonly<Record<CheckId, Check>> = {
  D01: local('Config', 'issuer'),
  D02: remote('Config', 'issuer as published'),
  D03: remote('Config', 'address of the keys'),
  D04: local('Config', 'audience'),
  D05: local('Config', 'one value for each'),
  D10: remote('Endpoint', 'reachable'),
  D11: remote('Endpoint', 'not redirected'),
  D12: remote('Endpoint', 'cache lifetime'),
  D13: remote('Endpoint', 'type of the answer'),
  D14: remote('Endpoint', 'JWK Set'),
  D15: remote('Endpoint', 'latency'),
  D20: remote('Keys', 'unique ids'),
  D21: remote('Keys', 'no private half'),
  D22: remote('Keys', 'no secret'),
  D23: remote('Keys', 'strength'),
  D24: remote('Keys', 'kid and alg are there'),
  D25: remote('Keys', 'usable'),
  D30: remote('Token', 'key is published'),
  D31: remote('Token', 'issuer'),
  D32: local('Token', 'grants'),
  D33: local('Token', 'size'),
  D34: local('Token', 'form'),
  D35: local('Token', 'algorithm'),
  D36: local('Token', 'times'),
  D37: local('Token', 'lifetime'),
  D38: local('Token', 'audience'),
  D39: remote('Token', 'signature'),
  D41: remote('Token', 'accepted'),
  D40: remote('Clock', 'skew'),
  D50: local('Runtime', 'version of Node'),
  D51: local('Runtime', 'one copy of core'),
}

/** Every check by its id, in the order in which they are shown. */
export const checks: ReadonlyMap<CheckId, Check> = new Map(
  // The keys of this very table.
  Object.entries(table) as [CheckId, Check][],
)

export const checkIds: readonly CheckId[] = [...checks.keys()]

/** `none`: it was not looked at, because nobody asked or something before it failed. */
export type State = 'ok' | 'warn' | 'fail' | 'none'

/** What came of one check. The texts are safe to print. */
export interface Finding {
  readonly id: CheckId
  readonly state: State
  readonly detail: string
  /** What to do about it. */
  readonly fix?: string
}

export function ok(id: CheckId, detail: string): Finding {
  return { id, state: 'ok', detail }
}

export function warn(id: CheckId, detail: string, fix: string): Finding {
  return { id, state: 'warn', detail, fix }
}

export function fail(id: CheckId, detail: string, fix: string): Finding {
  return { id, state: 'fail', detail, fix }
}

/** What is said of a check that something before it kept from being made. */
export const NOT_REACHED = 'not reached'

export function none(id: CheckId, detail: string = NOT_REACHED): Finding {
  return { id, state: 'none', detail }
}
