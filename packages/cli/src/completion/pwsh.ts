/** Completion for PowerShell. */
import type { CommandWords, FlagWords } from './words.ts'

/** A script block that PowerShell calls for each Tab. */
export function pwshScript(commands: readonly CommandWords[]): string {
  return `# PowerShell completion for tenantry. Try it:
#   tenantry completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName tenantry -ScriptBlock {
  param($word, $ast, $position)
  $table = @{
${commands.map(commandEntry).join('\n')}
  }
  $typed = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -ne '') { $typed = @($typed | Select-Object -SkipLast 1) }
  $command = $typed | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
  $before = $typed | Select-Object -Last 1
  if (-not $command -or -not $table.ContainsKey($command)) {
    $found = @($table.Keys | Sort-Object)
  } elseif ($table[$command].values.ContainsKey($before)) {
    $found = $table[$command].values[$before]
  } elseif ($word -like '-*') {
    $found = $table[$command].flags
  } else {
    $found = $table[$command].choices
  }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}

function commandEntry({ name, flags, choices }: CommandWords): string {
  const values = flags.filter(({ value }) => value === 'choice').map(valueEntry)
  return `    ${quoted(name)} = @{
      flags = ${list(flags.map(({ flag }) => flag))}
      choices = ${list(choices)}
      values = @{ ${values.join('; ')} }
    }`
}

function valueEntry({ flag, choices }: FlagWords): string {
  return `${quoted(flag)} = ${list(choices)}`
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
