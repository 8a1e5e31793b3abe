import * as core from '@tenantry/core'
import * as context from '@tenantry/core/context'
import * as databases from '@tenantry/databases'
import * as databasesFastify from '@tenantry/databases/fastify'
import * as databasesMongoose from '@tenantry/databases/mongoose'
import * as databasesPg from '@tenantry/databases/pg'
import * as databasesPglite from '@tenantry/databases/pglite'
import * as express from '@tenantry/express'
import * as fastify from '@tenantry/fastify'
import * as mongoose from '@tenantry/mongoose'
import * as postgres from '@tenantry/postgres'
import * as testing from '@tenantry/testing'
import * as isolation from '@tenantry/testing/isolation'
import { describe, expect, it } from 'vitest'
import { commentExamplesOf, complaintsAbout, examplesOf } from './compile-examples.ts'
import { documentedSources, markdownPages } from './pages.ts'

const inPages = markdownPages().flatMap(examplesOf)
const inComments = documentedSources().flatMap(commentExamplesOf)

describe('the examples of the documentation', () => {
  it('compile against the sources, in the pages and in the comments', { timeout: 60_000 }, () => {
    expect(complaintsAbout([...inPages, ...inComments])).toEqual([])
  })

  it('are found', () => {
    const paths = new Set([...inPages, ...inComments].map(({ path }) => path))
    expect([...paths]).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/getting-started.md',
        'packages/testing/README.md',
        'packages/express/README.md',
        'packages/fastify/README.md',
        'packages/express/src/create-guard.ts',
        'packages/fastify/src/plugin.ts',
        'packages/core/src/access/can.ts',
        'packages/testing/src/test-issuer.ts',
        'packages/testing/src/isolation/describe-isolation.ts',
        'docs/guides/databases.md',
        'packages/databases/README.md',
        'packages/databases/src/create-tenant-databases.ts',
        'docs/guides/postgres.md',
        'packages/postgres/README.md',
        'packages/postgres/src/tenant-pool.ts',
      ]),
    )
  })

  it('are TypeScript wherever a comment announces one', () => {
    const announced = documentedSources().flatMap(({ path, text }) =>
      [...text.matchAll(/^\s*\* @example/gm)].map(() => path),
    )
    expect(inComments.map(({ path }) => path)).toEqual(announced)
  })

  it('are there for every function that is exported', () => {
    const sources = documentedSources()
      .map(({ text }) => text)
      .join('\n')
    const functions = Object.entries({
      ...core,
      ...context,
      ...databases,
      ...databasesFastify,
      ...databasesMongoose,
      ...databasesPg,
      ...databasesPglite,
      ...express,
      ...fastify,
      ...mongoose,
      ...postgres,
      ...testing,
      ...isolation,
    })
      .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
      .filter(([name]) => name !== 'default')
      .map(([name]) => name)
    expect(functions).toEqual(
      expect.arrayContaining(['createTestIssuer', 'tenantry', 'withTenant']),
    )
    const without = functions.filter((name) => {
      const [before = ''] = sources.split(
        new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm'),
      )
      return !before.slice(before.lastIndexOf('/**')).includes('@example')
    })
    expect(without).toEqual([])
  })

  it('would be refused if they were wrong', { timeout: 60_000 }, () => {
    const example = (code: string) => ({ path: 'page.md', line: 7, code })
    const complaints = complaintsAbout([
      example(`import { can } from '@tenantry/core'\ncan(decoded, tenantId, 'admin')\n`),
      example(`import { can } from '@tenantry/core'\ncan(token, tenantId, ['admin'])\n`),
      example(`import { nothing } from '@tenantry/core'\n`),
      example(`const { userId } = await verifier.verify(jwt)\n`),
    ])
    expect(complaints).toEqual([
      expect.stringMatching(/^page\.md:8 Argument of type 'DecodedToken' is not assignable/),
      expect.stringMatching(/^page\.md:8 /),
      expect.stringMatching(/^page\.md:7 .*no exported member 'nothing'/),
    ])
  })
})
