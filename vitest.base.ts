import type { UserWorkspaceConfig } from 'vitest/config'

/** Every package's tests run on the sources of all packages, so that nothing has to be built first. */
export const sources: UserWorkspaceConfig = {
  resolve: { conditions: ['@tenantry/source'] },
  ssr: { resolve: { conditions: ['@tenantry/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Keys are made and processes started: on a busy machine that takes a while.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'] },
  },
}
