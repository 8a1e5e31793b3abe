/** Every benchmark, in the order in which they run. A new one is one entry. */
import type { Bench } from '../bench.ts'
import { cached } from './cached.ts'
import { decide } from './decide.ts'
import { find } from './find.ts'
import { flood } from './flood.ts'
import { grow } from './grow.ts'
import { lease } from './lease.ts'
import { memoryGrowth, memoryPerToken } from './memory.ts'
import { refuse } from './refuse.ts'
import { express, fastify } from './servers.ts'
import { startUp } from './start-up.ts'
import { tenants, tenantsGrowth } from './tenants.ts'
import { transaction } from './transaction.ts'
import { verifyEdDsa, verifyEs256, verifyRs256 } from './verify.ts'

export const benches: readonly Bench[] = [
  verifyRs256,
  verifyEs256,
  verifyEdDsa,
  cached,
  refuse,
  decide,
  grow,
  express,
  fastify,
  flood,
  memoryPerToken,
  memoryGrowth,
  find,
  transaction,
  lease,
  tenants,
  tenantsGrowth,
  startUp,
]
