/** Memory that is in use, after everything that is not has been collected. */

export function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('This program needs node --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
