/** The token of a request, as it is taken by hand. */
export function bearerOf(header: string | undefined): string {
  if (header?.startsWith('Bearer ') !== true) throw new Error('There is no bearer token.')
  return header.slice(7)
}
