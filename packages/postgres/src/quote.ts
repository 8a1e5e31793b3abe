/** Names and values inside of SQL, for the few statements that take no parameters. */

/** `"name"`, with every quote doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `'value'`, right whatever `standard_conforming_strings` is set to. */
export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}
