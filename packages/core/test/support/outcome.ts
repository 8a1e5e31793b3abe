/** What a verification came to, in a word. */
import { expect } from 'vitest'
import { isTenantryError, type Verifier } from '../../src/index.ts'

/** `accepted`, or the code of the error. Fails the test for any error that is not Tenantry's. */
export async function outcomeOf(verifier: Verifier, jwt: unknown): Promise<string> {
  const waited = await verifier.verify(jwt as string).then(() => 'accepted', codeOf)
  let sync: string
  try {
    verifier.verifySync(jwt as string)
    sync = 'accepted'
  } catch (error) {
    sync = codeOf(error)
  }
  // The two ways in must never disagree.
  expect(sync).toBe(waited)
  return waited
}

function codeOf(error: unknown): string {
  if (isTenantryError(error)) return error.code
  throw error
}
