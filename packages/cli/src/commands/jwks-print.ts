/** `tenantry jwks print`: the public half of a key. */
import { type Command, defineCommand } from '../command-line/command.ts'
import type { Answer } from '../output/answer.ts'

export const jwksPrint: Command = defineCommand({
  name: 'jwks print',
  summary: 'Print the public half of keys, as a JWK Set',
  usage: ['[--key FILE...]'],
  examples: ['tenantry jwks print', 'tenantry jwks print --key first.json --key second.pem'],
  options: {
    key: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      summary: 'JWK, JWK Set or PEM, - for a pipe; .tenantry/dev-key.json when not given',
    },
  },
  async run(invocation): Promise<Answer> {
    const { runPrint } = await import('../jwks/run-print.ts')
    return await runPrint(invocation)
  },
})
