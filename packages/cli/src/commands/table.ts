/** The command table: parsing, help and completion are made from it. A new command is one entry. */
import type { Command } from '../command-line/command.ts'
import { can } from './can.ts'
import { completion } from './completion.ts'
import { decode } from './decode.ts'
import { diff } from './diff.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { inspect } from './inspect.ts'
import { jwksFetch } from './jwks-fetch.ts'
import { jwksPrint } from './jwks-print.ts'
import { jwksServe } from './jwks-serve.ts'
import { keygen } from './keygen.ts'
import { mint } from './mint.ts'
import { ui } from './ui.ts'
import { verify } from './verify.ts'

export const commands: readonly Command[] = [
  decode,
  inspect,
  verify,
  can,
  diff,
  mint,
  keygen,
  jwksPrint,
  jwksFetch,
  jwksServe,
  doctor,
  ui,
  explain,
  completion,
]
