import { defineProject } from 'vitest/config'
import { sources } from '../../vitest.base.ts'

export default defineProject(sources)
