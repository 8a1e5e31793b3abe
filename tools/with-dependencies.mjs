// Runs a command of this repository, and installs what it needs first when that has not happened
// yet or the lockfile has changed since: `npm test` and `npm run demo` work on a fresh clone.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const windows = process.platform === 'win32'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tenantry needs Node 20.19 or newer; this is Node ${process.versions.node}.`)
  process.exit(1)
}

function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}

// pnpm writes a copy of the lockfile when an install has gone through.
const installed = read('node_modules/.pnpm/lock.yaml')
if (installed === undefined || installed !== read('pnpm-lock.yaml')) {
  console.error('Installing dependencies (once; about half a minute) …')
  const { packageManager } = JSON.parse(read('package.json') ?? '{}')
  const install = spawnSync(
    'npx',
    ['-y', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'],
    { cwd: root, stdio: ['ignore', 2, 2], shell: windows, env: { ...process.env, CI: 'true' } },
  )
  if (install.status !== 0) {
    console.error('The dependencies could not be installed; see above.')
    process.exit(install.status ?? 1)
  }
}

const [command, ...args] = process.argv.slice(2)
const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`
const run = spawn(command, args, {
  cwd: root,
  stdio: 'inherit',
  shell: windows,
  env: { ...process.env, PATH: path },
})
// Ctrl-C comes to the command as well, and this one waits for how it ends. A signal that is sent to this
// process alone is passed on.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => run.kill('SIGTERM'))
run.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
run.on('exit', (code) => process.exit(code ?? 1))
