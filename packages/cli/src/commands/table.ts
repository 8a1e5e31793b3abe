/** The command table: parsing, help and completion are made from it. A new command is one entry. */
import type { Command } from '../command-line/command.ts'
import { can } from './can.ts'
import { decode } from './decode.ts'
import { verify } from './verify.ts'

export const commands: readonly Command[] = [decode, verify, can]
