/** Completion for fish. */
import type { CommandWords, FlagWords } from './words.ts'

/** One line for each thing that can be typed. */
export function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c tenantry -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    ...command.flags.map((flag) => flagLine(command.name, flag)),
    ...(command.choices.length === 0
      ? []
      : [
          `complete -c tenantry -n ${seen(command.name)} -f -a ${quoted(command.choices.join(' '))}`,
        ]),
  ])
  return `# fish completion for tenantry. Try it:  tenantry completion fish | source
${lines.join('\n')}
`
}

function flagLine(command: string, { flag, summary, value, choices }: FlagWords): string {
  const kind =
    value === 'nothing'
      ? ''
      : value === 'file'
        ? ' -r -F'
        : value === 'choice'
          ? ` -x -a ${quoted(choices.join(' '))}`
          : ' -x'
  return `complete -c tenantry -n ${seen(command)} -l ${flag.slice(2)}${kind} -d ${quoted(summary)}`
}

function seen(command: string): string {
  return quoted(`__fish_seen_subcommand_from ${command}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
