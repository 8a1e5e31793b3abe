// Packs every published package, installs the tarballs into an empty project and uses them as a
// stranger would: from ESM, from CommonJS, from TypeScript, bundled for a runtime without Node's
// modules, and as a command. What the workspace resolves for itself does not help here.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'tenantry-packed-'))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function run(command, args, options = {}) {
  return execFileSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: '' },
    ...options,
  })
}

function step(name, action) {
  try {
    action()
    console.log(`ok    ${name}`)
  } catch (error) {
    console.log(`FAIL  ${name}`)
    console.log(error.stdout ?? '', error.stderr ?? '', error.message)
    process.exitCode = 1
  }
}

const published = readdirSync(join(root, 'packages'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => join(root, 'packages', entry.name))
  .filter((folder) => !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private)

for (const folder of published) {
  run('npx', ['-y', packageManager, 'pack', '--pack-destination', project], { cwd: folder })
}
const tarballs = readdirSync(project).filter((file) => file.endsWith('.tgz'))
assert.equal(tarballs.length, published.length)
writeFileSync(join(project, 'package.json'), '{ "name": "stranger", "private": true }')
run('npm', ['install', '--no-audit', '--no-fund', ...tarballs.map((file) => `./${file}`)])

step('the licence, in every package', () => {
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  for (const folder of published) {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const packed = readFileSync(join(project, 'node_modules', name, 'LICENSE'), 'utf8')
    assert.equal(packed, licence, name)
  }
})

const usage = `
  const issuer = createTestIssuer()
  const verifier = createVerifier({ keys: issuer.keys })
  const jwt = await issuer.token({ authorization: { acme: { roles: ['admin'] } } })
  const token = await verifier.verify(jwt)
  assert.equal(can(token, 'acme', 'admin'), true)
  assert.equal(can(token, 'globex', 'admin'), false)
  await assert.rejects(verifier.verify(await issuer.forged()), { code: 'signature_invalid' })
`

step('ESM', () => {
  writeFileSync(
    join(project, 'esm.mjs'),
    `import assert from 'node:assert/strict'
     import { can, createVerifier } from '@tenantry/core'
     import { createTestIssuer } from '@tenantry/testing'
     ${usage}`,
  )
  run('node', ['esm.mjs'])
})

step('CommonJS, without loading an ESM-only dependency', () => {
  writeFileSync(
    join(project, 'cjs.cjs'),
    `const assert = require('node:assert/strict')
     const { can, createVerifier } = require('@tenantry/core')
     const { createTestIssuer } = require('@tenantry/testing')
     void (async () => { ${usage} })()`,
  )
  run('node', ['--no-experimental-require-module', 'cjs.cjs'])
})

step('the guards, from ESM and from CommonJS', () => {
  const serve = `
    const issuer = createTestIssuer()
    const verifier = createVerifier({ keys: issuer.keys })
    const headers = { authorization: 'Bearer ' + await issuer.token({ authorization: { acme: { roles: ['admin'] } } }) }
    const expressApp = express()
    expressApp.get('/tenants/:tenantId', createGuard({ verifier }).requireRole('admin'), (req, res) => res.json(req.auth.tenantId))
    const server = expressApp.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const fastifyApp = fastify()
    await fastifyApp.register(tenantry, { verifier })
    fastifyApp.get('/tenants/:tenantId', { preHandler: fastifyApp.requireRole('admin') }, async (request) => request.auth.tenantId)
    const urls = ['http://127.0.0.1:' + server.address().port, await fastifyApp.listen({ host: '127.0.0.1', port: 0 })]
    for (const url of urls) {
      assert.equal((await fetch(url + '/tenants/acme', { headers })).status, 200)
      assert.equal((await fetch(url + '/tenants/globex', { headers })).status, 403)
      assert.equal((await fetch(url + '/tenants/acme')).status, 401)
    }
    server.close(); server.closeAllConnections(); await fastifyApp.close()`
  const names = [
    ['assert', 'node:assert/strict'],
    ['express', 'express'],
    ['fastify', 'fastify'],
  ]
  const named = [
    ['{ createVerifier }', '@tenantry/core'],
    ['{ createTestIssuer }', '@tenantry/testing'],
    ['{ createGuard }', '@tenantry/express'],
    ['{ tenantry }', '@tenantry/fastify'],
  ]
  const all = [...names, ...named]
  const imports = all.map(([what, from]) => `import ${what} from '${from}'`).join(';')
  const requires = all.map(([what, from]) => `const ${what} = require('${from}')`).join(';')
  writeFileSync(join(project, 'guards.mjs'), `${imports};${serve}`)
  writeFileSync(join(project, 'guards.cjs'), `${requires};void (async () => {${serve}})()`)
  run('node', ['guards.mjs'])
  run('node', ['guards.cjs'])
})

step('the guard of Mongoose, from ESM and from CommonJS', () => {
  const use = `
    const own = new mongoose.Mongoose()
    installTenantGuard(own)
    const schema = new own.Schema({ name: String })
    schema.plugin(tenantScope, { field: 'organizationId' })
    const Product = own.model('Product', schema)
    await assert.rejects(Product.find().exec(), { code: 'tenant_context_missing', status: 401 })`
  const all = [
    ['assert', 'node:assert/strict'],
    ['mongoose', 'mongoose'],
    ['{ installTenantGuard, tenantScope }', '@tenantry/mongoose'],
  ]
  const imports = all.map(([what, from]) => `import ${what} from '${from}'`).join(';')
  const requires = all.map(([what, from]) => `const ${what} = require('${from}')`).join(';')
  writeFileSync(join(project, 'mongoose.mjs'), `${imports};${use}`)
  writeFileSync(join(project, 'mongoose.cjs'), `${requires};void (async () => {${use}})()`)
  run('node', ['mongoose.mjs'])
  run('node', ['mongoose.cjs'])
})

step('the pool of tenants, from ESM and from CommonJS, without pg', () => {
  const use = `
    assert.match(rowLevelSecurity('widgets', { column: 'tenant_id' }), /force row level security/)
    const sent = []
    const client = {
      readyForQuery: true, status: 'I', release() {}, on() {}, removeListener() {},
      getTransactionStatus() { return this.status },
      async query(text) {
        sent.push(text)
        this.status = text === 'commit' ? 'I' : 'T'
        return [{ rows: [{ tenant: 'acme', who: 'app', held: 'true' }] }]
      },
    }
    const pool = tenantPool({ connect: async () => client, end: async () => {}, on() {} })
    await assert.rejects(pool.query('select 1'), { code: 'tenant_context_missing' })
    await withTenant('acme', () => pool.query('select 1'))
    assert.deepEqual(sent.slice(-2), ['select 1', 'commit'])
    assert.equal(typeof describeIsolation, 'function')`
  const named = [
    ['{ withTenant }', '@tenantry/core/context'],
    ['{ rowLevelSecurity, tenantPool }', '@tenantry/postgres'],
    ['{ describeIsolation }', '@tenantry/testing/isolation'],
  ]
  const imports = named.map(([what, from]) => `import ${what} from '${from}'`).join(';')
  const requires = named.map(([what, from]) => `const ${what} = require('${from}')`).join(';')
  writeFileSync(
    join(project, 'pool.mjs'),
    `import assert from 'node:assert/strict';${imports};${use}`,
  )
  writeFileSync(
    join(project, 'pool.cjs'),
    `const assert = require('node:assert/strict');${requires};void (async () => {${use}})()`,
  )
  run('node', ['pool.mjs'])
  run('node', ['pool.cjs'])
})

step('the databases of tenants, from ESM and from CommonJS, without a driver', () => {
  const use = `
    const rows = [{ tenantId: 'acme', status: 'active', databaseName: 'acme_1', version: 1 }]
    const closed = []
    const databases = createTenantDatabases({
      registry: { find: async (id) => rows.find((row) => row.tenantId === id) },
      connect: async (row) => row.databaseName,
      disconnect: async (name) => void closed.push(name),
    })
    assert.equal(await databases.use('acme', (name) => name), 'acme_1')
    await assert.rejects(databases.use('globex', () => 0), { code: 'tenant_forbidden' })
    await assert.rejects(databases.use('../x', () => 0), { code: 'tenant_invalid' })
    await databases.close()
    assert.deepEqual(closed, ['acme_1'])
    assert.equal(typeof tenantDatabases, 'function')`
  const named = [
    ['{ createTenantDatabases }', '@tenantry/databases'],
    ['{ tenantDatabases }', '@tenantry/databases/fastify'],
  ]
  const imports = named.map(([what, from]) => `import ${what} from '${from}'`).join(';')
  const requires = named.map(([what, from]) => `const ${what} = require('${from}')`).join(';')
  writeFileSync(
    join(project, 'databases.mjs'),
    `import assert from 'node:assert/strict';${imports};${use}`,
  )
  writeFileSync(
    join(project, 'databases.cjs'),
    `const assert = require('node:assert/strict');${requires};void (async () => {${use}})()`,
  )
  run('node', ['databases.mjs'])
  run('node', ['databases.cjs'])
})

step('a token of one build in the other is refused, never a silent no', () => {
  writeFileSync(
    join(project, 'mixed.mjs'),
    `import assert from 'node:assert/strict'
     import { createRequire } from 'node:module'
     import { can as canEsm, createVerifier, isTenantryError } from '@tenantry/core'
     import { createTestIssuer } from '@tenantry/testing'
     const { can } = createRequire(import.meta.url)('@tenantry/core')
     ${usage.replace("assert.equal(can(token, 'acme', 'admin'), true)", '').replace(/assert.equal.*globex.*/, '')}
     assert.equal(canEsm(token, 'acme', 'admin'), true)
     assert.throws(() => can(token, 'acme', 'admin'), (error) =>
       isTenantryError(error) && error.code === 'token_unverified')`,
  )
  run('node', ['mixed.mjs'])
})

step('types, for ESM and CommonJS consumers, with every declaration checked', () => {
  const source = `
    import { can, createVerifier, decodeToken, defineRoles, type AccessToken } from '@tenantry/core'
    import { createTestIssuer } from '@tenantry/testing'
    const roles = defineRoles({ member: {}, admin: { inherits: ['member'] } })
    const verifier = createVerifier({ keys: createTestIssuer().keys, roles })
    export async function main(jwt: string): Promise<boolean> {
      const token: AccessToken<'member' | 'admin', never> = await verifier.verify(jwt)
      // @ts-expect-error not a role
      can(token, 'acme', 'admni')
      // @ts-expect-error not verified
      can(decodeToken(jwt), 'acme', 'admin')
      return can(token, 'acme', 'admin')
    }`
  writeFileSync(join(project, 'consumer.mts'), source)
  writeFileSync(join(project, 'consumer.cts'), source)
  for (const module of ['node16', 'nodenext']) {
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module,
          target: 'es2022',
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files: ['consumer.mts', 'consumer.cts'],
      }),
    )
    run('node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
  }
})

