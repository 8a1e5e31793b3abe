/**
 * The one door through which text of a token, of a file or of the user reaches a person. What
 * could move the cursor, set a colour, hide itself or turn the line around is written as its escape.
 */

/**
 * Not a visible character, or one that fills no space: controls, format characters, surrogates,
 * private use, spaces other than the common one, fillers.
 */
const invisible = /[^\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}]|[\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The blocks that Unicode sets aside for scripts from right to left: they reorder a line. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/gu

const notAscii = /[^\x20-\x7e]/gu

/** The text on one line, with everything escaped that is not plainly visible, as JSON escapes it. */
export function escapeText(text: string): string {
  return text.replace(invisible, escapeUnits).replace(rightToLeft, escapeUnits)
}

/**
 * A name in double quotes: ASCII only, so that no two names look the same. Cut in the middle when
 * it is longer than `width`.
 */
export function quote(text: string, width: number = 64): string {
  return clip(JSON.stringify(text).replace(notAscii, escapeUnits), width)
}

/** A name that cannot be mistaken for another one stands as it is, and any other one in quotes. */
export function plainName(text: string, width: number = 64): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9_.:@/+-]*$/.test(text)
  return isPlain ? clip(text, width) : quote(text, width)
}

/** Whether the text holds something that is not plainly visible, or that reorders a line. */
export function hidesSomething(text: string): boolean {
  return escapeText(text) !== text
}

/** Names in quotes, the first ones of them, and how many more there are. */
export function listNames(names: readonly string[], many: number = 10): string {
  if (names.length === 0) return 'none'
  const shown = names.slice(0, many).map((name) => quote(name, 40))
  const rest = names.length - shown.length
  return shown.join(', ') + (rest > 0 ? `, and ${rest} more` : '')
}

/** Text that is safe already, cut in the middle when it is longer than `width`. */
export function clip(text: string, width: number): string {
  if (text.length <= width) return text
  const kept = width - 3
  return `${text.slice(0, Math.ceil(kept / 2))}...${text.slice(text.length - Math.floor(kept / 2))}`
}

/** Indented JSON. Every escape that is made stands inside a string of it, where JSON has the same. */
export function printableJson(value: unknown, asciiOnly: boolean = false): string {
  const lines = JSON.stringify(value, null, 2).split('\n')
  const toVisible = asciiOnly ? (line: string) => line.replace(notAscii, escapeUnits) : escapeText
  return lines.map(toVisible).join('\n')
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** A value of JSON on one line: a text as a name in quotes, anything else as JSON. */
export function printableValue(value: unknown, width: number = 400): string {
  return clip(JSON.stringify(value).replace(notAscii, escapeUnits), width)
}
