/** The column of labels on the left of a report. */

/** How wide it is. */
export const LABEL = 12

/** Puts a label in front of the first line, and space in front of the others. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${line}`)
}
