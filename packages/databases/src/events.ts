/**
 * What a monitoring system is told, through `node:diagnostics_channel`: why a tenant gets 503. A client
 * is never told, and the refusal is written to no log. Nothing is built when nobody listens.
 */
import { channel } from 'node:diagnostics_channel'

/** Published on `tenantry:database` when a database cannot be had. */
export interface DatabaseEvent {
  /**
   * `open_failed`: the driver could not open it, or not in time. `close_failed`: it could not close it.
   * `registry_failed`: the registry did not say where it is.
   */
  readonly event: 'open_failed' | 'close_failed' | 'registry_failed'
  readonly tenantId: string
  /** What the driver or the registry threw, as it was. */
  readonly cause: unknown
}

const databaseChannel = channel('tenantry:database')

export function tell(event: DatabaseEvent['event'], tenantId: string, cause: unknown): void {
  if (!databaseChannel.hasSubscribers) return
  databaseChannel.publish({ event, tenantId, cause } satisfies DatabaseEvent)
}
