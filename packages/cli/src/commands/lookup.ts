/**
 * A command by its name, without reading the others: `decode` starts in half the time when what
 * `doctor` needs is not read first. What is not listed here is found all the same, in the table.
 */
import type { Command } from '../command-line/command.ts'

const loaders: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['decode', async () => (await import('./decode.ts')).decode],
  ['inspect', async () => (await import('./inspect.ts')).inspect],
  ['verify', async () => (await import('./verify.ts')).verify],
  ['can', async () => (await import('./can.ts')).can],
  ['diff', async () => (await import('./diff.ts')).diff],
  ['mint', async () => (await import('./mint.ts')).mint],
  ['keygen', async () => (await import('./keygen.ts')).keygen],
  ['doctor', async () => (await import('./doctor.ts')).doctor],
  ['ui', async () => (await import('./ui.ts')).ui],
  ['explain', async () => (await import('./explain.ts')).explain],
])

/** The whole table. */
export async function allCommands(): Promise<readonly Command[]> {
  return (await import('./table.ts')).commands
}

/** The command of this name; undefined when there is none. */
export async function commandNamed(name: string): Promise<Command | undefined> {
  const load = loaders.get(name)
  if (load !== undefined) return await load()
  return (await allCommands()).find((command) => command.name === name)
}

/** The names of the commands of two words that begin with this one. */
export async function actionsOn(thing: string): Promise<readonly string[]> {
  if (loaders.has(thing)) return []
  const names = (await allCommands()).map(({ name }) => name)
  return names.filter((name) => name.startsWith(`${thing} `))
}
