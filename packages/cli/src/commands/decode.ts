/** `tenantry decode`: what a token says, believed or not. */
import type { DecodedToken } from '@tenantry/core'
import { printableJson } from '@tenantry/report'
import { type Command, defineCommand } from '../command-line/command.ts'
import { usageFailure } from '../failure.ts'
import { decodeOrFail } from '../input/decode-or-fail.ts'
import { readToken, tokenOptions, tokenPlaces } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'

export const decode: Command = defineCommand({
  name: 'decode',
  summary: 'Show what a token says, without checking it',
  usage: ['[TOKEN]', '--part header|payload|signature [TOKEN]'],
  examples: [
    'tenantry decode < token.jwt',
    'tenantry decode --part payload --token-file token.jwt',
  ],
  token: tokenPlaces,
  options: {
    ...tokenOptions,
    part: {
      type: 'string',
      value: 'PART',
      choices: ['header', 'payload', 'signature'],
      summary: 'Print only this: header, payload or signature',
    },
  },
  async run({ values, positionals, surroundings }): Promise<Answer> {
    if (positionals.length > 1) throw usageFailure('decode takes one token.')
    const source = { argument: positionals[0], file: values['token-file'] }
    const jwt = await readToken(source, surroundings)
    const parts = split(jwt, decodeOrFail(jwt))
    surroundings.note('note: signature not checked (decode never does)')
    const chosen = Object.entries(parts).filter(
      ([name]) => values.part === undefined || values.part === name,
    )
    const { signature, ...readable } = parts
    return {
      exitCode: 0,
      ok: true,
      code: 'decoded',
      data: { verified: false, ...Object.fromEntries(chosen) },
      text(style) {
        if (values.part === 'signature') return signature
        const [[, only] = []] = values.part === undefined ? [] : chosen
        return printableJson(only ?? readable, !style.isUnicode)
      },
    }
  },
})

interface Parts {
  readonly header: DecodedToken['header']
  readonly payload: DecodedToken['claims']
  readonly signature: string
}

function split(jwt: string, { header, claims }: DecodedToken): Parts {
  // Core let it through: there are three parts, in the base64url alphabet.
  return { header, payload: claims, signature: jwt.slice(jwt.lastIndexOf('.') + 1) }
}
