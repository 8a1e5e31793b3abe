/** What a process of its own is asked to find out about memory; it answers and has done. */

export type MemoryJob =
  | {
      readonly what: 'per token'
      readonly contender: MemoryContender
      /** The path of the material. */
      readonly material: string
    }
  | { readonly what: 'growth'; readonly tokens: number }

export type MemoryContender = 'tenantry' | 'tenantry, asked' | 'fast-jwt, cache'

/** The parts in which growth is looked at. */
export const quarters = 4
