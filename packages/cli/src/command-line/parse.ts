/** Arguments become values, or a usage failure that says which one is wrong and what was meant. */
import { parseArgs } from 'node:util'
import { closest, quote } from '@tenantry/report'
import { type CliFailure, usageFailure } from '../failure.ts'
import { refuseTokenFor } from '../input/no-secret.ts'
import type { GivenFlag, OptionTable, ParsedValues } from './command.ts'

/** What was given on the command line. */
export interface ParsedArguments {
  readonly values: ParsedValues
  /** The flags in their order. */
  readonly given: readonly GivenFlag[]
  readonly positionals: readonly string[]
}

/** Flags that do not exist, and what to type instead. */
type Advice = Readonly<Record<string, string>>

/** A piece of the command line, as `parseArgs` sees it. */
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/**
 * Parses the arguments of a command.
 *
 * @throws {CliFailure} for an unknown flag, a missing or blank value, a flag that is given twice:
 * a slip in `--audience` must not switch a check off
 */
export function parseArguments(
  args: readonly string[],
  options: OptionTable,
  advice: Advice = {},
): ParsedArguments {
  const { tokens, positionals, failed } = tokenize(args, options)
  for (const token of tokens) {
    if (token.kind === 'option') checkToken(token, tokens, options, advice)
  }
  if (failed !== undefined) throw usageFailure('The arguments cannot be understood.')
  const given = tokens.filter((token) => token.kind === 'option')
  const values = Object.entries(options).map(([name, option]) => {
    const uses = given.filter((token) => token.name === name)
    if (option.type === 'boolean') return [name, uses.length > 0] as const
    const texts = uses.map((token) => token.value ?? '')
    return [name, option.multiple === true ? texts : texts[0]] as const
  })
  return {
    values: Object.fromEntries(values),
    given: given.map(({ name, value }) => ({ name, value })),
    positionals,
  }
}

interface Tokenized {
  readonly tokens: readonly Token[]
  readonly positionals: readonly string[]
  readonly failed?: unknown
}

/** Strictly; and when that fails, once more leniently, to be able to say what is wrong. */
function tokenize(args: readonly string[], options: OptionTable): Tokenized {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const short = option.type === 'boolean' ? option.short : undefined
      const base = { type: option.type, multiple: true }
      return [name, short === undefined ? base : { ...base, short }] as const
    }),
  )
  const shared = { args: [...args], options: config, allowPositionals: true, tokens: true } as const
  try {
    return parseArgs({ ...shared, strict: true })
  } catch (failed) {
    return { ...parseArgs({ ...shared, strict: false }), failed }
  }
}

function checkToken(
  token: OptionToken,
  tokens: readonly Token[],
  options: OptionTable,
  advice: Advice,
): void {
  const { name, rawName, value } = token
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) throw unknownFlag(token, Object.keys(options), advice)
  if (option.type === 'boolean') {
    if (value === undefined) return
    throw usageFailure(`${rawName} takes no value.`)
  }
  if (value === undefined || isNextFlag(token)) {
    throw usageFailure(
      `${rawName} needs a value: ${rawName} ${option.value}.`,
      ...(value === undefined ? [] : [`If the value begins with "-", write ${rawName}=VALUE.`]),
    )
  }
  if (value.trim() === '') {
    throw usageFailure(`${rawName} is blank.`, 'Is a variable of your shell empty?')
  }
  refuseTokenFor(rawName, option.value, value)
  const uses = tokens.filter((other) => other.kind === 'option' && other.name === name)
  if (option.multiple !== true && uses.length > 1) {
    throw usageFailure(`${rawName} is given ${uses.length} times. Give it once.`)
  }
  if (option.choices === undefined || option.choices.includes(value)) return
  const meant = closest(value, option.choices)
  throw usageFailure(
    `${rawName} cannot be ${quote(value)}.`,
    meant === undefined ? `Known: ${option.choices.join(', ')}.` : `Did you mean ${quote(meant)}?`,
  )
}

/** `--issuer --json`: the value was forgotten. */
function isNextFlag({ value, inlineValue }: OptionToken): boolean {
  return inlineValue === false && value !== undefined && /^-./.test(value)
}

function unknownFlag(
  { name, rawName }: OptionToken,
  known: readonly string[],
  advice: Advice,
): CliFailure {
  const meant = closest(rawName.replace(/^-+/, ''), known)
  const suggestion = meant === undefined ? undefined : `Did you mean --${meant}?`
  const short = rawName === '-V' || rawName === '-v' ? 'Did you mean --version?' : undefined
  const hint = Object.hasOwn(advice, name) ? advice[name] : (short ?? suggestion)
  return usageFailure(`There is no flag ${quote(rawName)}.`, ...(hint === undefined ? [] : [hint]))
}
