/** `can`, asked of one token about up to 16 of its tenants in turn. */
import { can, tenantsOf } from '@tenantry/core'
import { tenantryVerifier } from '../peers/tenantry.ts'
import type { Material } from '../tokens/material.ts'
import { type Operation, repeat } from './repeat.ts'

/** So many questions in turn, whatever the size of the token: the memory that they touch is alike. */
const questions = 16

/** `yes` asks about tenants of the token, `no` about others. */
export function decision(name: string, material: Material): Operation {
  const verifier = tenantryVerifier(material, { maxTokenBytes: 1_000_000 })
  const token = verifier.verifySync(material.tokens[0] ?? '')
  const tenants = tenantsOf(token)
  const step = Math.max(1, Math.floor(tenants.length / questions))
  const asked = Array.from({ length: questions }, (_, index) => {
    const tenant = tenants[(index * step) % tenants.length] ?? ''
    return name === 'yes' ? tenant : `other-${index}`
  })
  if (name === 'yes') {
    return repeat(asked, (tenant) => can(token, tenant, 'member'))
  }
  if (name !== 'no') throw new Error(`There is no question ${name}.`)
  return repeat(asked, (tenant) => !can(token, tenant, 'member'))
}
