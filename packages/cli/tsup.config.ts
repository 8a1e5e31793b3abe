import { defineConfig } from 'tsup'
import { library } from '../../tsup.base.ts'

// A program, not a library: nobody imports it, so there is one format and there are no types.
export default defineConfig({
  ...library,
  entry: { bin: 'src/bin.ts' },
  format: ['esm'],
  dts: false,
  // What is private is part of the program.
  noExternal: ['@tenantry/report'],
})
