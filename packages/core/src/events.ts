/**
 * What Tenantry tells a monitoring system, through `node:diagnostics_channel`. Nothing is built
 * when nobody listens, and a runtime without the module has channels that nobody can listen to.
 *
 * No event carries a token or a key.
 */
import type { ErrorCode } from './errors.ts'

/** Published on `tenantry:decision` by every `can`, `explain`, `assertCan`, `hasRole` and `asSystem`. */
export interface DecisionEvent {
  readonly allowed: boolean
  /** `granted`, or the code that a refusal carries. */
  readonly code: 'granted' | ErrorCode
  readonly tenantId: string
  readonly requirement: unknown
  readonly userId: string | number | undefined
  readonly sessionId: string | undefined
  /** Only for `asSystem`: its reason. The tenant is then empty: it is work across all of them. */
  readonly system?: string
}

/** Published on `tenantry:verify` by every verification. */
export interface VerifyEvent {
  /** `verified`, or the code of the refusal. */
  readonly code: 'verified' | ErrorCode
  /** Whether the answer came out of the verified-token cache. */
  readonly cached: boolean
  readonly userId: string | number | undefined
  readonly sessionId: string | undefined
}

/** Published on `tenantry:jwks` when the keys of a JWKS URL change hands. */
export interface JwksEvent {
  /**
   * `refreshed`: the endpoint answered with a usable set. `failed`: it did not. `stale`: keys of an
   * earlier answer are used because the endpoint is down. `key_skipped`: one key was unusable.
   */
  readonly event: 'refreshed' | 'failed' | 'stale' | 'key_skipped'
  readonly url: string
  /** Grows by one whenever the set of keys changes. */
  readonly generation: number
  /** Why, for `failed` and `key_skipped`. */
  readonly reason?: string
}

interface Channel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

const silent: Channel = { hasSubscribers: false, publish() {} }

const diagnostics = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')

function open(name: string): Channel {
  return diagnostics?.channel(name) ?? silent
}

export const decisionChannel: Channel = open('tenantry:decision')
export const verifyChannel: Channel = open('tenantry:verify')
export const jwksChannel: Channel = open('tenantry:jwks')
