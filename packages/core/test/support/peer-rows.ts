/** Good and hostile tokens, and what Tenantry and jose make of each. */
import {
  audience,
  before,
  claims,
  claimsJson,
  type Edit,
  header,
  headerJson,
  issuer,
  rawClaim,
  segments,
  token,
} from './drafts.ts'
import { now } from './mint.ts'

/** Why Tenantry refuses tokens that jose accepts, each shown by a row below. */
export const stricter: readonly string[] = [
  'token_malformed: The token has white space in it or around it.',
  'token_malformed: The token has a character outside the base64url alphabet.',
  'token_malformed: A segment of the token is not canonical base64url.',
  'token_malformed: The token names the same member twice.',
  'token_malformed: The JSON of the token is nested too deeply.',
  'token_malformed: The token has a number that is out of range.',
  'token_malformed: The token has text that is not valid Unicode.',
  'token_malformed: The header of the token is not a JSON object.',
  'token_malformed: The payload of the token is not a JSON object.',
  'token_malformed: The token contains another token. Nested tokens are not supported.',
  'crit_unsupported: The token header has a critical extension that is not supported.',
  'typ_unexpected: The typ header of the token is not one that this server accepts.',
  'key_not_found: The token was signed with a key that this server does not know.',
  'claim_missing: The token lacks the exp claim.',
  'claim_invalid: The exp claim is not a number of seconds.',
  'claim_invalid: The nbf claim is not a number of seconds.',
  'claim_invalid: The iat claim is not a number of seconds.',
  'claim_invalid: The exp claim is in milliseconds. It must be in seconds.',
  'claim_invalid: The iat claim is in milliseconds. It must be in seconds.',
  'claim_invalid: The iat claim is in the future.',
  'claim_invalid: The aud claim is neither a string nor a list of strings.',
  'claim_invalid: The userId claim is neither a string nor a safe integer.',
  'claim_invalid: The tenantId claim is not a string.',
  'claim_invalid: The sessionId claim is not a string.',
  'claim_invalid: The authorization claim is not an object.',
  'sender_constraint_unmet: The token is bound to a key of its sender, and the binding was not shown.',
  'token_kind_unexpected: The token has no authorization claim: it is not an access token (an ID or refresh token?).',
  'token_kind_unexpected: The type claim says that this is another kind of token (a refresh token?).',
]

const huge = '1e999'
const bom = (json: string): Buffer => Buffer.from(`\ufeff${json}`)
const brokenUtf8 = (json: string): Buffer =>
  Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')])
const deep = (json: string): string => before(`"x":${'['.repeat(50)}${']'.repeat(50)}`)(json)
const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=')
/** Another last character with the same bytes; the signature of RSA-2048 leaves four bits unused. */
const unusedBits = (jwt: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return jwt.slice(0, -1) + alphabet.charAt(alphabet.indexOf(jwt.slice(-1)) + 1)
}

export type Verdict = 'both accept' | 'both refuse' | 'only jose accepts'

type Row = readonly [name: string, verdict: Verdict, reason: RegExp, ...edits: Edit[]]

