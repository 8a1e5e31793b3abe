/** Whom a minted token may say that it is from. */
import { quote } from '@tenantry/report'
import { usageFailure } from '../failure.ts'
import { isLoopback } from '../input/loopback.ts'

/**
 * Refuses the name of an issuer that others may trust: a token that was made for a test must not
 * pass for a real one when a key is mistaken. What is on this machine, below `.test` or below
 * `.localhost` belongs to nobody else (RFC 6761 sections 6.2 and 6.3).
 *
 * @throws {CliFailure} exit code 2
 */
export function refuseForeignIssuer(issuer: unknown): void {
  if (typeof issuer === 'string' && isOwn(issuer)) return
  const name = typeof issuer === 'string' ? quote(issuer) : 'The iss claim'
  throw usageFailure(
    `${name} is not an issuer on this machine.`,
    'A name of your own: http://127.0.0.1:PORT, or https://NAME.test',
    'If it has to be this one, say so with --foreign-issuer.',
  )
}

function isOwn(issuer: string): boolean {
  const host = URL.canParse(issuer) ? new URL(issuer).hostname : ''
  return isLoopback(host) || /(^|\.)(test|localhost)\.?$/.test(host)
}
