/** What a verifier answers, in a word: `accepted`, or the code of its error. */
import { isTenantryError, type Verifier } from '../../src/index.ts'

/** The answer of `verify`. Fails the test for any error that is not Tenantry's. */
export async function answerOf(verifier: Verifier, jwt: string): Promise<string> {
  return await verifier.verify(jwt).then(() => 'accepted', codeOf)
}

/** The answer of `verifySync`. */
export function answerOfSync(verifier: Verifier, jwt: string): string {
  try {
    verifier.verifySync(jwt)
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (isTenantryError(error)) return error.code
  throw error
}
