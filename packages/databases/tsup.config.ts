import { defineConfig } from 'tsup'
import { library } from '../../tsup.base.ts'

export default defineConfig({
  ...library,
  entry: {
    index: 'src/index.ts',
    fastify: 'src/fastify/index.ts',
    mongoose: 'src/mongoose/index.ts',
    pg: 'src/pg/index.ts',
    pglite: 'src/pglite/index.ts',
  },
})
