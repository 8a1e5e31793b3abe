/** Puts claims together, signs them, and hands over the token. */

import { type Algorithm, algorithmNames } from '@tenantry/core'
import { clip, formatDistance, formatInstant, quote, readTimeClaim } from '@tenantry/report'
import type { GivenFlag, Surroundings } from '../command-line/command.ts'
import { type CliFailure, undecided, usageFailure } from '../failure.ts'
import { writePrivateFile } from '../files/write-private-file.ts'
import { readDuration } from '../input/duration.ts'
import { readInstant } from '../input/instant.ts'
import { readCapped, readFileCapped } from '../input/read-capped.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import { readSigningKey } from '../signing/read-key.ts'
import { DEV_PREFIX, type SigningKey } from '../signing/signing-key.ts'
import { type Claims, makeClaims } from './claims.ts'
import { type Grants, readGrants } from './grants.ts'
import { refuseForeignIssuer } from './issuer.ts'

interface MintInvocation {
  readonly values: MintValues
  readonly given: readonly GivenFlag[]
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

interface MintValues {
  readonly 'user-id': string | undefined
  readonly sub: string | undefined
  readonly workspace: string | undefined
  readonly mode: string | undefined
  readonly iss: string | undefined
  readonly 'foreign-issuer': boolean
  readonly aud: readonly string[]
  readonly exp: string | undefined
  readonly nbf: string | undefined
  readonly claims: string | undefined
  readonly key: string | undefined
  readonly alg: string | undefined
  readonly out: string | undefined
  readonly force: boolean
  readonly expired: boolean
  readonly tampered: boolean
  readonly at: string | undefined
}

/** @throws {CliFailure} `usage_invalid`, and what a key, a file or claims may fail with */
export async function runMint(invocation: MintInvocation): Promise<Answer> {
  const { values, given, positionals, surroundings } = invocation
  refuseContradictions(values, positionals)
  if (surroundings.isQuiet && values.out === undefined) {
    throw usageFailure('--quiet goes with --out FILE: the token would be lost.')
  }
  const clock = values.at === undefined ? surroundings.now() : readInstant('--at', values.at)
  // Claims have whole seconds, and so has the time that the words count from.
  const now = new Date(Math.floor(clock.getTime() / 1000) * 1000)
  const grants = readGrants(given)
  const wishes = {
    grants,
    userId: values['user-id'],
    sub: values.sub,
    workspace: values.workspace,
    mode: values.mode,
    iss: values.iss,
    aud: values.aud,
    lifetime: values.exp === undefined ? undefined : readDuration('--exp', values.exp),
    notBefore: values.nbf === undefined ? undefined : readDuration('--nbf', values.nbf),
    isExpired: values.expired,
    more: values.claims === undefined ? undefined : await readMore(values.claims, surroundings),
  }
  const claims = makeClaims(wishes, now)
  if (claims['iss'] !== undefined && !values['foreign-issuer']) refuseForeignIssuer(claims['iss'])
  const wanted: Algorithm | undefined = algorithmNames.find((name) => name === values.alg)
  const key = await readSigningKey(values.key, surroundings, wanted)
  const token = signToken(claims, key, values.tampered)
  if (values.out !== undefined) {
    writePrivateFile(values.out, `${token}\n`, { force: values.force })
  }
  if (values.out === undefined) tell({ claims, grants, key, now }, values, surroundings.note)
  return answer(token, claims, key, values.out)
}

function refuseContradictions(values: MintValues, [argument]: readonly string[]): void {
  if (argument !== undefined) {
    throw usageFailure('mint takes no argument.', 'A tenant is given with --tenant ID=ROLE,ROLE.')
  }
  if (values.force && values.out === undefined) throw usageFailure('--force goes with --out FILE.')
  if (values.claims === '-' && values.key === '-') {
    throw usageFailure('--claims and --key cannot both be read from standard input.')
  }
}

const MAX_CLAIMS_BYTES = 1024 * 1024

async function readMore(path: string, { stdin }: Surroundings): Promise<string> {
  const tooLarge = (): CliFailure => undecided('claims_unusable', 'The claims are too large.')
  const bytes =
    path === '-'
      ? await readCapped(stdin(), MAX_CLAIMS_BYTES, tooLarge)
      : await readFileCapped(path, MAX_CLAIMS_BYTES, tooLarge)
  return bytes.toString('utf8')
}

function headerOf({ algorithm, kid }: SigningKey): Readonly<Record<string, string>> {
  return { alg: algorithm, typ: 'JWT', kid }
}

function signToken(claims: Claims, key: SigningKey, isTampered: boolean): string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = encode(headerOf(key))
  const signature = key.sign(`${header}.${encode(claims)}`).toString('base64url')
  const shown = isTampered ? { ...claims, tampered: true } : claims
  return `${header}.${encode(shown)}.${signature}`
}

interface Minted {
  readonly claims: Claims
  readonly grants: Grants
  readonly key: SigningKey
  readonly now: Date
}

/** Says on the side what the token is: it cannot be read from the token by eye. */
function tell(minted: Minted, { tampered }: MintValues, note: Surroundings['note']): void {
  const { claims, grants, key, now } = minted
  const { sub, userId } = claims
  const who = sub ?? userId
  const whom = typeof who === 'string' ? quote(who, 40) : `user ${String(who ?? 'unknown')}`
  const exp = readTimeClaim(claims['exp'])
  const verb = exp !== undefined && exp <= now ? 'expired' : 'expires'
  const until = exp === undefined ? 'no expiry' : `${verb} ${formatDistance(exp, now)}`
  note(`note: for ${whom}, ${until}, signed with ${key.algorithm}`)
  for (const [tenant, roles] of [...grants].slice(0, 5)) {
    const names = roles.length === 0 ? 'no roles' : roles.map((role) => quote(role)).join(', ')
    note(clip(`note: in ${quote(tenant, 40)} ${names}`, 80))
  }
  if (grants.size > 5) note(`note: and in ${grants.size - 5} more tenants`)
  if (tampered) note('note: its claims were changed after it was signed, as you asked')
  if (!key.kid.startsWith(DEV_PREFIX)) {
    note(`note: the key ${quote(key.kid, 30)} is not named as one for development (dev-)`)
  }
}

function answer(token: string, claims: Claims, key: SigningKey, file: string | undefined): Answer {
  const expiresAt = readTimeClaim(claims['exp'])
  return {
    exitCode: 0,
    ok: true,
    code: 'minted',
    data: {
      ...(file === undefined ? { token } : { file }),
      header: headerOf(key),
      claims,
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    },
    text(style) {
      if (file === undefined) return token
      const mark = style.symbols.yes
      const until = expiresAt === undefined ? 'never' : formatInstant(expiresAt)
      return [
        style.good(hang(mark, `wrote ${quote(file)}, mode 0600`, mark.length + 1)),
        hang('', `kid ${quote(key.kid)}, expires ${until}`, mark.length + 1),
      ].join('\n')
    },
  }
}
