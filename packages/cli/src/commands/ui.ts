/** `tenantry ui`: the token inspector, a page that sends nothing, in a browser on this machine. */
import { type Command, defineCommand } from '../command-line/command.ts'
import { tokenOptions, tokenPlaces } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'

export const ui: Command = defineCommand({
  name: 'ui',
  summary: 'Look at a token in a browser page that cannot send it anywhere',
  usage: ['[--jwks URL|FILE] [--no-open] [TOKEN]', '--export FILE'],
  examples: [
    'tenantry ui < token.jwt',
    'tenantry ui --jwks https://auth.example.com/jwks.json --token-file token.jwt',
    'tenantry ui --export inspector.html',
  ],
  token: tokenPlaces,
  options: {
    ...tokenOptions,
    jwks: { type: 'string', value: 'URL|FILE', summary: 'Put these keys into the page as well' },
    port: { type: 'string', value: 'PORT', summary: 'The port; a free one when not given, or 0' },
    'no-open': { type: 'boolean', summary: 'Open no browser' },
    export: {
      type: 'string',
      value: 'FILE',
      summary: 'Write the page to a file, and serve nothing',
    },
    force: { type: 'boolean', summary: 'With --export: replace the file that is there' },
  },
  async run(invocation): Promise<Answer> {
    const { runUi } = await import('../inspector/run-ui.ts')
    return await runUi(invocation)
  },
})
