/**
 * What exactly was wrong with a token, where the code alone would leave somebody guessing: a closed
 * list of reasons, each with its code and its fixed words.
 */
import { TokenError } from '../errors.ts'

const tokenFaults = {
  not_a_string: ['token_malformed', 'The token is not a string.'],
  segments: ['token_malformed', 'The token does not have the three segments of a signed JWT.'],
  api_key: ['token_malformed', 'This is a Userfront API key (uf_), not an access token.'],
  bearer_prefix: ['token_malformed', 'The text begins with Bearer. Pass the token alone.'],
  white_space: ['token_malformed', 'The token has white space in it or around it.'],
  alphabet: ['token_malformed', 'The token has a character outside the base64url alphabet.'],
  encoding: ['token_malformed', 'A segment of the token is not canonical base64url.'],
  signature_missing: ['token_malformed', 'The token has no signature.'],
  header_json: ['token_malformed', 'The header of the token is not a JSON object.'],
  payload_json: ['token_malformed', 'The payload of the token is not a JSON object.'],
  duplicate_member: ['token_malformed', 'The token names the same member twice.'],
  too_deep: ['token_malformed', 'The JSON of the token is nested too deeply.'],
  number_range: ['token_malformed', 'The token has a number that is out of range.'],
  unicode: ['token_malformed', 'The token has text that is not valid Unicode.'],
  nested: ['token_malformed', 'The token contains another token. Nested tokens are not supported.'],
  exp_missing: ['claim_missing', 'The token lacks the exp claim.'],
  iat_missing: ['claim_missing', 'The token lacks the iat claim, which the age limit needs.'],
  exp_invalid: ['claim_invalid', 'The exp claim is not a number of seconds.'],
  nbf_invalid: ['claim_invalid', 'The nbf claim is not a number of seconds.'],
  iat_invalid: ['claim_invalid', 'The iat claim is not a number of seconds.'],
  exp_milliseconds: ['claim_invalid', 'The exp claim is in milliseconds. It must be in seconds.'],
  nbf_milliseconds: ['claim_invalid', 'The nbf claim is in milliseconds. It must be in seconds.'],
  iat_milliseconds: ['claim_invalid', 'The iat claim is in milliseconds. It must be in seconds.'],
  iat_future: ['claim_invalid', 'The iat claim is in the future.'],
  too_old: ['token_expired', 'The token is older than this server accepts. Request a new one.'],
  aud_invalid: ['claim_invalid', 'The aud claim is neither a string nor a list of strings.'],
  user_id_invalid: ['claim_invalid', 'The userId claim is neither a string nor a safe integer.'],
  tenant_id_invalid: ['claim_invalid', 'The tenantId claim is not a string.'],
  session_id_invalid: ['claim_invalid', 'The sessionId claim is not a string.'],
  authorization_missing: [
    'token_kind_unexpected',
    'The token has no authorization claim: it is not an access token (an ID or refresh token?).',
  ],
  authorization_invalid: ['claim_invalid', 'The authorization claim is not an object.'],
  type_unexpected: [
    'token_kind_unexpected',
    'The type claim says that this is another kind of token (a refresh token?).',
  ],
} as const

/** A reason of the list. */
export type TokenFault = keyof typeof tokenFaults

/** The error for a reason. */
export function tokenFault(fault: TokenFault): TokenError {
  const [code, message] = tokenFaults[fault]
  return new TokenError(code, message)
}

/** Every message of the list, for the tests of the table. */
export function everyFaultMessage(): string[] {
  return Object.values(tokenFaults).map(([, message]) => message)
}
