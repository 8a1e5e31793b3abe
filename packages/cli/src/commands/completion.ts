/** `tenantry completion`: a script that completes the commands and flags of this program. */
import { closest, quote } from '@tenantry/report'
import { type Command, defineCommand } from '../command-line/command.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { pwshScript } from '../completion/pwsh.ts'
import { wordsOf } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'
import { usageFailure } from '../failure.ts'
import type { Answer } from '../output/answer.ts'

const scripts = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
  ['pwsh', pwshScript],
])
const shells = [...scripts.keys()]

export const completion: Command = defineCommand({
  name: 'completion',
  summary: 'Print a script that completes commands in your shell',
  usage: [shells.join('|')],
  examples: ['source <(tenantry completion bash)', 'tenantry completion fish | source'],
  options: {},
  choices: () => shells,
  async run({ positionals, commands }): Promise<Answer> {
    const [shell, ...others] = positionals
    if (shell === undefined || others.length > 0) {
      throw usageFailure('completion takes one shell.', `Known: ${shells.join(', ')}.`)
    }
    const script = scripts.get(shell)
    if (script === undefined) {
      const meant = shell === 'powershell' ? 'pwsh' : closest(shell, shells)
      throw usageFailure(
        `There is no completion for ${quote(shell)}.`,
        meant === undefined ? `Known: ${shells.join(', ')}.` : `Did you mean ${quote(meant)}?`,
      )
    }
    const text = script(wordsOf(await commands()))
    return {
      exitCode: 0,
      ok: true,
      code: 'completion',
      data: { shell, script: text },
      text: () => text.trimEnd(),
    }
  },
})
