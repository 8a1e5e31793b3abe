import { fileURLToPath } from 'node:url'
import { defineProject } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

/** The suites that hold for every engine, run once more on the engine for WebCrypto. */
export default defineProject({
  ...sources,
  resolve: {
    ...sources.resolve,
    alias: { '#engine': fileURLToPath(new URL('src/crypto/web.ts', import.meta.url)) },
  },
  test: {
    name: '@tenantry/core on WebCrypto',
    testTimeout: 30_000,
    include: ['test/vectors/*.test.ts', 'test/engine.test.ts', 'test/web/*.test.ts'],
    // Raw messages have no JOSE header, which the engine for WebCrypto needs to see.
    exclude: ['test/vectors/primitives.test.ts'],
  },
})
