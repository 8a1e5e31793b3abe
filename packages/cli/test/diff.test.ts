import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

describe('diff', () => {
  it('takes two tokens from wherever they are, as the real program', async () => {
    const [one, two] = [await files.good({ sessionId: 'a' }), await files.good({ sessionId: 'b' })]
    const [first, second] = [files.write('one.jwt', one), files.write('two.jwt', two)]
    const runs = await runAll([
      [['diff', '--json', one, two]],
      [['diff', '--json', first, second]],
      [['diff', '--json', '--token-file', first, '--token-file', second]],
      [['diff', '--json', first, '-'], { stdin: two }],
      [['diff', '--json', '-', second], { stdin: one }],
      [['diff', '--json', first], { stdin: `Bearer ${two}` }],
      [['diff', '--json', first], { env: { TENANTRY_TOKEN: two } }],
      [['diff', '--json', one, '--token-file', second]],
    ])
    for (const { exitCode, stdout } of runs) {
      expect(exitCode).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({
        ok: true,
        code: 'different',
        claims: [{ name: 'sessionId', before: 'a', after: 'b' }],
        header: [],
        tenants: [],
      })
    }
    // One line about the history of the shell, though there are two tokens in it.
    expect(runs[0]?.stderr.match(/shell history/g)).toHaveLength(1)
  })

  it('exits with 0 for the same token, 1 for another or none, 2 and 3 as every command', async () => {
    const jwt = await files.good()
    const same = files.write('same.jwt', jwt)
    const signedByOthers = `${jwt.slice(0, jwt.lastIndexOf('.'))}.AAAA`
    const cases = [
      [['diff', same, signedByOthers], 1, 'different'],
      [['diff', same, same], 0, 'same'],
      [['diff', same, await files.issuer.forged()], 1, 'different'],
      [['diff', same, 'nonsense'], 1, 'token_malformed'],
      [['diff'], 2, 'usage_invalid'],
      [['diff', same, same, same], 2, 'usage_invalid'],
      [['diff', '-', '-'], 2, 'usage_invalid'],
      [['diff', '-'], 2, 'usage_invalid'],
      [['diff', same, same, '--jwks', 'x'], 2, 'usage_invalid'],
      [['diff', same, 'missing.jwt'], 3, 'file_unreadable'],
    ] as const
    for (const [args, exitCode, code] of cases) {
      const result = await call([...args, '--json'])
      expect(result.exitCode, args.join(' ')).toBe(exitCode)
      expect(JSON.parse(result.stdout).code).toBe(code)
    }
    expect((await run(['diff', same, same, '--quiet'])).exitCode).toBe(0)
  })

  it('says which of the two is no token', async () => {
    const jwt = await files.good()
    expect((await call(['diff', jwt, 'x.y'])).stderr).toContain('The second token:')
    expect((await call(['diff', 'x.y', jwt])).stderr).toContain('The first token:')
  })

  it('shows what was added, removed and changed, in roles too', async () => {
    const before = await files.good({ aud: 'old' })
    const after = await files.good({
      scope: 'x',
      authorization: { acme: { roles: ['owner', 'member'] }, hooli: { roles: [] } },
    })
    const { stdout } = await call(['diff', before, after])
    expect(stdout).toMatch(/^ {4}- aud +"old"$/m)
    expect(stdout).toMatch(/^ {4}\+ scope +"x"$/m)
    expect(stdout).toMatch(/^ {4}~ acme +\+ owner {2}- admin$/m)
    expect(stdout).toMatch(/^ {4}- globex +editor {2}member$/m)
    expect(stdout).toMatch(/^ {4}\+ hooli +no roles$/m)
  })

  it('tells a token that was signed anew from one whose signature was kept', async () => {
    const [one, two] = [await files.good({ sessionId: 'a' }), await files.good({ sessionId: 'b' })]
    const tampered = `${two.slice(0, two.lastIndexOf('.'))}${one.slice(one.lastIndexOf('.'))}`
    expect((await call(['diff', one, two])).stdout).toContain('signed anew')
    expect((await call(['diff', one, tampered])).stdout).toContain('not genuine')
  })
})
