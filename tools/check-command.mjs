// Runs the packed command as npx runs it, from its tarball and with nothing else installed, on each
// version of Node that is named: node tools/check-command.mjs 20.19.0 22 24. Needs the npm registry
// for those versions of Node; without any, it runs on the Node that is there.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const project = mkdtempSync(join(tmpdir(), 'tenantry-command-'))
const shell = process.platform === 'win32'

execFileSync('npx', ['-y', packageManager, 'pack', '--pack-destination', project], {
  cwd: join(root, 'packages/cli'),
  stdio: ['ignore', 'ignore', 'inherit'],
  shell,
})
const [tarball = ''] = readdirSync(project).filter((file) => file.endsWith('.tgz'))
const { dependencies = {} } = JSON.parse(
  execFileSync('tar', ['-xzOf', join(project, tarball), 'package/package.json'], {
    encoding: 'utf8',
  }),
)
// Fetching one package is what makes npx quick.
assert.deepEqual(dependencies, {})
writeFileSync(join(project, 'package.json'), '{ "name": "stranger", "private": true }')

// Without a version the Node that is there runs it, and npx installs the tarball only.
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['']

for (const version of versions) {
  const packages = [`./${tarball}`, ...(version === '' ? [] : [`node@${version}`])]
  const npx = ['-y', ...packages.flatMap((name) => ['--package', name])]
  const tenantry = (args, input = '') => {
    const { status, stdout, stderr } = spawnSync('npx', [...npx, '--', 'tenantry', ...args], {
      cwd: project,
      input,
      encoding: 'utf8',
      shell,
      env: { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', TENANTRY_TOKEN: '' },
    })
    return { status, stdout, stderr }
  }
  const { node } = JSON.parse(tenantry(['--version', '--json']).stdout)
  if (version !== '') assert.ok(node.startsWith(version), `asked for ${version}, got ${node}`)

  const key = tenantry(['keygen', '--alg', 'RS256', '--force'])
  assert.equal(key.status, 0, key.stderr)
  const token = tenantry(['mint', '--tenant', 'acme=admin,member', '--exp', '1h']).stdout
  writeFileSync(join(project, 'jwks.json'), tenantry(['jwks', 'print']).stdout)

  const inspected = tenantry(['inspect', '--jwks', 'jwks.json'], token)
  assert.equal(inspected.status, 0, inspected.stderr)
  assert.match(inspected.stdout, /signature matches/)
  assert.match(inspected.stdout, /acme/)
  const refused = tenantry(['inspect', '--jwks', 'jwks.json', '--issuer', 'x'], token)
  assert.equal(refused.status, 1, refused.stderr)
  const decision = tenantry(['can', 'acme', 'admin', '--jwks', 'jwks.json'], token)
  assert.match(decision.stdout, /yes/)
  assert.match(tenantry(['explain', 'token_expired']).stdout, /The token has expired/)
  assert.equal(tenantry(['doctor', 'http://127.0.0.1:9/x']).status, 3)
  console.log(`ok    npx tenantry inspect on Node ${node}`)
}

rmSync(project, { recursive: true, force: true })
