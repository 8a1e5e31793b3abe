/** The few things of Markdown that the pages about errors use, on a screen of 80 columns. */
import { hang, wrap } from '../output/lines.ts'
import type { Style } from '../output/style.ts'

/** A page as text. */
export function markdownText(page: string, style: Style): string {
  const lines: string[] = []
  let isCode = false
  for (const line of page.trimEnd().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    else lines.push(...(isCode ? codeLines(line, style) : lineText(line, style)))
  }
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
}

/** A header of HTTP may be long: what does not fit goes on below it, further to the right. */
function codeLines(line: string, style: Style): readonly string[] {
  const [first = '', ...rest] = line.length > 74 ? wrap(line, 6) : [line]
  return [`    ${first}`, ...rest.map((text) => `      ${text}`)].map((text) =>
    text.trim() === '' ? '' : style.hint(text),
  )
}

function lineText(line: string, style: Style): readonly string[] {
  // The link to the list of all codes leads nowhere here.
  if (line === '[All error codes](index.md)') return []
  const heading = /^#+ (.*)$/.exec(line)?.[1]
  if (heading !== undefined) return [style.strong(plain(heading))]
  const item = /^[-*] (.*)$/.exec(line)?.[1]
  if (item !== undefined) return [hang('  - ', plain(item), 4)]
  const step = /^(\d+)\. (.*)$/.exec(line)
  if (step !== null) return [hang(`  ${step[1]}. `, plain(step[2] ?? ''), 5)]
  const quoted = /^> (.*)$/.exec(line)?.[1]
  if (quoted !== undefined) return wrap(plain(quoted), 2).map((text) => `  ${text}`)
  return wrap(plain(line)).map((text) => text.trimEnd())
}

/** Without marks for code, stress and links. */
function plain(text: string): string {
  return text
    .replace(/\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replaceAll('**', '')
    .replaceAll('`', '')
}
