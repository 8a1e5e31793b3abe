/** `tenantry jwks fetch`: what a JWKS endpoint publishes. */
import { type Command, defineCommand } from '../command-line/command.ts'
import type { Answer } from '../output/answer.ts'

export const jwksFetch: Command = defineCommand({
  name: 'jwks fetch',
  summary: 'Fetch a JWK Set as a server would, and print it',
  usage: ['URL'],
  examples: ['tenantry jwks fetch https://auth.example.com/jwks.json > jwks.json'],
  options: {},
  async run(invocation): Promise<Answer> {
    const { runFetch } = await import('../jwks/run-fetch.ts')
    return await runFetch(invocation)
  },
})
