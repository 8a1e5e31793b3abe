/** What a reader types to get the packages, and what the examples teach. */
import { describe, expect, it } from 'vitest'
import { filesIn, markdownPages, readPage } from './pages.ts'

const pages = markdownPages()
const manifests = filesIn('packages', 'package.json').map((path) => JSON.parse(readPage(path).text))
const { packageManager, scripts } = JSON.parse(readPage('package.json').text)

describe('the commands to install with', () => {
  it('name the version of pnpm that the repository has, and scripts that exist', () => {
    const commands = pages.flatMap(({ text }) => [
      ...text.matchAll(/npx -y (pnpm@[\d.]+) (?:run )?([\w:-]+)/g),
    ])
    expect(commands.length).toBeGreaterThan(5)
    const known = [...Object.keys(scripts), 'install', '-r', '--filter']
    for (const [, pnpm, command] of commands) {
      expect(pnpm).toBe(packageManager)
      expect(known).toContain(command)
    }
  })

  it('name tarballs as pnpm does, and in the guides all that an application needs', () => {
    const tarballs = manifests
      .filter(({ private: isPrivate }) => isPrivate !== true)
      .map(({ name }) => name.replace('@', '').replace('/', '-'))
    for (const { path, text } of pages) {
      for (const [, tarball] of text.matchAll(/tarballs\/([\w-]+)-\*\.tgz/g)) {
        expect({ path, tarballs }).toEqual({ path, tarballs: expect.arrayContaining([tarball]) })
      }
    }
    for (const [name, driver] of [
      ['express', 'express'],
      ['fastify', 'fastify'],
      ['mongoose', 'mongoose'],
      ['postgres', 'pg'],
    ]) {
      const [, install = ''] = readPage(`docs/guides/${name}.md`).text.split('\n## Install\n')
      expect(install).toMatch(
        new RegExp(
          `^npm install \\S+/tenantry-core-\\*\\.tgz \\S+/tenantry-${name}-\\*\\.tgz ${driver}$`,
          'm',
        ),
      )
    }
    expect(readPage('docs/guides/express.md').text).toContain('@types/express')
    expect(readPage('docs/guides/postgres.md').text).toContain('@types/pg')
  })
})

describe('the programs of the documentation', () => {
  const programs = [...pages, ...filesIn('docs/examples', '.ts').map(readPage)]

  it.each(programs)('$path: no tenant has a name that is empty', ({ text }) => {
    expect(text).not.toMatch(/tenantId(?:: string)? = (?:''|"")/)
    expect(text).not.toMatch(/tenantId(?:\(\))? \?\? (?:''|"")/)
  })
})
