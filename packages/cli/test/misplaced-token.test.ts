import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { call } from './support/call.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
const apiKey = 'uf_live_admin_0123456789abcdef'

/** Nothing of it is in what was printed, wherever a line was broken. */
async function expectRefusal(args: readonly string[], credential: string): Promise<string> {
  for (const more of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await call([...args, ...more], { stdin: '' })
    const text = (stdout + stderr).replaceAll(/\s/g, '')
    for (const part of credential.split('.')) expect(text).not.toContain(part.slice(0, 12))
    expect(exitCode, args[0]).toBe(2)
  }
  return (await call(args)).stderr
}

describe('a token in the wrong place', () => {
  const flags = commands.flatMap(({ name, options }) =>
    Object.entries(options)
      .filter(([, { type }]) => type === 'string')
      .map(([flag]) => [name, `--${flag}`] as const),
  )
  it.each(flags)('is not shown by %s %s', async (name, flag) => {
    const jwt = await files.good()
    for (const credential of [jwt, `Bearer ${jwt}`, jwt.slice(0, 60), apiKey]) {
      await expectRefusal([...name.split(' '), flag, credential], credential)
      await expectRefusal([...name.split(' '), `${flag}=${credential}`], credential)
    }
  })

  const withoutToken = commands.filter(({ token }) => token === undefined).map(({ name }) => name)
  it.each([...withoutToken, 'help', 'jwks', ''])('is not shown by "%s"', async (name) => {
    for (const credential of [await files.good(), apiKey]) {
      const words = name === '' ? [] : name.split(' ')
      await expectRefusal([...words, credential], credential)
    }
  })

  it('is said to be one, with what to type instead', async () => {
    const jwt = await files.good()
    const file = await expectRefusal(['verify', '--token-file', jwt], jwt)
    expect(file).toContain('--token-file takes the name of a file, and was given a token.')
    expect(file).toContain('Through a pipe: tenantry verify < FILE')
    const command = await expectRefusal([jwt], jwt)
    expect(command).toContain('That is a token, not a command.')
    expect(command).toContain('Try tenantry inspect < FILE')
  })

  it('is no file that is called like an API key begins', async () => {
    const path = files.write('uf_live_token', await files.good())
    const before = process.cwd()
    process.chdir(path.replace(/uf_live_token$/, ''))
    try {
      expect((await call(['decode', '--token-file', 'uf_live_token'])).exitCode).toBe(0)
    } finally {
      process.chdir(before)
    }
  })
})
