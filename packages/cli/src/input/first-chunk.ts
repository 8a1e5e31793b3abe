/** What comes through a pipe first, of which nobody knows whether anything ever comes. */

/** How long a pipe may stay silent, in milliseconds, before the program goes on without it. */
const PATIENCE = 2000

/** `silent`: it is open, and nothing came in time. `ended`: nothing comes any more. */
export type FirstChunk =
  | { readonly kind: 'silent' | 'ended' }
  | {
      readonly kind: 'chunk'
      /** All of the pipe, with what was read already. */
      readonly whole: () => AsyncIterable<Uint8Array>
    }

/** Waits for the first bytes, and not for ever. */
export async function firstChunk(source: AsyncIterable<Uint8Array>): Promise<FirstChunk> {
  const chunks = source[Symbol.asyncIterator]()
  const first = await within(PATIENCE, chunks.next())
  if (first === undefined) return { kind: 'silent' }
  if (first.done === true) return { kind: 'ended' }
  return { kind: 'chunk', whole: () => replay(first.value, chunks) }
}

/** What a promise answers within so many milliseconds; undefined afterwards. */
async function within<Value>(
  milliseconds: number,
  promise: Promise<Value>,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function* replay(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  const others: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => rest }
  yield* others
}
