import { defineConfig, mergeConfig } from 'vitest/config'
import { sources } from './vitest.base.ts'

/**
 * The suites about tokens, keys and guards once more, with verifiers that remember no token and with
 * verifiers that remember one: `npm run test:caches`. What is accepted must not depend on it.
 */
const suites = [
  'packages/core/test/{attacks,deciding,http,keys,properties}/**/*.test.ts',
  'packages/core/test/*.test.ts',
  'packages/conformance/test/*.test.ts',
]

function project(name: string, setup: string) {
  return mergeConfig(sources, {
    test: {
      name,
      include: suites,
      exclude: [
        // What is about the cache itself, and what is about no verifier.
        'packages/core/test/keys/cached-verifications.test.ts',
        'packages/core/test/properties/regular-expressions.test.ts',
      ],
      setupFiles: [setup],
      typecheck: { enabled: false },
    },
  })
}

export default defineConfig({
  test: {
    projects: [
      project('no token remembered', 'packages/core/test/support/cache-off.ts'),
      project('one token remembered', 'packages/core/test/support/cache-of-one.ts'),
    ],
  },
})
