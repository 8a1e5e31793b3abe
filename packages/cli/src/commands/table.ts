/** The command table: parsing, help and completion are made from it. A new command is one entry. */
import type { Command } from '../command-line/command.ts'
import { can } from './can.ts'
import { completion } from './completion.ts'
import { decode } from './decode.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { inspect } from './inspect.ts'
import { verify } from './verify.ts'

export const commands: readonly Command[] = [
  decode,
  inspect,
  verify,
  can,
  diff,
  explain,
  completion,
]
