/** The right of one attempt to change a tenant that is half done. */
import { randomUUID } from 'node:crypto'

export interface Claim {
  readonly claim: string
  readonly claimedUntil: Date
}

interface Clock {
  readonly now: () => Date
  readonly claimFor: number
}

export function newClaim(clock: Clock): Claim {
  return { claim: randomUUID(), claimedUntil: claimedUntil(clock) }
}

/** Until when a claim holds that begins now. */
export function claimedUntil({ now, claimFor }: Clock): Date {
  return new Date(now().getTime() + claimFor * 1000)
}

/** Somebody else has taken the tenant over: whatever there is, it is theirs. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'

  constructor() {
    super('The attempt took longer than claimFor, and another one has taken the tenant over.')
  }
}
