import { describe, expect, it } from 'vitest'
import { callAll } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { authorization, compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

describe('tenantry decode', () => {
  it('reads the token from an argument, a pipe, a file and the environment alike', async () => {
    const jwt = await files.good()
    const runs = await runAll([
      [['decode', jwt]],
      [['decode'], { stdin: jwt }],
      [['decode', '-'], { stdin: `${jwt}\n` }],
      [['decode', '--token-file', files.write('a.jwt', jwt)]],
      [['decode', `--token-file=${files.write('b.jwt', `Bearer ${jwt}`)}`]],
      [['decode'], { env: { TENANTRY_TOKEN: jwt } }],
    ])
    for (const { exitCode, stdout, stderr } of runs) {
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        header: { alg: 'RS256', typ: 'JWT' },
        payload: { userId: 7, authorization },
      })
      expect(stderr).toContain('signature not checked')
    }
    expect(runs[0]?.stderr).toContain('shell history')
    expect(runs[1]?.stderr).not.toContain('shell history')
  })

  it('prints one part alone', async () => {
    const jwt = await files.good()
    const [header, payload, signature, document] = await callAll([
      [['decode', '--part', 'header'], { stdin: jwt }],
      [['decode', '--part=payload'], { stdin: jwt }],
      [['decode', '--part', 'signature'], { stdin: jwt }],
      [['decode', '--part', 'signature', '--json'], { stdin: jwt }],
    ])
    expect(JSON.parse(header?.stdout ?? '')).toMatchObject({ alg: 'RS256' })
    expect(JSON.parse(payload?.stdout ?? '')).toMatchObject({ userId: 7 })
    expect(signature?.stdout).toBe(`${jwt.split('.')[2]}\n`)
    expect(JSON.parse(document?.stdout ?? '')).toEqual({
      schema: 1,
      ok: true,
      code: 'decoded',
      verified: false,
      signature: jwt.split('.')[2],
    })
  })

  it('takes the access token out of a JSON response and says so', async () => {
    const jwt = await files.good()
    const stdin = JSON.stringify({ access_token: jwt, token_type: 'Bearer' }, null, 2)
    const { exitCode, stderr } = await run(['decode'], { stdin })
    expect(exitCode).toBe(0)
    expect(stderr).toContain('"access_token"')
  })

  it('takes the variable when the command line names no token and nothing is piped in', async () => {
    const env = { TENANTRY_TOKEN: compact({ alg: 'none' }, '{"from":"variable"}') }
    const other = compact({ alg: 'none' }, '{"from":"elsewhere"}')
    const runs = await callAll([
      [['decode'], { env }],
      [['decode', '-'], { env, stdin: other }],
      [['decode', other], { env, stdin: other }],
      [['decode', '--token-file', files.write('other.jwt', other)], { env, stdin: other }],
    ])
    const from = runs.map(({ stdout }) => JSON.parse(stdout).payload.from)
    expect(from).toEqual(['variable', 'elsewhere', 'elsewhere', 'elsewhere'])
  })

  it('refuses a variable beside standard input, which is a second token', async () => {
    const env = { TENANTRY_TOKEN: compact({ alg: 'none' }, '{"from":"variable"}') }
    const stdin = compact({ alg: 'none' }, '{"from":"elsewhere"}')
    const runs = await callAll([
      [['decode'], { env, stdin, pipedInput: 'file' }],
      [['decode'], { env, stdin }],
      [['decode', '--json'], { env, stdin }],
      [['decode', '--quiet'], { env, stdin }],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2])
    for (const { stdout, stderr } of runs.slice(0, 2)) {
      expect(stdout).toBe('')
      expect(stderr).toContain('There are two tokens: TENANTRY_TOKEN and standard input.')
      expect(stderr).toContain('Say "-" for standard input')
    }
    const [named, alone] = await callAll([
      [['decode', '-'], { env, stdin, pipedInput: 'file' }],
      [['decode', '--quiet'], { env }],
    ])
    expect(JSON.parse(named?.stdout ?? '').payload.from).toBe('elsewhere')
    expect(alone?.exitCode).toBe(0)
  })

  it('says how to read a file whose name was given as the token', async () => {
    const file = files.write('named.txt', await files.good())
    const spaced = files.write('two words.txt', '')
    const runs = await callAll([
      [['decode', file]],
      [['verify', file, '--jwks', files.jwks]],
      [['decode', 'missing.jwt']],
      [['decode', spaced]],
      [['decode', 'hello']],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 1])
    expect(runs[0]?.stderr).toContain(`--token-file ${file}\n`)
    expect(runs[1]?.stderr).toContain('is the name of a file, not a token.')
    expect(runs[2]?.stderr).toContain('--token-file missing.jwt\n')
    expect(runs[3]?.stderr).toContain('--token-file FILE\n')
    for (const { stderr } of runs) expect(stderr).not.toContain('shell history')
  })

  it('exits with 1 for what is no JWT, 2 for no token or two, 3 for no such file', async () => {
    const jwt = await files.good()
    const runs = await callAll([
      [['decode', 'hello']],
      [['decode', 'uf_live_admin_demo1234_x']],
      [['decode', compact({ alg: 'none' }, 'not json')]],
      [['decode'], { stdin: '' }],
      [['decode', jwt, '--token-file', 'x']],
      [['decode', jwt, jwt]],
      [['decode', '--part', 'body', jwt]],
      [['decode', '--token-file', '/does/not/exist']],
      [['decode', '--token-file', '/']],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 2, 2, 2, 2, 3, 3])
    expect(runs.map(({ stdout }) => stdout).join('')).toBe('')
    expect(runs[1]?.stderr).toContain('API key')
    expect(runs[4]?.stderr).toContain('twice: an argument and --token-file')
    const processes = await runAll([
      [['decode'], { stdin: 'hello' }],
      [['decode', '--token-file', files.write('empty.jwt', '')]],
      [['decode', '--token-file', '/does/not/exist'], { stdin: jwt }],
    ])
    expect(processes.map(({ exitCode }) => exitCode)).toEqual([1, 2, 3])
  })
})
