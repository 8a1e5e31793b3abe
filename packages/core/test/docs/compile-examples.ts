/** Compiles the examples of the documentation against the sources, all of them in one program. */
import { join } from 'node:path'
import ts from 'typescript'
import { type Page, root } from './pages.ts'

/** A block of TypeScript, and where it stands. */
export interface Example {
  readonly path: string
  /** The line of the page that the first line of the code is on. */
  readonly line: number
  readonly code: string
}

/** The fenced blocks that are marked as TypeScript. */
export function examplesOf({ path, text }: Page): Example[] {
  const examples: Example[] = []
  for (const block of text.matchAll(/^```ts(?: [^\n]*)?\n([\s\S]*?)^```/gm)) {
    const line = text.slice(0, block.index).split('\n').length + 1
    examples.push({ path, line, code: block[1] ?? '' })
  }
  return examples
}

/** The same in the comments of a source file. */
export function commentExamplesOf({ path, text }: Page): Example[] {
  // Each line of a comment loses its star and stays on its line; all other lines become empty.
  const comments = text
    .split('\n')
    .map((line) => /^\s*\* ?(.*)$/.exec(line)?.[1] ?? '')
    .join('\n')
  return examplesOf({ path, text: comments })
}

/** An example may say the name of its file, so that others can import it: `// server.ts`. */
function fileNameOf({ code }: Example, index: number): string {
  return namedFile(code) ?? `example-${index}.ts`
}

/** The name of a file that a program begins with. */
export function namedFile(code: string): string | undefined {
  return /^\/\/ (\S+\.ts)\n/.exec(code)?.[1]
}

/** What examples may use without saying where it comes from. */
const freeNames: Readonly<Record<string, string>> = {
  jwt: 'string',
  tenantId: 'string',
  token: `import('@tenantry/core').AccessToken`,
  decoded: `import('@tenantry/core').DecodedToken`,
  verifier: `import('@tenantry/core').Verifier`,
  databases: `import('@tenantry/databases').TenantDatabases<import('pg').Pool>`,
  guard: `import('@tenantry/express').Guard`,
  req: `import('express').Request`,
  res: `import('express').Response`,
  request: `import('fastify').FastifyRequest`,
}

/** The application of a page: one of Fastify where the page is about Fastify. */
function appOf({ path }: Example): string {
  return path.includes('fastify')
    ? `import('fastify').FastifyInstance`
    : `import('express').Express`
}

/** What the compiler has to say, one line for each complaint. */
export function complaintsAbout(examples: readonly Example[]): string[] {
  const files = new Map(
    examples.map((example, index) => [join(root, fileNameOf(example, index)), example] as const),
  )
  if (files.size < examples.length) throw new Error('Two examples have the same file name')
  const options = readOptions()
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.getSourceFile = (name, language, ...rest) => {
    const example = files.get(name)
    if (example === undefined) return getSourceFile(name, language, ...rest)
    return ts.createSourceFile(name, withFreeNames(example), language)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  const complaints: string[] = []
  for (const [name, example] of files) {
    const source = program.getSourceFile(name)
    if (source === undefined) throw new Error(`${name} is not in the program`)
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    for (const { start = 0, messageText } of found) {
      const line = example.line + source.getLineAndCharacterOfPosition(start).line
      const message = ts.flattenDiagnosticMessageText(messageText, ' ')
      complaints.push(`${example.path}:${line} ${message}`)
    }
  }
  return complaints
}

/** The options that the sources are compiled with. */
function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options, errors } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  if (errors.length > 0) throw new Error('tsconfig.base.json cannot be read')
  // Examples are programs: nobody imports from them.
  return { ...options, declaration: false, isolatedDeclarations: false }
}

/** Declares what the code uses and does not declare; behind the code, so that lines stay put. */
function withFreeNames(example: Example): string {
  const { code } = example
  const used = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const isDeclared =
        (ts.isVariableDeclaration(node.parent) ||
          ts.isBindingElement(node.parent) ||
          ts.isParameter(node.parent)) &&
        node.parent.name === node
      ;(isDeclared ? declared : used).add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true))
  const prelude = Object.entries({ ...freeNames, app: appOf(example) })
    .filter(([name]) => used.has(name) && !declared.has(name))
    .map(([name, type]) => `declare const ${name}: ${type}`)
  return [code, ...prelude, 'export {}'].join('\n')
}
