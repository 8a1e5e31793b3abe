/** What the application expects: flags, then the environment, then the nearest settings file. */

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Algorithm, algorithmNames } from '@tenantry/core'
import { closest, quote } from '@tenantry/report'
import { type CliFailure, undecided } from '../failure.ts'
import { readFileCapped } from '../input/read-capped.ts'
import { memberOf, parseJson } from '../jwks/published-set.ts'
import type { Environment } from '../output/style.ts'

/** A value and where it is from, in words. */
export interface Setting {
  readonly value: string
  readonly from: string
}

/** What doctor compares with. */
export interface Settings {
  readonly jwks: Setting | undefined
  readonly issuer: Setting | undefined
  readonly audience: readonly Setting[]
  readonly workspace: Setting | undefined
  readonly mode: Setting | undefined
  readonly algorithms: readonly Algorithm[]
  /** Names that two places give different values for. */
  readonly disputes: readonly string[]
  /** Variables that are there and blank. */
  readonly blank: readonly string[]
}

/** What the flags say. */
export interface SettingFlags {
  readonly url: string | undefined
  readonly issuer: string | undefined
  readonly audience: readonly string[]
  readonly workspace: string | undefined
  readonly mode: string | undefined
  readonly alg: readonly string[]
}

const FILE_NAME = 'tenantry.config.json'
const members = ['jwks', 'issuer', 'audience', 'workspace', 'mode', 'algorithms']
const variables: ReadonlyMap<string, string> = new Map([
  ['jwks', 'TENANTRY_JWKS'],
  ['issuer', 'TENANTRY_ISSUER'],
  ['audience', 'TENANTRY_AUDIENCE'],
])

/** @throws {CliFailure} `config_unusable`, exit code 3 */
export async function readSettings(flags: SettingFlags, env: Environment): Promise<Settings> {
  const file = await readNearest(process.cwd())
  const disputes: string[] = []
  const blank: string[] = []
  const pick = (name: string, given: readonly string[], flag: string): readonly Setting[] => {
    const variable = variables.get(name)
    const text = variable === undefined ? undefined : env[variable]
    if (variable !== undefined && text !== undefined && text.trim() === '') blank.push(variable)
    const inEnv = text === undefined || text.trim() === '' ? [] : [text]
    const inFile = file.get(name) ?? []
    const isDisputed =
      given.length === 0 && inEnv.length > 0 && inFile.length > 0 && !isSame(inEnv, inFile)
    if (isDisputed) disputes.push(name)
    const from = (values: readonly string[], place: string): readonly Setting[] =>
      values.map((value) => ({ value, from: place }))
    if (given.length > 0) return from(given, flag)
    return inEnv.length > 0 ? from(inEnv, variable ?? '') : from(inFile, FILE_NAME)
  }
  const one = (name: string, value: string | undefined, flag = `--${name}`): Setting | undefined =>
    pick(name, value === undefined ? [] : [value], flag)[0]
  const alg = pick('algorithms', flags.alg, '--alg').map(({ value }) => value)
  return {
    jwks: one('jwks', flags.url, 'the command line'),
    issuer: one('issuer', flags.issuer),
    audience: pick('audience', flags.audience, '--audience'),
    workspace: one('workspace', flags.workspace),
    mode: one('mode', flags.mode),
    algorithms: algorithmNames.filter((name) => alg.includes(name)),
    disputes,
    blank,
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The values of a file by name; none when there is no file. */
async function readNearest(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const path = nearest(folder)
  if (path === undefined) return new Map()
  const tooLarge = (): CliFailure => unusable(path, 'It is too large.')
  const value = parseJson(await readFileCapped(path, 64 * 1024, tooLarge))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unusable(path, 'It holds no JSON object.')
  }
  const odd = Object.keys(value).find((name) => !members.includes(name))
  if (odd !== undefined) throw unusable(path, unknownMember(odd))
  return new Map(members.map((name) => [name, readMember(path, name, memberOf(value, name))]))
}

function readMember(path: string, name: string, value: unknown): readonly string[] {
  if (value === undefined) return []
  const isList = Array.isArray(value) && (name === 'audience' || name === 'algorithms')
  const texts: readonly unknown[] = isList ? value : [value]
  const isText = (text: unknown): text is string => typeof text === 'string' && text.trim() !== ''
  if (texts.length > 0 && texts.every(isText)) return checkChoices(path, name, texts)
  throw unusable(path, `Its ${name} is not a text, or is blank.`)
}

function checkChoices(path: string, name: string, texts: readonly string[]): readonly string[] {
  const choices: readonly string[] | undefined =
    name === 'mode' ? ['live', 'test'] : name === 'algorithms' ? algorithmNames : undefined
  const odd = choices === undefined ? undefined : texts.find((text) => !choices.includes(text))
  if (odd === undefined) return texts
  throw unusable(path, `Its ${name} cannot be ${quote(odd)}. Known: ${choices?.join(', ')}.`)
}

function unknownMember(name: string): string {
  const meant = closest(name, members)
  const hint = meant === undefined ? `Known: ${members.join(', ')}.` : `Did you mean ${meant}?`
  return `It has an unknown member ${quote(name)}. ${hint}`
}

/** From the current folder upwards. */
function nearest(folder: string): string | undefined {
  const path = join(folder, FILE_NAME)
  if (existsSync(path)) return path
  const above = dirname(folder)
  return above === folder ? undefined : nearest(above)
}

function unusable(path: string, reason: string): CliFailure {
  return undecided('config_unusable', `The file ${quote(path)} cannot be used. ${reason}`)
}
