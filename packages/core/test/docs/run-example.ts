/**
 * Runs an example of the documentation, and answers with what it prints. It sees the real packages,
 * with a fixed clock and with the keys of a test issuer in the place of Userfront's.
 */
import { createRequire } from 'node:module'
import { format } from 'node:util'
import * as core from '@tenantry/core'
import * as context from '@tenantry/core/context'
import * as express from '@tenantry/express'
import * as fastify from '@tenantry/fastify'
import * as postgres from '@tenantry/postgres'
import * as testing from '@tenantry/testing'
import ts from 'typescript'
import type { Example } from './compile-examples.ts'

const require = createRequire(import.meta.url)
const now = () => new Date('2026-11-20T18:54:54Z')

const workspace = { workspaceId: 'demo1234', mode: 'live' } as const
const issuer = testing.createTestIssuer({ ...workspace, now })

/** The caller that the pages speak of: admin of one tenant, member of another. */
export const jwt: string = await issuer.token({
  userId: 36,
  authorization: { nz569yb7: { roles: ['admin'] }, a5h281k8: { roles: ['member'] } },
})

const modules: Readonly<Record<string, object>> = {
  '@tenantry/core': {
    ...core,
    createVerifier: (options: core.VerifierOptions) => core.createVerifier({ now, ...options }),
    userfront: (options: core.UserfrontOptions) =>
      core.userfront({ keys: issuer.keys, ...options }),
  },
  '@tenantry/core/context': context,
  '@tenantry/express': express,
  '@tenantry/fastify': fastify,
  '@tenantry/postgres': postgres,
  '@tenantry/testing': {
    ...testing,
    createTestIssuer: (options: testing.TestIssuerOptions) =>
      testing.createTestIssuer({ now, ...options }),
  },
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => (...values: unknown[]) => Promise<void>

/** What the example prints; the error that ends it counts as its last line. */
export async function outputOf({ code }: Example): Promise<string> {
  const lines: string[] = []
  const verifier = core.createVerifier({
    ...core.userfront({ ...workspace, keys: issuer.keys }),
    now,
  })
  const token = await verifier.verify(jwt)
  const free = {
    jwt,
    token,
    verifier,
    decoded: core.decodeToken(jwt),
    tenantId: 'nz569yb7',
    console: { log: (...values: unknown[]) => lines.push(format(...values)) },
    require: (name: string) => modules[name] ?? require(name),
    exports: {},
  }
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  })
  // In a block of its own, where it may declare the names that it is given.
  const run = new AsyncFunction(...Object.keys(free), `{${outputText}}`)
  try {
    await run(...Object.values(free))
  } catch (error) {
    lines.push(String(error))
  }
  // An example that listens hears this decision.
  core.can(token, 'a5h281k8', 'admin')
  return `${lines.join('\n')}\n`
}
