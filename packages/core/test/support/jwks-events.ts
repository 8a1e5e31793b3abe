/** What was published on `tenantry:jwks` while it was watched. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { onTestFinished } from 'vitest'
import type { JwksEvent } from '../../src/index.ts'

/** Watches until the test is over. The list grows as events come in. */
export function watchJwksEvents(): readonly JwksEvent[] {
  const seen: JwksEvent[] = []
  const listener = (message: unknown): void => {
    seen.push(message as JwksEvent)
  }
  subscribe('tenantry:jwks', listener)
  onTestFinished(() => {
    unsubscribe('tenantry:jwks', listener)
  })
  return seen
}
