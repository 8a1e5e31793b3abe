import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readPage } from './pages.ts'

/** The members of an interface in a source file, in their order. */
function membersOf(path: string, name: string): string[] {
  const source = ts.createSourceFile(path, readPage(path).text, ts.ScriptTarget.ES2022, true)
  const members = source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .filter((statement) => statement.name.text === name)
    .flatMap((statement) => statement.members.map((member) => member.name?.getText(source) ?? ''))
  expect(members).not.toEqual([])
  return members
}

/** The first column of a table under a heading. */
function rowsUnder(path: string, heading: string): string[] {
  const [, section = ''] = readPage(path).text.split(`\n${heading}\n`)
  const [own = ''] = section.split(/^#+ /m)
  return [...own.matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, name = '']) => name)
}

const verifier = 'packages/core/src/verify/options.ts'
const reference = 'docs/reference/options.md'

describe('the table of options', () => {
  it('has every option of createVerifier, in the order of the sources', () => {
    expect(rowsUnder(reference, '## createVerifier')).toEqual(
      membersOf(verifier, 'VerifierOptions'),
    )
  })

  it('has every option of a JWKS URL, here and where keys are explained', () => {
    const options = membersOf(verifier, 'JwksOptions')
    expect(rowsUnder(reference, '### jwks')).toEqual(options.map((name) => `jwks.${name}`))
    expect(rowsUnder('docs/concepts/keys.md', '## How a URL is fetched')).toEqual(options)
  })

  it('has every option of the userfront preset', () => {
    const options = membersOf('packages/core/src/presets/userfront.ts', 'UserfrontOptions')
    expect(rowsUnder(reference, '## The userfront preset')).toEqual(options)
  })

  it('has every option of guards, here and in the guides', () => {
    const options = 'packages/core/src/http/guard-options.ts'
    const one = membersOf(options, 'RuleOptions')
    const all = membersOf(options, 'GuardOptions')
    expect(rowsUnder(reference, '## Guards')).toEqual(all)
    expect(rowsUnder(reference, '### One guard')).toEqual(one)
    for (const guide of ['docs/guides/express.md', 'docs/guides/fastify.md']) {
      expect(rowsUnder(guide, '## Options').sort()).toEqual([...all, ...one].sort())
    }
  })

  it('has every option of an audit of routes', () => {
    const options = membersOf('packages/core/src/http/audit-options.ts', 'AuditOptions')
    expect(rowsUnder(reference, '### auditRoutes')).toEqual(options)
  })

  it('has every option of the data packages', () => {
    const of = (heading: string, path: string, name: string, ...inherited: readonly string[]) => {
      const own = membersOf(`packages/${path}`, name)
      expect(rowsUnder(reference, `## ${heading}`)).toEqual([...inherited, ...own])
    }
    const binding = membersOf('packages/postgres/src/options.ts', 'BindingOptions')
    const database = 'postgres/src/tenant-database.ts'
    of('tenantScope', 'mongoose/src/tenant-scope.ts', 'TenantScopeOptions')
    of('tenantGlobal', 'mongoose/src/tenant-global.ts', 'TenantGlobalOptions')
    of('tenantPool', 'postgres/src/options.ts', 'TenantPoolOptions', ...binding)
    of('tenantPool', database, 'TenantDatabaseOptions', ...binding)
    of('rowLevelSecurity', 'postgres/src/row-level-security.ts', 'RowLevelSecurityOptions')
    of('auditRowLevelSecurity', 'postgres/src/audit/audit.ts', 'AuditOptions')
  })

  it('has every option of the databases of tenants', () => {
    const options = 'packages/databases/src/options.ts'
    const guide = 'docs/guides/databases.md'
    const all = [
      ...membersOf(options, 'DatabaseBinding'),
      ...membersOf(options, 'TenantDatabasesOptions'),
    ]
    expect(rowsUnder(guide, '## Options').sort()).toEqual(all.sort())
    const shutdown = 'packages/databases/src/shutdown/create-shutdown.ts'
    expect(rowsUnder(guide, '## The end of the server')).toEqual(
      membersOf(shutdown, 'ShutdownOptions'),
    )
    const provision = 'packages/databases/src/provision'
    const tenant = [
      ...membersOf(`${provision}/provision-tenant.ts`, 'ProvisionTenantOptions'),
      ...membersOf(`${provision}/provisioning.ts`, 'Provisioning'),
      ...membersOf(`${provision}/provisioning.ts`, 'TenantStorage'),
      ...membersOf(options, 'DatabaseBinding'),
    ]
    expect(rowsUnder('docs/guides/provisioning.md', '## Options').sort()).toEqual(tenant.sort())
  })

  it('has every option of a test issuer', () => {
    const options = membersOf('packages/testing/src/test-issuer.ts', 'TestIssuerOptions')
    expect(rowsUnder('docs/testing.md', '## Options')).toEqual(options)
  })

  it('has every member of every event', () => {
    const events = 'packages/core/src/events.ts'
    const page = 'docs/reference/events.md'
    expect(rowsUnder(page, '## tenantry:decision')).toEqual(membersOf(events, 'DecisionEvent'))
    expect(rowsUnder(page, '## tenantry:verify')).toEqual(membersOf(events, 'VerifyEvent'))
    expect(rowsUnder(page, '## tenantry:jwks')).toEqual(membersOf(events, 'JwksEvent'))
    const database = membersOf('packages/databases/src/events.ts', 'DatabaseEvent')
    expect(rowsUnder(page, '## tenantry:database')).toEqual(database)
  })
})
