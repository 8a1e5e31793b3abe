/** Runs something while Object.prototype has members that it should not have. */

/**
 * Puts the members on Object.prototype, runs `body`, and takes them off again whatever happens.
 * `body` must do nothing but what is tested: a test framework does not like this place either.
 */
export function whilePolluted<Result>(
  members: Readonly<Record<string, unknown>>,
  body: () => Result,
): Result {
  const added: string[] = []
  try {
    for (const [name, value] of Object.entries(members)) {
      if (Object.hasOwn(Object.prototype, name)) continue
      const property = { value, configurable: true, enumerable: true, writable: true }
      Reflect.defineProperty(Object.prototype, name, property)
      added.push(name)
    }
    return body()
  } finally {
    for (const name of added) Reflect.deleteProperty(Object.prototype, name)
  }
}
