import type { Options } from 'tsup'

/** What every published package is built with: ESM and CommonJS, types for both, shared chunks. */
export const library: Options = {
  format: ['esm', 'cjs'],
  target: 'node20',
  // Without it the CommonJS build of a second entry would carry its own copy of every class.
  splitting: true,
  sourcemap: true,
  clean: true,
  // Otherwise the CommonJS build prints errors as `_class5`.
  keepNames: true,
  // tsup 8 injects `baseUrl`, which TypeScript 6 rejects without this flag.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
}
