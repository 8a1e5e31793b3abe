/** Every verifier has a cache of one token, and those that were to have none, too. */
import { vi } from 'vitest'

vi.mock('../../src/verify/token-cache.ts', async (load) => {
  const { createTokenCache } = await load<typeof import('../../src/verify/token-cache.ts')>()
  return { createTokenCache: () => createTokenCache(1) }
})
