/** `tenantry diff`: what is different between two tokens. */
import { compareTokens } from '@tenantry/report'
import { type Command, defineCommand, type Surroundings } from '../command-line/command.ts'
import { diffDocument } from '../comparison/diff-document.ts'
import { diffText } from '../comparison/diff-text.ts'
import { readTwoInputs, secondMissing } from '../comparison/two-tokens.ts'
import { decodeOrFail } from '../input/decode-or-fail.ts'
import { readToken, TOKEN_VARIABLE, type TokenInput } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'

export const diff: Command = defineCommand({
  name: 'diff',
  summary: 'Show what is different between two tokens',
  usage: ['FIRST SECOND', 'FIRST < SECOND'],
  examples: ['tenantry diff before.jwt after.jwt', 'tenantry diff before.jwt - < after.jwt'],
  token: 'each an argument, a file or "-"; the second also a pipe or TENANTRY_TOKEN',
  options: {
    'token-file': {
      type: 'string',
      value: 'FILE',
      multiple: true,
      summary: 'Read a token from a file',
    },
  },
  async run({ values, positionals, surroundings }): Promise<Answer> {
    const [first, second] = readTwoInputs(positionals, values['token-file'])
    const notes = new Set<string>()
    const once = {
      ...surroundings,
      // What is true of both tokens is said once.
      note(text: string) {
        if (!notes.has(text)) surroundings.note(text)
        notes.add(text)
      },
    }
    const before = await readToken(first, once)
    const after = await readSecond(second, once)
    const changes = compareTokens(
      decodeOrFail(before, 'The first token'),
      decodeOrFail(after, 'The second token'),
    )
    const signature = before.slice(before.lastIndexOf('.')) === after.slice(after.lastIndexOf('.'))
    const comparison = { changes, isSameToken: before === after, isSameSignature: signature }
    surroundings.note('note: signatures not checked (diff never does)')
    return {
      exitCode: comparison.isSameToken ? 0 : 1,
      ok: true,
      code: comparison.isSameToken ? 'same' : 'different',
      data: diffDocument(comparison),
      text: (style) => diffText(comparison, style),
    }
  },
})

/** @throws {CliFailure} `usage_invalid` that says where the second token was looked for */
async function readSecond(input: TokenInput, surroundings: Surroundings): Promise<string> {
  if (input.argument !== undefined || input.file !== undefined) {
    return await readToken(input, surroundings)
  }
  const isSet = (surroundings.env[TOKEN_VARIABLE] ?? '').trim() !== ''
  if (!isSet && surroundings.pipedInput() === undefined) throw secondMissing()
  return await readToken(input, surroundings)
}
