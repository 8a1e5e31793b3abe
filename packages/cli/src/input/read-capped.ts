/** Reading what somebody else made, up to a limit. */
import { createReadStream } from 'node:fs'
import { quote } from '@tenantry/report'
import { CliFailure, undecided } from '../failure.ts'

/** All bytes of a source. @throws {CliFailure} `input_too_large` beyond `maxBytes`; the rest is not read */
export async function readCapped(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => CliFailure,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** All bytes of a file, a pipe or a device. @throws {CliFailure} `file_unreadable`, exit code 3 */
export async function readFileCapped(
  path: string,
  maxBytes: number,
  tooLarge: () => CliFailure,
): Promise<Buffer> {
  try {
    return await readCapped(createReadStream(path), maxBytes, tooLarge)
  } catch (error) {
    if (error instanceof CliFailure) throw error
    throw undecided(
      'file_unreadable',
      `The file ${quote(path)} cannot be read: ${reasonOf(error)}.`,
    )
  }
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'access is denied'],
  ['EPERM', 'access is denied'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EADDRINUSE', 'the port is in use'],
  ['EADDRNOTAVAIL', 'this machine does not have the address'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ENOTDIR', 'a part of its path is no folder'],
])

/** Why the file system refused, in words. */
export function reasonOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return reasons.get(code) ?? (typeof code === 'string' ? code : 'unknown reason')
}
