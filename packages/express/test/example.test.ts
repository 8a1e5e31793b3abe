/** Starts the example application, and makes the requests that it prints. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'

const folder = join(import.meta.dirname, '../../../docs/examples/express')

interface Shown {
  readonly comment: string
  readonly url: string
  readonly authorization: string | undefined
}

/** What it prints, until it has printed the last request. */
async function start(): Promise<readonly Shown[]> {
  const flags = ['--conditions=@tenantry/source', '--import', 'tsx', 'main.ts']
  const { NODE_OPTIONS: _, ...env } = process.env
  const program = spawn(process.execPath, flags, {
    cwd: folder,
    env: { ...env, NODE_ENV: 'test', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void program.kill())
  const shown: Shown[] = []
  let comment = ''
  for await (const line of createInterface(program.stdout)) {
    if (line.startsWith('# ')) comment = line.slice(2)
    const [, authorization, url] = /^curl -i (?:-H "Authorization: (.+)" )?(\S+)$/.exec(line) ?? []
    if (url !== undefined) shown.push({ comment, url, authorization })
    if (comment.includes('token_expired') && url !== undefined) break
  }
  return shown
}

test('the example answers every request that it prints as it says', {
  timeout: 30_000,
}, async () => {
  const shown = await start()
  const answers: string[] = []
  for (const { comment, url, authorization } of shown) {
    const response = await fetch(url, { headers: authorization ? { authorization } : {} })
    const body: unknown = await response.json()
    const code: unknown = Reflect.get(Object(body), 'code')
    answers.push([response.status, code].filter(Boolean).join(' '))
    expect(comment.split(': ')[0]).toBe(answers.at(-1))
    if (response.ok) {
      expect(body).toEqual({ tenantId: 'nz569yb7', userId: 36, widgets: ['a gear', 'a spring'] })
    }
  }
  expect(answers).toEqual([
    '200',
    '403 role_insufficient',
    '403 tenant_forbidden',
    '401 credentials_missing',
    '401 token_expired',
  ])
})
