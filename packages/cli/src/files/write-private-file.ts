/**
 * Writes a file that only its owner may read: whole or not at all, and over nothing that is there
 * unless that was asked for.
 */

import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { quote } from '@tenantry/report'
import { CliFailure, undecided } from '../failure.ts'
import { reasonOf } from '../input/read-capped.ts'

/** How a file is written. */
export interface WriteWishes {
  /** Replace a file that is there. */
  readonly force: boolean
  /** The flag that names it; `--out` when not given. */
  readonly flag?: '--out' | '--export'
}

/**
 * Writes the text under a name of its own first, and gives it the right name when all of it is on
 * the disk. A symbolic link at that name is never followed: it counts as a file that is there, and
 * with `force` the link is replaced, not what it leads to.
 *
 * @throws {CliFailure} `file_exists`, exit code 1; `file_unwritable`, exit code 3
 */
export function writePrivateFile(
  path: string,
  text: string,
  { force, flag = '--out' }: WriteWishes,
): void {
  const there = statOf(path)
  if (there !== undefined && !force) throw exists(path, flag)
  // Putting a file in the place of a device, say, would break more than this command.
  if (there !== undefined && !there.isFile() && !there.isSymbolicLink()) {
    throw undecided('file_unwritable', `${quote(path)} is there and is no file.`)
  }
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    writeDraft(draft, text)
    if (force) renameSync(draft, path)
    else giveName(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(path, flag)
    const isFolderMissing = codeOf(error) === 'ENOENT'
    const reason = isFolderMissing ? 'its folder does not exist' : reasonOf(error)
    throw undecided('file_unwritable', `${quote(path)} cannot be written: ${reason}.`)
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Makes a folder for private files, kept out of Git, unless it is there. It is in the current
 * folder, which may be a checkout of somebody else's: a link that leads elsewhere is refused.
 *
 * @throws {CliFailure} `file_unwritable`, exit code 3
 */
export function makePrivateFolder(path: string): void {
  const there = statOf(path)
  if (there?.isDirectory() === true) return
  if (there !== undefined) {
    throw undecided('file_unwritable', `${quote(path)} is there and is no folder.`)
  }
  try {
    mkdirSync(path, { mode: 0o700 })
    writeFileSync(join(path, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    throw undecided('file_unwritable', `${quote(path)} cannot be made: ${reasonOf(error)}.`)
  }
}

/** Unlike a rename it fails when the name was taken in the meantime. */
function giveName(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error
    // A file system without links: the copy takes no name that is taken either.
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
  }
}

/** `wx` opens no file that is there and follows no link. */
function writeDraft(draft: string, text: string): void {
  const file = openSync(draft, 'wx', 0o600)
  try {
    // What the umask of the shell takes away is no more than this.
    fchmodSync(file, 0o600)
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw undecided('file_unwritable', `${quote(path)} cannot be written: ${reasonOf(error)}.`)
  }
}

function exists(path: string, flag: string): CliFailure {
  return new CliFailure(1, 'file_exists', `${quote(path)} is there already. Nothing was written.`, {
    hints: [`Give another name with ${flag} FILE, or replace it with --force.`],
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}
