/** Runs the code blocks of the guides as they stand there, with what the reader has by then. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as core from '@tenantry/core'
import * as context from '@tenantry/core/context'
import * as onExpress from '@tenantry/express'
import * as onFastify from '@tenantry/fastify'
import ts from 'typescript'

const require = createRequire(import.meta.url)

const modules: Readonly<Record<string, unknown>> = {
  '@tenantry/core': core,
  '@tenantry/core/context': context,
  '@tenantry/express': onExpress,
  '@tenantry/fastify': onFastify,
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => (...values: unknown[]) => Promise<unknown>

/** The first block of TypeScript below a heading. */
function blockOf(guide: string, heading: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/guides', guide), 'utf8')
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const block = /^```ts\n([\s\S]*?)^```/m.exec(section.split(/^## /m, 1)[0] ?? '')?.[1]
  if (block === undefined) throw new Error(`${guide} has no code below "${heading}"`)
  return block
}

/** Runs a block with these names, and answers with the value of an expression behind it. */
export async function runBlock(
  guide: string,
  heading: string,
  free: Readonly<Record<string, unknown>>,
  result: string,
): Promise<unknown> {
  const { outputText } = ts.transpileModule(blockOf(guide, heading), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  })
  const given = {
    ...free,
    require: (name: string) => modules[name] ?? require(name),
    exports: {},
  }
  // In a block of its own, where it may declare the names that it is given.
  const run = new AsyncFunction(...Object.keys(given), `{${outputText}\nreturn ${result}}`)
  return await run(...Object.values(given))
}
