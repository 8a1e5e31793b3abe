import { defineConfig } from 'tsup'
import { library } from '../../tsup.base.ts'

/** What is imported by name. */
const entries = {
  index: 'src/index.ts',
  context: 'src/context/index.ts',
  http: 'src/http/index.ts',
}

export default defineConfig({
  ...library,
  entry: {
    ...entries,
    'crypto/node': 'src/crypto/node.ts',
    'crypto/web': 'src/crypto/web.ts',
  },
  dts: { ...(library.dts as object), entry: entries },
  // Resolved where the package runs, by the `imports` map of package.json.
  external: ['#engine'],
})
