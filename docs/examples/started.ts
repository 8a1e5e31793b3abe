/** An example, started as a reader starts it, for its test. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A request that the example prints, and what it says will come back. */
export interface PrintedRequest {
  /** As it is printed: `403 tenant_forbidden: those of somebody else`. */
  readonly comment: string
  /** `403 tenant_forbidden`. */
  readonly expected: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface StartedExample {
  /** What it has printed so far. */
  readonly output: string
  /** The same of its complaints. */
  readonly complaint: string
  readonly requests: readonly PrintedRequest[]
  /** Answers with its exit code, or with nothing when the signal ended it. */
  stop(): Promise<number | null>
}

/** Runs the start script of the folder on free ports, until it has printed its last request. */
export async function startExample(
  name: string,
  last: string,
  env: NodeJS.ProcessEnv = {},
): Promise<StartedExample> {
  const folder = join(import.meta.dirname, name)
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const [command, ...args] = String(scripts.start).split(' ')
  if (command !== 'node') throw new Error('The start script is not one of Node')
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...inherited, PORT: '0', ...env },
  })
  let output = ''
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const ended = once(child, 'exit')
  const isPrinted = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes(last) && output.endsWith('\n')) resolve()
    })
  })
  await Promise.race([isPrinted, ended])
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`The example ended: ${output}${complaint}`)
  return {
    get output() {
      return output
    },
    get complaint() {
      return complaint
    },
    requests: requestsIn(output, env),
    async stop() {
      child.kill()
      await ended
      return child.exitCode
    },
  }
}

const printed =
  /^# ((\d+(?: \w+)?).*)\ncurl -i (?:-H "Authorization: (.+?)" )?(?:-H "Idempotency-Key: (.+?)" )?(?:-X (\w+) -H "Content-Type: (.+?)" -d '(.+?)' )?"(http:.+)"$/gm

function requestsIn(output: string, env: NodeJS.ProcessEnv): readonly PrintedRequest[] {
  return [...output.matchAll(printed)].map(
    ([, comment = '', expected = '', token, key, method, type, body, url = '']) => ({
      comment,
      expected,
      method: method ?? 'GET',
      url,
      headers: {
        // With the variables of the terminal.
        ...(token === undefined
          ? {}
          : { authorization: token.replace(/\$(\w+)/, (_, name) => env[name] ?? '') }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      body,
    }),
  )
}

/** Sends it, as written or to another server, and answers in the words of `expected`. */
export async function send({ method, url, headers, body }: PrintedRequest): Promise<string> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  const answer = await response.text()
  const { code }: { code?: string } = answer === '' ? {} : JSON.parse(answer)
  return code === undefined ? `${response.status}` : `${response.status} ${code}`
}

/** Sends a request with a token, and answers with what came back. */
export async function ask(
  url: string,
  authorization: string | undefined,
  method = 'GET',
  body?: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** Sends a body as it is, said to be JSON. */
export async function sendText(
  url: string,
  authorization: string | undefined,
  body: string,
  method = 'POST',
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { authorization: authorization ?? '', 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, body })
  return { status: response.status, text: await response.text() }
}

const hide = `import Module from 'node:module'
  const resolve = Module._resolveFilename
  Module._resolveFilename = (name, ...more) => {
    if (name.startsWith('@jongodb/')) throw new Error('not installed')
    return resolve(name, ...more)
  }`

/** An environment in which there is no MongoDB, and no stand-in for it. */
export const withoutMongo: NodeJS.ProcessEnv = {
  MONGODB_URI: '',
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hide)}`,
}
