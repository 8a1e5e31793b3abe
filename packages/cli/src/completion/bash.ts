/** Completion for bash. */
import type { CommandWords } from './words.ts'

/** A function, and the line that tells bash of it. It works without the package bash-completion. */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name)
  return `# bash completion for tenantry. Try it:  source <(tenantry completion bash)
_tenantry() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local command='' flags='' choices='' index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      -*) ;;
      *) command=\${COMP_WORDS[index]}; break ;;
    esac
  done
  case $command in
    '') choices='${names.join(' ')}'; flags='--help --version' ;;
${commands.map(commandCase).join('\n')}
  esac
  case $command:$before in
${commands.flatMap(flagCases).join('\n')}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [[ $choices == none ]]; then
    COMPREPLY=()
  elif [[ -n $choices ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _tenantry tenantry
`
}

function commandCase({ name, flags, choices }: CommandWords): string {
  const words = flags.map(({ flag }) => flag).join(' ')
  return `    ${name}) flags='${words}'; choices='${choices.join(' ')}' ;;`
}

function flagCases({ name, flags }: CommandWords): readonly string[] {
  return flags.flatMap(({ flag, value, choices }) => {
    if (value === 'nothing') return []
    // No choice means the name of a file.
    const words = value === 'file' ? '' : value === 'choice' ? choices.join(' ') : 'none'
    return [`    ${name}:${flag}) choices='${words}' ;;`]
  })
}
