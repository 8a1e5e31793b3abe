/** `tenantry jwks serve`: a JWKS endpoint on this machine, well or unwell. */
import { type Command, defineCommand } from '../command-line/command.ts'
import type { Answer } from '../output/answer.ts'

export const jwksServe: Command = defineCommand({
  name: 'jwks serve',
  summary: 'Serve a JWK Set on this machine, until Ctrl-C',
  usage: ['[--key FILE...] [FLAGS]'],
  examples: [
    'tenantry jwks serve',
    'tenantry jwks serve --port 4000 --latency 2s --fail-rate 0.25',
    'tenantry jwks serve --key old.json --key new.json --rotate-every 1m',
  ],
  options: {
    key: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      summary: 'JWK, JWK Set or PEM, - for a pipe; .tenantry/dev-key.json when not given',
    },
    port: { type: 'string', value: 'PORT', summary: 'The port; a free one when not given, or 0' },
    host: {
      type: 'string',
      value: 'HOST',
      summary: 'An address of this machine only; 127.0.0.1 when not given',
    },
    issuer: {
      type: 'string',
      value: 'ISSUER',
      summary: 'The issuer in the discovery document; auto, its own address, when not given',
    },
    latency: { type: 'string', value: 'DUR', summary: 'Answer this much later' },
    'fail-rate': {
      type: 'string',
      value: 'RATE',
      summary: 'Answer this share of requests with 503: 0.25 is every fourth',
    },
    'rotate-every': {
      type: 'string',
      value: 'DUR',
      summary: 'Publish one key at a time, and the next one after this time',
    },
  },
  async run(invocation): Promise<Answer> {
    const { runServe } = await import('../jwks/run-serve.ts')
    return await runServe(invocation)
  },
})