export const rows: readonly Row[] = [
  ['a good token', 'both accept', /^accepted/],
  ['no typ', 'both accept', /^accepted/, header({ typ: undefined })],
  ['typ application/jwt', 'both accept', /^accepted/, header({ typ: 'application/jwt' })],
  ['no kid', 'both accept', /^accepted/, header({ kid: undefined })],
  ['a kid of __proto__', 'both accept', /^accepted/, header({ kid: '__proto__' })],
  [
    'key addresses in the header',
    'both accept',
    /^accepted/,
    header({ jku: 'https://x.example', x5u: 'https://x.example', jwk: {} }),
  ],
  ['a list of audiences', 'both accept', /^accepted/, claims({ aud: ['other', audience] })],
  ['no nbf and no iat', 'both accept', /^accepted/, claims({ nbf: undefined, iat: undefined })],
  ['sub a number', 'both accept', /^accepted/, claims({ sub: 1 })],
  [
    'a claim named __proto__',
    'both accept',
    /^accepted/,
    rawClaim('__proto__', '{"authorization":{}}'),
  ],
  ['spaces in the JSON', 'both accept', /^accepted/, claimsJson((json) => ` ${json}\n`)],
  ['exp at the edge of the tolerance', 'both accept', /^accepted/, claims({ exp: now - 4 })],
  ['nbf at the edge of the tolerance', 'both accept', /^accepted/, claims({ nbf: now + 5 })],

  ['exp past the tolerance', 'both refuse', /^token_expired/, claims({ exp: now - 5 })],
  ['nbf past the tolerance', 'both refuse', /^token_inactive/, claims({ nbf: now + 6 })],
  ['exp a string', 'both refuse', /^claim_invalid/, claims({ exp: `${now + 60}` })],
  ['exp null', 'both refuse', /^claim_invalid/, claims({ exp: null })],
  ['nbf a string', 'both refuse', /^claim_invalid/, claims({ nbf: '0' })],
  ['iat a string', 'both refuse', /^claim_invalid/, claims({ iat: '0' })],
  ['no iss', 'both refuse', /^issuer_mismatch/, claims({ iss: undefined })],
  ['iss a list', 'both refuse', /^issuer_mismatch/, claims({ iss: [issuer] })],
  ['iss with a slash', 'both refuse', /^issuer_mismatch/, claims({ iss: `${issuer}/` })],
  ['no aud', 'both refuse', /^audience_mismatch/, claims({ aud: undefined })],
  ['aud a list in a list', 'both refuse', /^claim_invalid/, claims({ aud: [[audience]] })],
  ['a payload that is a list', 'both refuse', /^token_malformed/, claimsJson(() => '[]')],
  ['a payload that is null', 'both refuse', /^token_malformed/, claimsJson(() => 'null')],
  ['crit', 'both refuse', /^crit_unsupported/, header({ crit: ['exp'] })],
  ['crit null', 'both refuse', /^crit_unsupported/, header({ crit: null })],
  ['crit and b64', 'both refuse', /^crit_unsupported/, header({ crit: ['b64'], b64: false })],
  ['alg none', 'both refuse', /^alg_not_allowed/, header({ alg: 'none' })],
  ['alg PS256', 'both refuse', /^alg_not_allowed/, header({ alg: 'PS256' })],
  ['alg a list', 'both refuse', /^alg_not_allowed/, header({ alg: ['RS256'] })],
  ['no alg', 'both refuse', /^alg_not_allowed/, header({ alg: undefined })],
  [
    'a star in the signature',
    'both refuse',
    /^token_malformed/,
    token((jwt) => `${jwt.slice(0, -4)}*${jwt.slice(-3)}`),
  ],
  ['a space in front', 'both refuse', /^token_malformed/, token((jwt) => ` ${jwt}`)],
  ['four segments', 'both refuse', /^token_malformed/, token((jwt) => `${jwt}.`)],
  [
    'no signature',
    'both refuse',
    /^token_malformed/,
    token((jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)),
  ],
  ['broken UTF-8 in the claims', 'both refuse', /^token_malformed/, claimsJson(brokenUtf8)],

  ['padding behind the signature', 'only jose accepts', /alphabet/, token((jwt) => `${jwt}==`)],
  [
    'padding behind signed segments',
    'only jose accepts',
    /alphabet/,
    segments((head, body) => `${padded(head)}.${padded(body)}`),
  ],
  [
    'a space in the signature',
    'only jose accepts',
    /white space/,
    token((jwt) => `${jwt.slice(0, -8)} ${jwt.slice(-8)}`),
  ],
  ['a newline at the end', 'only jose accepts', /white space/, token((jwt) => `${jwt}\n`)],
  ['unused bits in the signature', 'only jose accepts', /canonical/, token(unusedBits)],
  [
    'iss twice',
    'only jose accepts',
    /same member twice/,
    claimsJson(before('"iss":"https://evil.example"')),
  ],
  ['alg twice', 'only jose accepts', /same member twice/, headerJson(before('"alg":"none"'))],
  [
    'a tenant twice',
    'only jose accepts',
    /same member twice/,
    rawClaim('authorization', '{"t":{"roles":[]},"t":{"roles":["admin"]}}'),
  ],
  ['deep nesting', 'only jose accepts', /nested too deeply/, claimsJson(deep)],
  ['a huge number', 'only jose accepts', /out of range/, rawClaim('x', huge)],
  ['a lone surrogate', 'only jose accepts', /valid Unicode/, rawClaim('x', '"\\ud800"')],
  ['a byte order mark', 'only jose accepts', /^token_malformed: The payload/, claimsJson(bom)],
  [
    'a byte order mark in the header',
    'only jose accepts',
    /^token_malformed: The header/,
    headerJson(bom),
  ],
  ['cty JWT', 'only jose accepts', /Nested tokens/, header({ cty: 'JWT' })],
  ['b64 without crit', 'only jose accepts', /^crit_unsupported/, header({ b64: false })],
  ['typ at+jwt', 'only jose accepts', /^typ_unexpected/, header({ typ: 'at+jwt' })],
  ['typ logout+jwt', 'only jose accepts', /^typ_unexpected/, header({ typ: 'logout+jwt' })],
  ['a kid that is a number', 'only jose accepts', /^key_not_found/, header({ kid: 1 })],
  [
    'a kid of ten thousand characters',
    'only jose accepts',
    /^key_not_found/,
    header({ kid: 'k'.repeat(10_000) }),
  ],
  ['no exp', 'only jose accepts', /^claim_missing/, claims({ exp: undefined })],
  ['exp infinite', 'only jose accepts', /exp claim is not a number/, rawClaim('exp', huge)],
  [
    'nbf minus infinite',
    'only jose accepts',
    /nbf claim is not a number/,
    rawClaim('nbf', '-1e999'),
  ],
  ['iat infinite', 'only jose accepts', /iat claim is not a number/, rawClaim('iat', huge)],
  [
    'exp in milliseconds',
    'only jose accepts',
    /exp claim is in milliseconds/,
    claims({ exp: now * 1000 }),
  ],
  [
    'iat in milliseconds',
    'only jose accepts',
    /iat claim is in milliseconds/,
    claims({ iat: now * 1000 }),
  ],
  ['iat tomorrow', 'only jose accepts', /in the future/, claims({ iat: now + 86_400 })],
  [
    'aud with a number in it',
    'only jose accepts',
    /aud claim is neither/,
    claims({ aud: [audience, 1] }),
  ],
  ['userId an object', 'only jose accepts', /userId claim/, claims({ userId: {} })],
  ['tenantId a number', 'only jose accepts', /tenantId claim/, claims({ tenantId: 1 })],
  ['sessionId a number', 'only jose accepts', /sessionId claim/, claims({ sessionId: 1 })],
  [
    'authorization a list',
    'only jose accepts',
    /authorization claim is not an object/,
    claims({ authorization: [] }),
  ],
  ['cnf', 'only jose accepts', /^sender_constraint_unmet/, claims({ cnf: { jkt: 'x' } })],
  [
    'no authorization',
    'only jose accepts',
    /has no authorization/,
    claims({ authorization: undefined }),
  ],
  ['a refresh token', 'only jose accepts', /type claim/, claims({ type: 'refresh' })],
]
