/** Checks of what an answer has to be. */

/** Documents with these skus, in this order. */
export function withSkus(...skus: readonly string[]): (result: unknown) => boolean {
  return (result) =>
    Array.isArray(result) &&
    JSON.stringify(result.map((row: unknown) => Reflect.get(Object(row), 'sku'))) ===
      JSON.stringify(skus)
}

/** The member of an answer of the driver. */
export function withMember(name: string, expected: unknown): (result: unknown) => boolean {
  return (result) => Reflect.get(Object(result), name) === expected
}
