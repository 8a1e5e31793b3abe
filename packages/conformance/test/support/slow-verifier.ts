/** A verifier that waits until it is told to go on. */
import { EventEmitter, once } from 'node:events'
import type { Verifier } from '@tenantry/core'

export interface SlowVerifier extends Verifier {
  /** A verification has begun. */
  readonly begun: Promise<unknown>
  /** Lets those that wait go on, and all that come later. */
  release(): void
}

export function createSlowVerifier(verifier: Verifier): SlowVerifier {
  const events = new EventEmitter()
  const begun = once(events, 'begun')
  const released = once(events, 'released')
  return {
    ...verifier,
    begun,
    release: () => void events.emit('released'),
    async verify(jwt) {
      events.emit('begun')
      await released
      return await verifier.verify(jwt)
    },
  }
}
