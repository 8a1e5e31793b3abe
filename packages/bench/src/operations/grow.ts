/** Verifying tokens of many tenants, next to what nobody can do without. */
import { signatureCheck, takeApart } from '../peers/limit.ts'
import { tenantryVerifier } from '../peers/tenantry.ts'
import type { Material } from '../tokens/material.ts'
import { type Operation, repeat } from './repeat.ts'
import { overTokens } from './verify.ts'

export async function growing(name: string, material: Material): Promise<Operation> {
  if (name === 'tenantry') {
    const verifier = tenantryVerifier(material, { maxTokenBytes: 65_536 })
    return overTokens((jwt) => verifier.verifySync(jwt), material)
  }
  const isSigned = signatureCheck(material)
  if (name === 'parse and signature') {
    const prepared = material.tokens.map(takeApart)
    return repeat(prepared, (token) => isSigned(token) && isObject(JSON.parse(token.payload)))
  }
  if (name !== 'decode, parse and signature') throw new Error(`There is no ${name} here.`)
  return repeat(material.tokens, (jwt) => {
    const token = takeApart(jwt)
    return isSigned(token) && isObject(JSON.parse(token.payload))
  })
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
