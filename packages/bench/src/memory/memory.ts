/** The program that weighs a cache. */
import { answerParent } from '../child/child.ts'
import { growth } from './growth.ts'
import type { MemoryJob } from './job.ts'
import { bytesPerToken } from './per-token.ts'

await answerParent(async (job: MemoryJob) => ({
  ready: job.what === 'growth' ? growth(job.tokens) : bytesPerToken(job.contender, job.material),
  answer: () => undefined,
}))
