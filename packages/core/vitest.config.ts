import { defineProject, mergeConfig } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

/** What is in `test/web` is about the other engine: see `vitest.web.config.ts`. */
export default mergeConfig(
  defineProject(sources),
  defineProject({ test: { exclude: ['test/web/**'] } }),
)
