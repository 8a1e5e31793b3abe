/** The program that is a server with one contender. Asked, it says how long it has been at work. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent, timeOf } from '../child/child.ts'
import { readMaterial } from '../tokens/material.ts'
import type { ServerJob, ServerReady } from './job.ts'

await answerParent(async ({ framework, contender, material }: ServerJob) => {
  const server = await serverOf(framework, contender, material)
  const ready: ServerReady = { port: await listen(server) }
  return { ready, answer: () => timeOf('processor') }
})

async function serverOf(
  framework: ServerJob['framework'],
  contender: string,
  path: string,
): Promise<Server> {
  const material = readMaterial(path)
  if (framework === 'express') {
    const { expressApp } = await import('./express.ts')
    return createServer(await expressApp(contender, material))
  }
  const { fastifyApp } = await import('./fastify.ts')
  const app = await fastifyApp(contender, material)
  await app.ready()
  return app.server
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      // A TCP server: an address with a port.
      const { port } = server.address() as AddressInfo
      resolve(port)
    })
  })
}
