/** Help, written from the command table. */
import { hang, wrap } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import type { Command, OptionTable } from './command.ts'
import { commonOptions } from './common-options.ts'

const FLAG_COLUMN = 28
const NAME_COLUMN = 14

const exitCodes = [
  ['0', 'yes: valid, allowed, done'],
  ['1', 'no: invalid, denied, different, not a token'],
  ['2', 'typed wrongly: nothing was done'],
  ['3', 'could not decide: no keys, keys not reachable, a file that cannot be read'],
] as const

/** Help for the whole program. */
export function programHelp(commands: readonly Command[], style: Style): string {
  return [
    'Tenantry looks into access tokens, verifies them, and says what they may do.',
    '',
    heading('Usage', style),
    '  tenantry COMMAND [ARGUMENTS] [FLAGS]',
    '',
    heading('Commands', style),
    ...commands.map(({ name, summary }) => hang(`  ${name}`, summary, NAME_COLUMN)),
    hang('  help', 'Show the help of a command: tenantry help COMMAND', NAME_COLUMN),
    '',
    ...sections(
      commands.flatMap(({ examples }) => examples.slice(0, 1)),
      undefined,
      style,
    ),
    ...exitCodeLines(style),
  ].join('\n')
}

/** Help for the commands of two words that begin with the same one. */
export function groupHelp(thing: string, commands: readonly Command[], style: Style): string {
  return [
    heading('Usage', style),
    ...commands.flatMap(({ name, usage }) => usage.map((text) => `  tenantry ${name} ${text}`)),
    '',
    heading('Commands', style),
    ...commands.map(({ name, summary }) => hang(`  ${name}`, summary, NAME_COLUMN)),
    hang('  help', `Show the flags of one: tenantry help ${thing} ACTION`, NAME_COLUMN),
    '',
    ...sections(
      commands.flatMap(({ examples }) => examples.slice(0, 1)),
      undefined,
      style,
    ),
    ...exitCodeLines(style),
  ].join('\n')
}

/** Help for one command. */
export function commandHelp(command: Command, style: Style): string {
  return [
    ...wrap(`${command.summary}.`),
    '',
    heading('Usage', style),
    ...command.usage.map((usage) => `  tenantry ${command.name} ${usage}`),
    '',
    ...source('Token', command.token, style),
    ...source('Variables', command.variables, style),
    ...sections(command.examples, command.options, style),
    ...exitCodeLines(style),
  ].join('\n')
}

/** What a command reads besides its flags. */
function source(name: string, text: string | undefined, style: Style): readonly string[] {
  if (text === undefined) return []
  return [hang(name, text, name.length + 2).replace(name, heading(name, style)), '']
}

function sections(
  examples: readonly string[],
  options: OptionTable | undefined,
  style: Style,
): readonly string[] {
  return [
    heading('Examples', style),
    ...examples.map((example) => `  ${style.hint(example)}`),
    '',
    ...(options === undefined || Object.keys(options).length === 0
      ? []
      : [heading('Flags', style), ...flagLines(options), '']),
    heading('Common flags', style),
    ...flagLines(commonOptions),
    '',
  ]
}

function flagLines(options: OptionTable): readonly string[] {
  return Object.entries(options).map(([name, option]) => {
    const short =
      option.type === 'boolean' && option.short !== undefined ? `-${option.short}, ` : ''
    const value = option.type === 'string' ? ` ${option.value}` : ''
    const again = option.type === 'string' && option.multiple === true ? ' (repeatable)' : ''
    return hang(`  ${short}--${name}${value}`, `${option.summary}${again}`, FLAG_COLUMN)
  })
}

function exitCodeLines(style: Style): readonly string[] {
  return [
    heading('Exit codes', style),
    ...exitCodes.map(([code, meaning]) => hang(`  ${code}`, meaning, 5)),
  ]
}

function heading(text: string, style: Style): string {
  return style.strong(text)
}
