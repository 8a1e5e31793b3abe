/** Before somebody is measured: do they do the work at all? */
import type { Verify } from '../peers/peer.ts'
import { type Material, pick } from '../tokens/material.ts'

/** Throws unless the good tokens are accepted, and a forged and an expired one are refused. */
export async function assertHonest(verify: Verify, material: Material): Promise<void> {
  for (const jwt of material.tokens) await verify(jwt)
  const good = pick(material.tokens, 0)
  const altered = `${good.slice(0, -8)}${good.at(-9) === 'A' ? 'BBBBBBBB' : 'AAAAAAAA'}`
  for (const bad of [material.forged, material.expired, altered, 'garbage']) {
    let accepted = true
    try {
      await verify(bad)
    } catch {
      accepted = false
    }
    if (accepted) throw new Error('A bad token was accepted: there is nothing to compare.')
  }
}
