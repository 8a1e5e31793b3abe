/** What the program is asked that sends calls to many tenants. */
import { quarters } from '../memory/job.ts'

export interface TenantsJob {
  /** How many there are. */
  readonly tenants: number
}

export type TenantsQuestion =
  /** Milliseconds of load; answers with the 99th percentile of a call. */
  | { readonly load: number }
  /** Calls; answers with the bytes in use after each quarter of them. */
  | { readonly calls: number }

export const max = 50

/** Calls at a time: fewer than `max`, so that nobody has to wait for room. */
export const callers = 32

/**
 * Milliseconds between two calls of one caller, when times are taken: some 600 calls in a second, nearly
 * each of which opens one connection and closes another when there are 1,000 tenants. Without it the
 * processor would be full, and all that is measured is how long a socket takes to open.
 */
export const pauseTime = 50

export { quarters }
