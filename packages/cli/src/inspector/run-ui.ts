/** Serves the inspector until it is interrupted, or writes it to a file. */
import { quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { undecided, usageFailure } from '../failure.ts'
import { writePrivateFile } from '../files/write-private-file.ts'
import { readPort } from '../input/port.ts'
import { reasonOf } from '../input/read-capped.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import type { HandOver } from './handed-over-page.ts'
import { openBrowser } from './open-browser.ts'
import { readOptionalToken } from './optional-token.ts'
import { readPageKeys } from './page-keys.ts'
import { type PageServer, type PageSettings, servePage } from './page-server.ts'

interface UiInvocation {
  readonly values: UiValues
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

interface UiValues {
  readonly 'token-file': string | undefined
  readonly jwks: string | undefined
  readonly port: string | undefined
  readonly 'no-open': boolean
  readonly export: string | undefined
  readonly force: boolean
}

/** @throws {CliFailure} `usage_invalid`, `port_unavailable`, `file_exists`, `file_unwritable` */
export async function runUi({ values, positionals, surroundings }: UiInvocation): Promise<Answer> {
  if (positionals.length > 1) throw usageFailure('ui takes one token.')
  if (values.export !== undefined) return await exportPage(values.export, values, positionals)
  if (values.force) throw usageFailure('--force goes with --export.')
  const port = readPort(values.port ?? '0')
  const token = await readOptionalToken(
    { argument: positionals[0], file: values['token-file'] },
    surroundings,
  )
  const keys = values.jwks === undefined ? undefined : await readPageKeys(values.jwks, surroundings)
  const { html, policy } = await import('@tenantry/inspector')
  const server = await serve({ port, html, policy, handOver: handOverOf(token, keys) })
  return servingAnswer(server, !values['no-open'], surroundings)
}

/** Nothing that goes with a token goes with the page alone. */
async function exportPage(
  file: string,
  values: UiValues,
  positionals: readonly string[],
): Promise<Answer> {
  const others = (['token-file', 'jwks', 'port', 'no-open'] as const).filter(
    (name) => values[name] !== undefined && values[name] !== false,
  )
  const [other] = others
  if (other !== undefined) throw usageFailure(`--export and --${other} contradict each other.`)
  if (positionals.length > 0) {
    throw usageFailure('--export writes the page without a token.', 'Paste it into the page.')
  }
  if (file.trim() === '') throw usageFailure('--export needs the name of a file.')
  const { html } = await import('@tenantry/inspector')
  writePrivateFile(file, html, { force: values.force, flag: '--export' })
  return {
    exitCode: 0,
    ok: true,
    code: 'page_exported',
    data: { file, bytes: Buffer.byteLength(html) },
    text({ good, symbols }) {
      return good(hang(symbols.yes, `wrote ${quote(file)}, mode 0600`, symbols.yes.length + 1))
    },
  }
}

function handOverOf(token: string | undefined, jwks: string | undefined): HandOver | undefined {
  if (token === undefined && jwks === undefined) return undefined
  return { ...(token === undefined ? {} : { token }), ...(jwks === undefined ? {} : { jwks }) }
}

async function serve(settings: PageSettings): Promise<PageServer> {
  try {
    return await servePage(settings)
  } catch (error) {
    throw undecided(
      'port_unavailable',
      `Cannot listen on 127.0.0.1, port ${settings.port}: ${reasonOf(error)}.`,
      'Leave --port out to get a free one.',
    )
  }
}

const COLUMN = 14

function servingAnswer(
  { address, link, closed }: PageServer,
  isToOpen: boolean,
  { note }: Surroundings,
): Answer {
  const target = link ?? address
  if (isToOpen)
    openBrowser(target, () => note('note: no browser opened; open the address yourself'))
  return {
    exitCode: 0,
    ok: true,
    code: 'page_served',
    data: { address, ...(link === undefined ? {} : { link }) },
    text: (style) =>
      [
        `${'  Inspector'.padEnd(COLUMN)}${style.hint(address)}`,
        ...(link === undefined
          ? []
          : [
              `${'  Your token'.padEnd(COLUMN)}${style.hint(link)}`,
              `${' '.repeat(COLUMN)}${style.dim('the link works once')}`,
            ]),
        '',
        '  Ctrl-C to stop',
      ].join('\n'),
    running: closed,
  }
}
