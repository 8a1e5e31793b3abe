/** Every verifier has a cache that keeps nothing, whatever its options say. */
import { vi } from 'vitest'

vi.mock('../../src/verify/token-cache.ts', () => ({
  createTokenCache: () => ({ get: () => undefined, set: () => undefined }),
}))
