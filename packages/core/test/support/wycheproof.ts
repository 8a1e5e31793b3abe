/** The shape of the JOSE files of Wycheproof. */
import { type Algorithm, isAlgorithm } from '../../src/crypto/algorithms.ts'
import type { PublicJwk, PublicJwks } from '../../src/index.ts'

interface WycheproofTest {
  readonly tcId: number
  readonly comment: string
  readonly result: 'valid' | 'invalid'
  /** A compact serialization, or an object where the file means a JSON serialization. */
  readonly jws?: unknown
  readonly jwe?: unknown
}

export interface WycheproofFile<Key extends PublicJwk | PublicJwks> {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly comment: string
    /** The key to verify with. A secret has no public half, and is in `private`. */
    readonly public?: Key
    readonly private: Key
    readonly tests: readonly WycheproofTest[]
  }[]
}

export interface WycheproofCase<Key> extends WycheproofTest {
  readonly group: string
  readonly key: Key
}

export function casesOf<Key extends PublicJwk | PublicJwks>(
  file: WycheproofFile<Key>,
): WycheproofCase<Key>[] {
  return file.testGroups.flatMap((group) =>
    group.tests.map((test) => ({
      ...test,
      group: group.comment,
      key: group.public ?? group.private,
    })),
  )
}

/** The alg that a token asks for, where it has a header that can be read and names one of ours. */
export function requestedAlgorithm(jws: unknown): Algorithm | undefined {
  try {
    const [header = ''] = String(jws).split('.')
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    return isAlgorithm(alg) ? alg : undefined
  } catch {
    return undefined
  }
}
