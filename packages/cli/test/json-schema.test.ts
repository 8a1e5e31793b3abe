import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { call } from './support/call.ts'
import { serveDocument } from './support/endpoint.ts'
import { run } from './support/run.ts'
import { start } from './support/server.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const path = join(import.meta.dirname, '../../../docs/reference/cli-output.schema.json')
const schema: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'))
const ajv = new Ajv2020({
  allowUnionTypes: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
})
ajv.addSchema(schema, 'output')
const files = tokenFiles()

/** What is wrong with a document, by the definition of this name. */
function faults(stdout: string, definition: string): unknown {
  const validate = ajv.getSchema(`output#/$defs/${encodeURIComponent(definition)}`)
  if (validate === undefined) throw new Error(`no definition ${definition}`)
  return validate(JSON.parse(stdout)) === true ? [] : validate.errors
}

const unsigned = compact({ alg: 'none' }, { authorization: { a: { roles: [] }, b: null } })
const keys = ['--jwks', files.jwks]
const token = await files.good()
const other = await files.good({
  aud: 'api',
  authorization: { acme: { roles: ['owner'], name: 'A' } },
})
const expired = await files.issuer.expired()

const devKey = files.write('dev-key.json', '')
const devSecret = files.write('dev-secret.json', '')
await call(['keygen', '--force', '--out', devKey])
const endpoint = await serveDocument(files.issuer.keys)

/** Calls by the definition that their documents must fit. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  decode: [
    ['decode', token],
    ['decode', '--part', 'header', token],
    ['decode', '--part', 'signature', token],
  ],
  inspect: [
    ['inspect', token],
    ['inspect', ...keys, token],
    ['inspect', ...keys, expired],
    ['inspect', '--issuer', 'x', token],
    ['inspect', '--tenant', 'x', '--role', 'y', token],
    ['inspect', unsigned],
    ['inspect', ...keys, unsigned],
    ['inspect', '--jwks', 'http://127.0.0.1:9/', token],
  ],
  verify: [
    ['verify', token],
    ['verify', ...keys, token],
    ['verify', ...keys, '--issuer', 'x', expired],
    ['verify', ...keys, 'nonsense'],
  ],
  can: [
    ['can', 'acme', 'admin', ...keys, token],
    ['can', 'acme', 'x', 'y', '--all', ...keys, token],
    ['can', 'Acme', 'admin', '--unverified', token],
    ['can', 'acme', 'ADMIN', '--unverified', token],
    ['can', '--list', ...keys, token],
    ['can', '--list', '--unverified', unsigned],
    ['can', 'acme', 'admin', ...keys, expired],
  ],
  diff: [
    ['diff', token, token],
    ['diff', token, other],
    ['diff', other, unsigned],
  ],
  mint: [
    ['mint', '--key', devKey, '--tenant', 'acme=admin'],
    ['mint', '--key', devKey, '--out', files.write('minted.jwt', ''), '--force'],
  ],
  keygen: [
    ['keygen', '--out', join(dirname(devKey), 'another-key.json')],
    ['keygen', '--alg', 'HS256', '--out', devSecret, '--force'],
    ['keygen', '--stdout'],
  ],
  'jwks print': [['jwks', 'print', '--key', devKey]],
  'jwks fetch': [['jwks', 'fetch', endpoint.url]],
  // It goes on after its document: below, as a process.
  'jwks serve': [],
  doctor: [
    ['doctor', endpoint.url.replace(/\/$/, '/x')],
    ['doctor', 'http://127.0.0.1:9/x'],
    ['doctor', 'http://example.com/x', '--strict'],
    ['doctor', '--only', 'D50'],
  ],
  ui: [['ui', '--export', join(dirname(devKey), 'inspector.html')]],
  explain: [
    ['explain', 'token_expired'],
    ['explain', 'D21'],
    ['explain', 'no_expiry'],
    ['explain', 'usage_invalid'],
    ['explain', '--list'],
  ],
  completion: ['bash', 'zsh', 'fish', 'pwsh'].map((shell) => ['completion', shell]),
  help: [['help'], ['--help'], ['help', 'can'], ['inspect', '--help']],
  version: [['--version'], ['decode', '--version']],
  failure: [
    [],
    ['decod'],
    ['decode', '--jsno'],
    ['decode', 'nonsense'],
    ['inspect', 'a.b'],
    ['inspect', '--token-file', '/no'],
    ['can', 'acme', 'admin', token],
    ['diff', token],
    ['diff', token, 'nonsense'],
    ['explain', 'nonsense'],
    ['completion', 'tcsh'],
    ['mint', '--key', '/no'],
    ['keygen', '--out', devKey],
    ['jwks'],
    ['jwks', 'print', '--key', devSecret],
    ['jwks', 'fetch', 'http://127.0.0.1:9/'],
    ['jwks', 'serve', '--key', devKey, '--host', '0.0.0.0'],
    ['doctor'],
  ],
}

describe('the JSON documents', () => {
  it('have a definition for each command, and each command has calls here', () => {
    const definitions = Object.keys(Reflect.get(schema, '$defs') ?? {})
    for (const { name } of commands) {
      expect(definitions).toContain(name)
      expect(Object.keys(calls)).toContain(name)
    }
  })

  it.each(Object.entries(calls))('of %s are as the schema says', async (definition, list) => {
    for (const args of list) {
      const { stdout } = await call([...args, '--json'], { stdin: '' })
      expect(faults(stdout, definition), args.join(' ').slice(0, 60)).toEqual([])
      expect(ajv.validate('output', JSON.parse(stdout))).toBe(true)
    }
  })

  it('of the real program are the same ones', async () => {
    const { stdout, exitCode } = await run(['inspect', '--json', ...keys], { stdin: token })
    expect(exitCode).toBe(0)
    expect(faults(stdout, 'inspect')).toEqual([])
  })

  it('of a server is printed when it listens', async () => {
    const server = start(['jwks', 'serve', '--json', '--key', devKey])
    await server.until(/^\}$/m)
    await server.interrupt()
    expect(faults(server.stdout(), 'jwks serve')).toEqual([])
    const page = start(['ui', '--no-open', '--json'], { stdin: token })
    await page.until(/^\}$/m)
    await page.interrupt()
    expect(faults(page.stdout(), 'ui')).toEqual([])
  })

  it('are refused by it when a member is missing, unknown or of another type', async () => {
    const { stdout } = await call(['inspect', '--json', token])
    const document = JSON.parse(stdout)
    for (const change of [{ notes: undefined }, { extra: 1 }, { verified: 'yes' }, { schema: 2 }]) {
      expect(faults(JSON.stringify({ ...document, ...change }), 'inspect')).not.toEqual([])
    }
  })
})
