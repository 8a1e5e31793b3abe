import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePrivateFolder, writePrivateFile } from '../src/files/write-private-file.ts'
import { scratchFolder } from './support/scratch.ts'

const keep = { force: false }
const replace = { force: true }

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

describe('a private file', () => {
  it('can be read by its owner only, whatever the umask and the file before it', () => {
    const folder = scratchFolder()
    const [fresh, old] = [join(folder, 'fresh'), join(folder, 'old')]
    writeFileSync(old, 'before')
    chmodSync(old, 0o644)
    const before = process.umask(0)
    try {
      writePrivateFile(fresh, 'secret', keep)
      writePrivateFile(old, 'secret', replace)
    } finally {
      process.umask(before)
    }
    expect([fresh, old].map(modeOf)).toEqual([0o600, 0o600])
    expect(readFileSync(old, 'utf8')).toBe('secret')
  })

  it('takes the place of nothing that is there', () => {
    const folder = scratchFolder()
    const path = join(folder, 'key.json')
    writeFileSync(path, 'precious')
    expect(() => writePrivateFile(path, 'new', keep)).toThrow(
      expect.objectContaining({ code: 'file_exists', exitCode: 1 }),
    )
    expect(readFileSync(path, 'utf8')).toBe('precious')
    expect(readdirSync(folder)).toEqual(['key.json'])
  })

  it('takes the place of nothing that comes while it is written', () => {
    const path = join(scratchFolder(), 'key.json')
    // Turned into bytes in the middle of the work, which is when somebody else is quicker.
    const late: { valueOf(): string } = {
      valueOf() {
        writeFileSync(path, 'precious')
        return 'new'
      },
    }
    expect(() => writePrivateFile(path, late as string, keep)).toThrow(
      expect.objectContaining({ code: 'file_exists' }),
    )
    expect(readFileSync(path, 'utf8')).toBe('precious')
    const free = join(scratchFolder(), 'key.json')
    writePrivateFile(free, { valueOf: () => 'new' } as string, keep)
    expect(readFileSync(free, 'utf8')).toBe('new')
  })

  it('follows no link: not to a file, not to nothing, and with force it replaces the link', () => {
    const folder = scratchFolder()
    const [target, link, dangling] = ['target', 'link', 'dangling'].map((name) =>
      join(folder, name),
    )
    if (!target || !link || !dangling) throw new Error('no paths')
    writeFileSync(target, 'precious')
    symlinkSync(target, link)
    symlinkSync(join(folder, 'nowhere'), dangling)
    for (const path of [link, dangling]) {
      expect(() => writePrivateFile(path, 'new', keep)).toThrow(
        expect.objectContaining({ code: 'file_exists' }),
      )
    }
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
    writePrivateFile(link, 'new', replace)
    expect(readFileSync(target, 'utf8')).toBe('precious')
    expect(lstatSync(link).isSymbolicLink()).toBe(false)
    expect(readFileSync(link, 'utf8')).toBe('new')
  })

  it('is whole or not there, and leaves no draft behind', () => {
    const folder = scratchFolder()
    const taken = join(folder, 'taken')
    mkdirSync(taken)
    const paths = [taken, join(folder, 'missing/key.json'), '/dev/null']
    for (const path of paths) {
      expect(() => writePrivateFile(path, 'new', replace)).toThrow(
        expect.objectContaining({ code: 'file_unwritable', exitCode: 3 }),
      )
    }
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    // What cannot be turned into bytes fails in the middle of the work.
    const odd: { toString(): string } = {
      toString() {
        throw new Error('half')
      },
    }
    expect(() => writePrivateFile(join(folder, 'half'), odd as string, keep)).toThrow()
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  it('may have the longest name that there is, and says so when it is longer', () => {
    const folder = scratchFolder()
    const longest = join(folder, 'a'.repeat(255))
    writePrivateFile(longest, 'new', keep)
    expect(readFileSync(longest, 'utf8')).toBe('new')
    expect(readdirSync(folder)).toHaveLength(1)
    expect(() => writePrivateFile(`${longest}a`, 'new', keep)).toThrow(
      expect.objectContaining({
        code: 'file_unwritable',
        message: expect.stringContaining('its name is too long'),
      }),
    )
  })

  it('has Git ignore a folder that was there, and says so only when it is true', () => {
    const folder = scratchFolder()
    const own = join(folder, 'own')
    mkdirSync(own, { mode: 0o755 })
    expect(makePrivateFolder(own)).toEqual({ isIgnored: true })
    const list = join(own, '.gitignore')
    expect(readFileSync(list, 'utf8')).toBe('*\n')
    for (const [text, isIgnored] of [
      ['*\r\n', true],
      ['*.log\n', false],
      ['*\n!dev-key.json\n', false],
    ] as const) {
      writeFileSync(list, text)
      expect(makePrivateFolder(own), text).toEqual({ isIgnored })
      expect(readFileSync(list, 'utf8')).toBe(text)
    }
    rmSync(list)
    symlinkSync(join(folder, 'nowhere'), list)
    expect(makePrivateFolder(own)).toEqual({ isIgnored: false })
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  })

  it('does not go into a folder that others can write to', () => {
    const folder = join(scratchFolder(), 'open')
    mkdirSync(folder)
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(folder, mode)
      expect(() => makePrivateFolder(folder)).toThrow(
        expect.objectContaining({ code: 'file_unwritable', exitCode: 3 }),
      )
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it('goes into a folder that Git ignores, and not through a link to another one', () => {
    const folder = scratchFolder()
    const own = join(folder, 'own')
    makePrivateFolder(own)
    makePrivateFolder(own)
    expect(modeOf(own)).toBe(0o700)
    expect(readFileSync(join(own, '.gitignore'), 'utf8')).toBe('*\n')
    symlinkSync(folder, join(folder, 'elsewhere'))
    expect(() => makePrivateFolder(join(folder, 'elsewhere'))).toThrow(
      expect.objectContaining({ code: 'file_unwritable' }),
    )
  })
})
