import { defineConfig } from 'tsup'
import { library } from '../../tsup.base.ts'

export default defineConfig({
  ...library,
  entry: {
    index: 'src/index.ts',
    'crypto/node': 'src/crypto/node.ts',
    'crypto/web': 'src/crypto/web.ts',
  },
  dts: { ...(library.dts as object), entry: { index: 'src/index.ts' } },
  // Resolved where the package runs, by the `imports` map of package.json.
  external: ['#engine'],
})
