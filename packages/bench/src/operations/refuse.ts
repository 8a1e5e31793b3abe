/** Refusing what needs no key to be made; `a good token` is the same call with one. */
import { isTenantryError, type Verifier } from '@tenantry/core'
import { tenantryVerifier } from '../peers/tenantry.ts'
import { type GarbageKind, garbage, garbageCodes } from '../tokens/garbage.ts'
import type { Material } from '../tokens/material.ts'
import { type Operation, repeat, repeatAwaited } from './repeat.ts'

/** `unknown kid` by `verifySync`; `unknown kid, awaited` by `verify`. */
export function refusal(name: string, material: Material): Operation {
  const verifier = tenantryVerifier(material)
  const [kind = '', awaited] = name.split(', ')
  const code = kind === 'a good token' ? undefined : codeOf(kind)
  const inputs = code === undefined ? material.tokens : garbage(kind as GarbageKind, material)
  if (awaited === undefined) return repeat(inputs, (jwt) => outcomeOf(verifier, jwt) === code)
  return repeatAwaited(
    inputs,
    (jwt) => laterOutcomeOf(verifier, jwt),
    (outcome) => outcome === code,
  )
}

function codeOf(kind: string): string {
  const [, code] = Object.entries(garbageCodes).find(([known]) => known === kind) ?? []
  if (code === undefined) throw new Error(`There is no garbage ${kind}.`)
  return code
}

/** The code of the refusal; undefined when the token is good. */
function outcomeOf(verifier: Verifier, jwt: string): string | undefined {
  try {
    verifier.verifySync(jwt)
    return undefined
  } catch (error) {
    return isTenantryError(error) ? error.code : 'a crash'
  }
}

async function laterOutcomeOf(verifier: Verifier, jwt: string): Promise<string | undefined> {
  try {
    await verifier.verify(jwt)
    return undefined
  } catch (error) {
    return isTenantryError(error) ? error.code : 'a crash'
  }
}
