/** Every row of the table of vectors, as what is tried. */
import type { Vector } from '../support/vector.ts'
import { aggregates } from './aggregates.ts'
import { boundary } from './boundary.ts'
import { programs } from './contexts.ts'
import { reads } from './reads.ts'
import { writes } from './writes.ts'

export const vectors: readonly Vector[] = [...reads, ...writes, ...aggregates, ...boundary]

export { programs }
