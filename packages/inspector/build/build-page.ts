/** Makes the page: one HTML file out of page.html, page.css and everything that main.ts imports. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The page, and the policy that goes with it. */
export interface Page {
  readonly html: string
  /** The Content-Security-Policy that is also in the page, as a `<meta>`. */
  readonly policy: string
}

/** Builds the page from its sources. */
export async function buildPage(): Promise<Page> {
  const template = readFileSync(source('page.html'), 'utf8')
  const [script, style] = await Promise.all([bundle('main.ts'), bundle('page.css')])
  const policy = policyOf(script, style)
  const html = replaceEach(template, [
    ["default-src 'none'", policy],
    ['<link rel="stylesheet" href="page.css">', `<style>${style}</style>`],
    ['<script src="main.ts"></script>', `<script>${script}</script>`],
    ['<!-- licences -->', `<!--\n${licences()}\n-->`],
  ])
  return { html, policy }
}

/** Replaces every text once. @throws {Error} when the template has lost one of them */
function replaceEach(
  template: string,
  replacements: readonly (readonly [from: string, to: string])[],
): string {
  return replacements.reduce((html, [from, to]) => {
    if (html.split(from).length !== 2) throw new Error(`page.html must have once: ${from}`)
    // A function, because `$&` in a replacement is no text.
    return html.replace(from, () => to)
  }, template)
}

/** The file is passed on by itself, so what is in it brings its licence along. */
function licences(): string {
  const { resolve } = createRequire(
    createRequire(import.meta.url).resolve('@tenantry/core/package.json'),
  )
  const texts = ['jose', 'zod'].map((name) => {
    const folder = dirname(resolve(`${name}/package.json`))
    const file = ['LICENSE', 'LICENSE.md'].map((each) => join(folder, each)).find(existsSync)
    if (file === undefined) throw new Error(`${name} has no licence.`)
    return `${name}\n\n${readFileSync(file, 'utf8').trim()}`
  })
  const own = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8').trim()
  return [`Tenantry, and in this file parts of jose and zod\n\n${own}`, ...texts].join('\n\n')
}

/**
 * Nothing is loaded and nothing is sent: only this script and this style run, by their hashes, and no
 * text can become markup.
 */
function policyOf(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(source(entry))],
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    conditions: ['@tenantry/source'],
    // Core would fetch keys from an address. Here is none, so nothing in the file can fetch.
    define: { 'globalThis.fetch': 'undefined' },
    // Otherwise zod tries to compile code, which the policy refuses and reports.
    banner: { js: 'globalThis.__zod_globalConfig={jitless:true};' },
    legalComments: 'none',
    logLevel: 'warning',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}.`)
  return file.text.trim()
}

function source(name: string): URL {
  return new URL(`../src/${name}`, import.meta.url)
}
