/** What a process of its own is asked to do, over and over. */
import type { Pace } from '../bench.ts'

export type OperationSet =
  | 'verify'
  | 'cached'
  | 'refuse'
  | 'decide'
  | 'grow'
  | 'find'
  | 'transaction'
  | 'lease'

export interface OperationJob {
  readonly set: OperationSet
  /** The one of the set. */
  readonly operation: string
  /** The path of the tokens, or the URL of the database. */
  readonly material: string
  /** Milliseconds before anything is measured. */
  readonly warmUpTime: number
  /** Milliseconds of one sample. */
  readonly sampleTime: number
  readonly clock: Pace['clock']
}
