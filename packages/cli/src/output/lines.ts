/** Text that fits into 80 columns. */
import { clip } from '@tenantry/report'

const WIDTH = 80

/** Breaks a text between words; a word that is wider than a line is cut in its middle. */
export function wrap(text: string, indent: number = 0): readonly string[] {
  const width = WIDTH - indent
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const next = line === '' ? clip(word, width) : `${line} ${word}`
    if (next.length > width) {
      lines.push(line)
      line = clip(word, width)
    } else {
      line = next
    }
  }
  return [...lines, line]
}

/** Wraps a text under a first column. */
export function hang(first: string, text: string, indent: number): string {
  return wrap(text, indent)
    .map((line, index) => (index === 0 ? first.padEnd(indent) : ' '.repeat(indent)) + line)
    .join('\n')
}
