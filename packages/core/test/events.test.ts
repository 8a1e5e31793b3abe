import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

it('has silent channels on a runtime without diagnostics_channel', async () => {
  vi.resetModules()
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  const { decisionChannel, jwksChannel, verifyChannel } = await import('../src/events.ts')
  for (const channel of [decisionChannel, jwksChannel, verifyChannel]) {
    expect(channel.hasSubscribers).toBe(false)
    expect(channel.publish({})).toBeUndefined()
  }
})
