/** A decision about a verified token, told to whoever listens. */
import { decisionChannel } from '../events.ts'
import { type AccessToken, readState, type TokenState } from '../token/access-token.ts'
import { type AccessPolicy, decide, type Verdict } from './decide.ts'
import {
  isMembership,
  type MembershipRequirement,
  type ParsedRequirement,
  parseRequirement,
  writtenAs,
} from './requirement.ts'

/** How the verifier of the token was told to read it. @throws {ConfigurationError} `token_unverified` */
export function stateOf(token: AccessToken): TokenState<AccessPolicy> {
  return readState(token) as TokenState<AccessPolicy>
}

/** Checks the question and decides it. @throws {ConfigurationError} for a mistake in the question */
export function judge(token: AccessToken, tenantId: unknown, requirement: unknown): Verdict {
  const state = stateOf(token)
  return judgeParsed(token, tenantId, parseRequirement(requirement, state.policy.model), state)
}

/** Decides about a requirement that was read before. */
export function judgeParsed(
  token: AccessToken,
  tenantId: unknown,
  parsed: ParsedRequirement | MembershipRequirement,
  { memberships, policy }: TokenState<AccessPolicy> = stateOf(token),
): Verdict {
  const verdict = decide(memberships, policy, tenantId, parsed)
  if (decisionChannel.hasSubscribers) {
    decisionChannel.publish({
      allowed: verdict.code === 'granted',
      code: verdict.code,
      tenantId: typeof tenantId === 'string' ? tenantId : '',
      // A guard that asks for no role has none to name.
      requirement: isMembership(parsed) ? undefined : writtenAs(parsed),
      userId: token.userId,
      sessionId: token.sessionId,
    })
  }
  return verdict
}
