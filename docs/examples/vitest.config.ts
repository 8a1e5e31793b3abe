import { mergeConfig } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

/** The examples that have tests of their own. Prisma has an install of its own: `npm run test:prisma`. */
export default mergeConfig(sources, {
  test: {
    name: 'examples',
    include: ['*/*.test.ts'],
    exclude: ['prisma/**', '**/node_modules/**'],
  },
})
