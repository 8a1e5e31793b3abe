/** Something that happens once, and that others wait for. */

/** A promise that never rejects, and how to resolve it. */
export interface Occasion {
  readonly happened: Promise<void>
  happen(): void
}

export function createOccasion(): Occasion {
  let happen: () => void = () => undefined
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happened, happen }
}

/** Waits for this, but not longer than so many milliseconds; answers whether it happened. */
export async function happensWithin(
  happened: Promise<unknown>,
  milliseconds: number,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds), false)
  })
  try {
    return await Promise.race([happened.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

/** The milliseconds of a clock that nobody can set. */
export function now(): number {
  return performance.now()
}
