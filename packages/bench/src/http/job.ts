/** What the processes of the HTTP benches are asked. */
import type { GarbageKind } from '../tokens/garbage.ts'

export type Framework = 'express' | 'fastify'

/** A server with one contender in front of the handler. */
export interface ServerJob {
  readonly framework: Framework
  readonly contender: string
  /** The path of the material. */
  readonly material: string
}

/** What a server answers when it is ready. */
export interface ServerReady {
  readonly port: number
}

/** What is sent by a group of connections: one token each, another one each time, or garbage. */
export type Kind = 'same' | 'new' | 'garbage'

export interface Group {
  readonly connections: number
  readonly kind: Kind
}

/** One sample: groups of connections that send one request after the other, side by side. */
export interface LoadQuestion {
  readonly port: number
  readonly milliseconds: number
  readonly groups: readonly Group[]
}

export interface LoadAnswer {
  /** Milliseconds from the first request to the last answer. */
  readonly time: number
  readonly groups: readonly {
    readonly requests: number
    /** The milliseconds within which 99 of 100 requests were answered. */
    readonly p99: number
  }[]
}

export const garbageKinds: readonly GarbageKind[] = [
  'not a JWT',
  'wrong alg',
  'unknown kid',
  'oversized',
]

/** How many tokens the contenders with a cache keep, all alike. */
export const cacheSize = 1000

/** More tokens than any cache keeps, sent round and round: none of them is found there. */
export const poolSize = 3000
