/** The flags that say how a token is verified, shared by every command that verifies. */
import {
  type Algorithm,
  algorithmNames,
  isTenantryError,
  userfront,
  type VerifierOptions,
} from '@tenantry/core'
import type { OptionValues } from '../command-line/command.ts'
import { usageFailure } from '../failure.ts'
import { readDuration } from '../input/duration.ts'
import { type KeyOrigin, keyOptions, readKeys } from './key-options.ts'

/** The flags besides the ones that name keys, in the order in which help shows them. */
export const verificationOptions = {
  workspace: {
    type: 'string',
    value: 'ID',
    summary: "The issuing workspace; with --mode and no keys: Userfront's keys of it",
  },
  mode: {
    type: 'string',
    value: 'MODE',
    choices: ['live', 'test'],
    summary: 'The mode claim must be this: live or test',
  },
  issuer: { type: 'string', value: 'ISSUER', summary: 'The iss claim must be this' },
  audience: {
    type: 'string',
    value: 'AUDIENCE',
    multiple: true,
    summary: 'The aud claim must name this, or one of these',
  },
  alg: {
    type: 'string',
    value: 'ALG',
    multiple: true,
    // It is this type already, but a declaration does not look into other files.
    choices: algorithmNames as readonly Algorithm[],
    summary: 'Accepted algorithm; RS256 when not given, HS256 with --secret-file',
  },
  typ: { type: 'string', value: 'TYPE', summary: 'The typ header must be this, such as at+jwt' },
  'max-age': { type: 'string', value: 'DUR', summary: 'Refuse a token issued longer ago: 15m' },
  'clock-tolerance': {
    type: 'string',
    value: 'DUR',
    summary: 'By how much clocks may differ: 5s when not given, at most 60s',
  },
} as const

/** What was given for them. */
export type VerificationValues = OptionValues<typeof keyOptions & typeof verificationOptions>

/** The flags of the table that were given, as they are typed. */
export function verificationFlagsIn(values: VerificationValues): readonly string[] {
  return Object.keys({ ...keyOptions, ...verificationOptions })
    .filter((name) => [Reflect.get(values, name) ?? []].flat().length > 0)
    .map((name) => `--${name}`)
}

/** The checks on claims, by the name of the flag that asks for each. */
export interface ClaimChecks {
  readonly issuer?: Pick<VerifierOptions, 'issuer'>
  readonly audience?: Pick<VerifierOptions, 'audience'>
  readonly mode?: Pick<VerifierOptions, 'mode'>
  readonly workspace?: Pick<VerifierOptions, 'workspaceId'>
  readonly age?: Pick<VerifierOptions, 'maxTokenAge'>
}

/** How to verify. */
export interface Verification {
  /** Everything but the checks on claims that were asked for. */
  readonly base: VerifierOptions
  readonly checks: ClaimChecks
  /** Whether `--alg` was given. */
  readonly isAlgorithmNamed: boolean
  /** Where the keys are from. */
  readonly origin: KeyOrigin
  /** The JWK Set or JWK of a file. */
  readonly json?: unknown
}

/**
 * Reads the flags. Undefined when they name no keys, so that no signature can be checked.
 *
 * @throws {CliFailure} `usage_invalid`; `file_unreadable` and `option_invalid` for the keys
 */
export async function readVerification(
  values: VerificationValues,
  now: () => Date,
): Promise<Verification | undefined> {
  const settings = readSettings(values, now)
  const { workspace, mode } = values
  const checks: ClaimChecks = {
    ...(values.issuer === undefined ? {} : { issuer: { issuer: values.issuer } }),
    ...(values.audience.length === 0 ? {} : { audience: { audience: values.audience } }),
    ...(mode === undefined ? {} : { mode: { mode: toMode(mode) } }),
    ...(workspace === undefined ? {} : { workspace: { workspaceId: workspace } }),
    ...(values['max-age'] === undefined
      ? {}
      : { age: { maxTokenAge: readDuration('--max-age', values['max-age']) } }),
  }
  const isAlgorithmNamed = values.alg.length > 0
  const given = await readKeys(values)
  if (given !== undefined) {
    const { keys, origin, json } = given
    return { base: { ...settings, keys }, checks, isAlgorithmNamed, origin, json }
  }
  if (workspace === undefined || mode === undefined) return undefined
  const keys = userfrontKeys(workspace, toMode(mode))
  return {
    base: { ...settings, keys },
    checks,
    isAlgorithmNamed,
    origin: { kind: 'url', name: String(keys), flag: '--jwks' },
  }
}

/** Core knows where the keys of a workspace are, and what the id of one looks like. */
function userfrontKeys(workspaceId: string, mode: 'live' | 'test'): VerifierOptions['keys'] {
  try {
    return userfront({ workspaceId, mode }).keys
  } catch (error) {
    throw isTenantryError(error) ? usageFailure(error.message) : error
  }
}

function readSettings(values: VerificationValues, now: () => Date): Omit<VerifierOptions, 'keys'> {
  const secret = values['secret-file'] !== undefined
  const chosen = algorithmNames.filter((algorithm) => values.alg.includes(algorithm))
  const odd = chosen.find((algorithm) => algorithm.startsWith('HS') !== secret)
  if (odd !== undefined) {
    throw usageFailure(
      secret
        ? `--alg ${odd} does not go with a secret: use HS256, HS384 or HS512.`
        : `--alg ${odd} needs a secret: give it with --secret-file.`,
    )
  }
  const tolerance = values['clock-tolerance']
  return {
    algorithms: chosen.length > 0 ? chosen : [secret ? 'HS256' : 'RS256'],
    ...(values.typ === undefined ? {} : { types: [values.typ] }),
    ...(tolerance === undefined
      ? {}
      : { clockTolerance: readDuration('--clock-tolerance', tolerance, 60) }),
    cache: false,
    now,
  }
}

/** The parser let nothing else through. */
function toMode(mode: string): 'live' | 'test' {
  return mode === 'live' ? 'live' : 'test'
}