step('no declaration names a type of jose or zod', () => {
  for (const name of ['core', 'testing']) {
    const dist = join(project, 'node_modules/@tenantry', name, 'dist')
    for (const file of readdirSync(dist).filter((entry) => /\.d\.c?ts$/.test(entry))) {
      assert.doesNotMatch(readFileSync(join(dist, file), 'utf8'), /from ['"](jose|zod)/)
    }
  }
})

step('bundled for a runtime that has WebCrypto and no module of Node', () => {
  writeFileSync(
    join(project, 'web.mjs'),
    `import { can, createVerifier } from '@tenantry/core'
     export const answer = async (jwk, jwt) =>
       can(await createVerifier({ keys: jwk }).verify(jwt), 'acme', 'admin')`,
  )
  writeFileSync(
    join(project, 'bundle.mjs'),
    `import assert from 'node:assert/strict'
     import { readFileSync } from 'node:fs'
     import { build } from ${JSON.stringify(pathToFileURL(join(root, 'node_modules/esbuild/lib/main.js')).href)}
     import { createTestIssuer } from '@tenantry/testing'
     await build({ entryPoints: ['web.mjs'], bundle: true, format: 'esm', platform: 'browser', outfile: 'web.bundle.mjs' })
     assert.doesNotMatch(readFileSync('web.bundle.mjs', 'utf8'), /(from|import|require\\()\\s*["']node:/)
     const { answer } = await import('./web.bundle.mjs')
     const issuer = createTestIssuer({ algorithm: 'RS256' })
     const authorization = { acme: { roles: ['admin'] } }
     assert.equal(await answer(issuer.keys, await issuer.token({ authorization })), true)
     await assert.rejects(answer(issuer.keys, await issuer.forged({ authorization })), { code: 'signature_invalid' })`,
  )
  run('node', ['bundle.mjs'])
})

if (published.some((folder) => folder.endsWith('cli'))) {
  step('the command', () => {
    const tenantry = (...args) => run('npx', ['--no-install', 'tenantry', ...args])
    assert.match(tenantry('--version'), /\d+\.\d+\.\d+/)
    // What is private is inside, and so are the pages that explain reads.
    assert.match(tenantry('inspect', 'eyJhbGciOiJub25lIn0.e30.AAAA'), /not signed/)
    assert.match(tenantry('explain', 'token_expired'), /The token has expired/)
    tenantry('ui', '--export', 'inspector.html')
    assert.match(readFileSync(join(project, 'inspector.html'), 'utf8'), /connect-src 'none'/)
  })
}

rmSync(project, { recursive: true, force: true })
