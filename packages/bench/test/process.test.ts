import { expect, it } from 'vitest'
import { nodeProcess } from '../src/process.ts'

it('times the whole life of a program', async () => {
  expect(await nodeProcess('nothing', ['-e', '0']).sample()).toBeGreaterThan(0)
})

it('does not take a program that fails for a fast one', async () => {
  const failing = nodeProcess('failing', ['-e', 'console.error("no"); process.exit(3)'])
  await expect(failing.sample()).rejects.toThrow(/ended with 3: no/)
})
