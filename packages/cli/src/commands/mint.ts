/** `tenantry mint`: a token signed with a key of one's own, for development and tests. */
import { type Algorithm, algorithmNames } from '@tenantry/core'
import { type Command, defineCommand } from '../command-line/command.ts'
import { timeOptions } from '../input/instant.ts'
import type { Answer } from '../output/answer.ts'

export const mint: Command = defineCommand({
  name: 'mint',
  summary: 'Sign a token with a key of your own, to develop and test with',
  usage: ['--tenant ID=ROLE,ROLE... [FLAGS]', '--tenant ID --role ROLE... [FLAGS]'],
  examples: [
    'tenantry mint --tenant acme=admin,member --tenant globex=member',
    'tenantry mint --tenant acme --role "editor, senior" --exp 2h --key key.pem',
    'tenantry mint --tenant acme=admin --expired --out old.jwt',
  ],
  advice: {
    exp: 'Write --exp 15m.',
    roles: 'Write --tenant ID=ROLE,ROLE.',
    secret: 'A secret is read from a file: --key FILE with a JWK of type oct.',
  },
  options: {
    tenant: {
      type: 'string',
      value: 'ID=ROLES',
      multiple: true,
      summary: 'A tenant and its roles, with commas between them',
    },
    role: {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      summary: 'One more role in the tenant before it; may hold commas',
    },
    'user-id': { type: 'string', value: 'ID', summary: 'The userId claim; 1 when not given' },
    sub: { type: 'string', value: 'SUBJECT', summary: 'The sub claim, instead of a userId' },
    workspace: {
      type: 'string',
      value: 'ID',
      summary: 'The tenantId claim, the issuing workspace; demo1234 when not given',
    },
    mode: {
      type: 'string',
      value: 'MODE',
      choices: ['live', 'test'],
      summary: 'The mode claim; test when not given',
    },
    iss: { type: 'string', value: 'ISSUER', summary: 'The iss claim' },
    'foreign-issuer': {
      type: 'boolean',
      summary: 'Allow an iss that is neither on this machine nor below .test',
    },
    aud: { type: 'string', value: 'AUDIENCE', multiple: true, summary: 'The aud claim' },
    exp: { type: 'string', value: 'DUR', summary: 'How long it counts; 15m when not given' },
    nbf: { type: 'string', value: 'DUR', summary: 'After how long it begins to count' },
    claims: {
      type: 'string',
      value: 'FILE',
      summary: 'More claims, a JSON object in a file or in a pipe (-); null leaves one out',
    },
    key: {
      type: 'string',
      value: 'FILE',
      summary: 'The private key: JWK or PEM, - for a pipe; .tenantry/dev-key.json when not given',
    },
    alg: {
      type: 'string',
      value: 'ALG',
      // It is this type already, but a declaration does not look into other files.
      choices: algorithmNames as readonly Algorithm[],
      summary: 'The algorithm, for a key that names none',
    },
    out: { type: 'string', value: 'FILE', summary: 'Write it to a file instead' },
    force: { type: 'boolean', summary: 'Replace the file that is there' },
    expired: { type: 'boolean', summary: 'One that expired an hour ago' },
    tampered: { type: 'boolean', summary: 'One whose claims were changed after it was signed' },
    ...timeOptions,
  },
  async run(invocation): Promise<Answer> {
    const { runMint } = await import('../minting/run-mint.ts')
    return await runMint(invocation)
  },
})
