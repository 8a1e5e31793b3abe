/**
 * The one door through which text of a token, of a file or of the user reaches a terminal. What
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
