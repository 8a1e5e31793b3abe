/** The flags that every command has. */

/** Taken before and after the name of a command. None of them has a value. */
export const commonOptions = {
  json: { type: 'boolean', summary: 'Print exactly one JSON document' },
  quiet: { type: 'boolean', summary: 'Print nothing; the exit code is the answer' },
  color: { type: 'boolean', summary: 'Use colours, whatever the terminal' },
  'no-color': { type: 'boolean', summary: 'Use no colours' },
  help: { type: 'boolean', short: 'h', summary: 'Show help' },
  version: { type: 'boolean', summary: 'Show the version' },
} as const
