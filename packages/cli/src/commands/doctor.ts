/** `tenantry doctor`: whether a JWKS endpoint, a configuration and a token go together. */
import { type Algorithm, algorithmNames } from '@tenantry/core'
import { type Command, defineCommand } from '../command-line/command.ts'
import type { Answer } from '../output/answer.ts'

export const doctor: Command = defineCommand({
  name: 'doctor',
  summary: 'Check a JWKS endpoint, the settings and a token, one by one',
  usage: ['URL [FLAGS]', '--workspace ID --mode MODE [FLAGS]'],
  examples: [
    'tenantry doctor https://auth.example.com',
    'tenantry doctor https://auth.example.com/jwks.json --token-file token.jwt',
    'tenantry doctor --workspace demo1234 --mode live --strict --json',
  ],
  variables:
    'TENANTRY_JWKS, TENANTRY_ISSUER, TENANTRY_AUDIENCE and TENANTRY_TOKEN, where no flag says it',
  options: {
    issuer: { type: 'string', value: 'ISSUER', summary: 'The issuer that your app expects' },
    audience: {
      type: 'string',
      value: 'AUDIENCE',
      multiple: true,
      summary: 'The audience that your app expects',
    },
    workspace: {
      type: 'string',
      value: 'ID',
      summary: "With --mode: Userfront's keys of this workspace",
    },
    mode: {
      type: 'string',
      value: 'MODE',
      choices: ['live', 'test'],
      summary: 'With --workspace: its live or its test keys',
    },
    alg: {
      type: 'string',
      value: 'ALG',
      multiple: true,
      // It is this type already, but a declaration does not look into other files.
      choices: algorithmNames as readonly Algorithm[],
      summary: 'An algorithm that your app accepts; any when not given',
    },
    'token-file': { type: 'string', value: 'FILE', summary: 'Check this token too, - for a pipe' },
    only: {
      type: 'string',
      value: 'ID',
      multiple: true,
      summary: 'Only this check, such as D21',
    },
    strict: { type: 'boolean', summary: 'Exit with 1 for warnings as well' },
  },
  async run(invocation): Promise<Answer> {
    const { runDoctor } = await import('../doctor/run-doctor.ts')
    return await runDoctor(invocation)
  },
})
