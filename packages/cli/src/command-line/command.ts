/** What a command is: one entry of the table that parsing, help and completion are made from. */
import type { Answer } from '../output/answer.ts'
import type { Environment } from '../output/style.ts'

/** A flag that takes a value. */
export interface ValueOption {
  readonly type: 'string'
  /** What the value is, in capitals: `FILE`. */
  readonly value: string
  readonly summary: string
  /** May be given more than once. */
  readonly multiple?: boolean
  /** The only values there are. */
  readonly choices?: readonly string[]
}

/** A flag that is there or not. */
export interface SwitchOption {
  readonly type: 'boolean'
  readonly summary: string
  readonly short?: string
}

/** The flags of a command, by name, in the order in which help shows them. */
export type OptionTable = Readonly<Record<string, ValueOption | SwitchOption>>

/** What was given for the flags of a table. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: Options[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Options[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined
}

/** What a command may use of the world around it. */
export interface Surroundings {
  readonly env: Environment
  /** Opens standard input. Not before it is needed: it may be something that cannot be opened. */
  readonly stdin: () => AsyncIterable<Uint8Array> & { readonly isTTY?: boolean | undefined }
  /** What is piped into standard input, if anything is. */
  readonly pipedInput: () => PipedInput | undefined
  /** What time it is. */
  readonly now: () => Date
  /** Says something on the side: one line on standard error. The text must be safe to print. */
  readonly note: (text: string) => void
  /** Whether notes are shown to nobody. */
  readonly isQuiet: boolean
}

/** A file can be read to its end at once; a pipe may be one that nobody ever closes. */
export type PipedInput = 'file' | 'pipe'

/** A flag as it was given, for a command in which their order says something. */
export interface GivenFlag {
  readonly name: string
  /** Undefined for a switch. */
  readonly value: string | undefined
}

/** One call of a command. */
export interface Invocation<Options extends OptionTable> {
  readonly values: OptionValues<Options>
  /** The flags in their order. */
  readonly given: readonly GivenFlag[]
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
  /** The whole table, for a command that speaks of commands. */
  readonly commands: () => Promise<readonly Command[]>
}

/** What a command looks like, and what it does. */
export interface CommandDefinition<Options extends OptionTable> {
  /** One word, or two for one of several actions on a thing: `jwks fetch`. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** What comes after the name, one line for each way to call it. */
  readonly usage: readonly string[]
  readonly examples: readonly string[]
  readonly options: Options
  /** Where a token may come from, for a command whose argument is one. Help says it. */
  readonly token?: string
  /** The variables of the environment that it reads and that say more than where a token is. */
  readonly variables?: string
  /** What its first argument may be, where that is a closed list; completion offers it. */
  readonly choices?: () => readonly string[]
  /** Flags that people look for and that do not exist, by name: what to type instead. */
  readonly advice?: Readonly<Record<string, string>>
  readonly run: (invocation: Invocation<Options>) => Promise<Answer>
}

/** Values as the parser makes them, for a table of which nothing more is known. */
export type ParsedValues = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>

/** An entry of the command table. */
export interface Command extends Omit<CommandDefinition<OptionTable>, 'run'> {
  readonly run: (invocation: {
    readonly values: ParsedValues
    readonly given: readonly GivenFlag[]
    readonly positionals: readonly string[]
    readonly surroundings: Surroundings
    readonly commands: () => Promise<readonly Command[]>
  }) => Promise<Answer>
}

/** Makes a table entry whose `run` knows the types of its flags. */
export function defineCommand<const Options extends OptionTable>(
  definition: CommandDefinition<Options>,
): Command {
  // The parser makes the values from this very table, so `run` gets what its type says.
  return definition as unknown as Command
}
