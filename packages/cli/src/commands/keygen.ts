/** `tenantry keygen`: a key to sign tokens with while developing. */
import { type Algorithm, algorithmNames } from '@tenantry/core'
import { type Command, defineCommand } from '../command-line/command.ts'
import type { Answer } from '../output/answer.ts'

export const keygen: Command = defineCommand({
  name: 'keygen',
  summary: 'Make a key that signs tokens while developing',
  usage: ['[--alg ALG] [--out FILE]', '--stdout', '--public'],
  examples: [
    'tenantry keygen',
    'tenantry keygen --alg RS256 --out keys/first.json',
    'tenantry keygen --public > jwks.json',
  ],
  options: {
    alg: {
      type: 'string',
      value: 'ALG',
      // It is this type already, but a declaration does not look into other files.
      choices: algorithmNames as readonly Algorithm[],
      summary: 'What the key signs with; ES256 when not given',
    },
    kid: {
      type: 'string',
      value: 'NAME',
      summary: 'Its name, which begins with dev-; when not given, made of its thumbprint',
    },
    out: {
      type: 'string',
      value: 'FILE',
      summary: 'Where to write it; .tenantry/dev-key.json when not given',
    },
    force: { type: 'boolean', summary: 'Replace the file that is there' },
    public: { type: 'boolean', summary: 'Print the public half as well, as a JWK Set' },
    stdout: { type: 'boolean', summary: 'Print the private key, and write no file' },
  },
  async run(invocation): Promise<Answer> {
    const { runKeygen } = await import('../signing/keygen.ts')
    return runKeygen(invocation)
  },
})
