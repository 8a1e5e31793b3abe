/** Every benchmark, in the order in which they run. A new one is one entry. */
import type { Bench } from '../bench.ts'
import { startUp } from './start-up.ts'

export const benches: readonly Bench[] = [startUp]
