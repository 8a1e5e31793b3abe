import { defineProject, mergeConfig } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

/** The real program is started many times in one test, which takes a while on a busy machine. */
export default mergeConfig(sources, defineProject({ test: { testTimeout: 120_000 } }))
