/** Completion for zsh. */
import type { CommandWords, FlagWords } from './words.ts'

/** A function for `compdef`; it may also be a file `_tenantry` in a folder of `fpath`. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef tenantry
# zsh completion for tenantry. Try it:  source <(tenantry completion zsh)
_tenantry() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _tenantry ]]; then
  _tenantry "$@"
else
  compdef _tenantry tenantry
fi
`
}

function commandCase({ name, flags, choices }: CommandWords): string {
  const rest = choices.length > 0 ? `(${choices.join(' ')})` : '_files'
  const lines = [...flags.map(flagSpec), quoted(`*:argument:${rest}`)]
  return `    ${name})
      _arguments \\
${lines.map((line) => `        ${line}`).join(' \\\n')}
      ;;`
}

function flagSpec({ flag, summary, value, choices }: FlagWords): string {
  const text = summary.replace(/[[\]]/g, '').replaceAll(':', ',')
  const action =
    value === 'nothing'
      ? ''
      : value === 'file'
        ? ':file:_files'
        : `:value:${value === 'choice' ? `(${choices.join(' ')})` : ''}`
  return quoted(`*${flag}[${text}]${action}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
