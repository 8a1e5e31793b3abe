/** Colours by meaning and symbols beside words, decided once for each stream. */

/** The part of a writable stream that says what it can show. */
export interface Screen {
  readonly isTTY?: boolean | undefined
}

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>

type Paint = (text: string) => string

/** How one stream is written to. */
export interface Style {
  /** Holds, allowed. */
  readonly good: Paint
  /** Refused, failed. */
  readonly bad: Paint
  /** Look at this. */
  readonly warn: Paint
  /** Something to type or copy. */
  readonly hint: Paint
  /** Secondary. */
  readonly dim: Paint
  readonly strong: Paint
  readonly symbols: Symbols
  /** False where anything but ASCII would come out wrong. */
  readonly isUnicode: boolean
}

/** Each stands in front of a word that says the same. */
export interface Symbols {
  readonly yes: string
  readonly no: string
  readonly warn: string
  readonly none: string
  readonly dot: string
  readonly arrow: string
  readonly more: string
  /** What is over, and what is left, in a bar. */
  readonly full: string
  readonly rest: string
}

const unicode: Symbols = {
  yes: '✓',
  no: '✗',
  warn: '!',
  none: '–',
  dot: '·',
  arrow: '→',
  more: '…',
  full: '█',
  rest: '░',
}
const ascii: Symbols = {
  yes: '[ok]',
  no: '[no]',
  warn: '[!]',
  none: '[-]',
  dot: '-',
  arrow: '->',
  more: '...',
  full: '#',
  rest: '.',
}

/** Decides how to write to a stream. `wanted` is what `--color` or `--no-color` says. */
export function createStyle(screen: Screen, env: Environment, wanted: boolean | undefined): Style {
  const isColored = wanted ?? colorByDefault(screen, env)
  const isUnicode = canShowUnicode(env)
  const paint = (code: number, end: number): Paint =>
    isColored ? (text) => `\u001b[${code}m${text}\u001b[${end}m` : (text) => text
  return {
    good: paint(32, 39),
    bad: paint(31, 39),
    warn: paint(33, 39),
    hint: paint(36, 39),
    dim: paint(2, 22),
    strong: paint(1, 22),
    symbols: isUnicode ? unicode : ascii,
    isUnicode,
  }
}

/** NO_COLOR, then FORCE_COLOR, then whether a terminal that knows colours is on the other side. */
function colorByDefault(screen: Screen, env: Environment): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return screen.isTTY === true && env['TERM'] !== 'dumb'
}

/** A locale that names another encoding is believed; where none is set, UTF-8 is what is in use. */
function canShowUnicode(env: Environment): boolean {
  if (env['TERM'] === 'dumb') return false
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((name) => (name ?? '') !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}
