import { defineProject, mergeConfig } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

/** Most tests start processes, several of them: on a busy machine that takes a while. */
export default mergeConfig(defineProject(sources), defineProject({ test: { testTimeout: 30_000 } }))
