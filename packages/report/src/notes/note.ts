/** What a note is, and all the notes there are. */

/**
 * `problem`: a verifier refuses the token, or a part of it counts for nothing. `warning`: look at
 * this. `info`: good to know.
 */
export type NoteLevel = 'problem' | 'warning' | 'info'

/** A kind of note, whatever the token. */
export interface NoteMeaning {
  readonly level: NoteLevel
  /** What is wrong in general, and why it matters. */
  readonly why: string
  /** What to do. */
  readonly fix: string
}

/** Every note, in the order in which they are shown. */
export const noteMeanings = {
  kind_refresh: {
    level: 'problem',
    why: 'A refresh token gets new access tokens, and grants nothing. Servers refuse it.',
    fix: 'Send the access token.',
  },
  kind_id: {
    level: 'problem',
    why: 'An ID token tells an application who signed in. It grants nothing, and servers refuse it.',
    fix: 'Send the access token.',
  },
  kind_unknown: {
    level: 'problem',
    why: 'A token without an authorization map, or with another type than "access", is no access token.',
    fix: 'Send the access token. If it is one, tell the verifier where its map is: authorizationOf.',
  },
  sender_constrained: {
    level: 'problem',
    why: 'A token with a cnf claim counts only with a proof of the key that it is bound to.',
    fix: 'Ask the issuer for a token that is not bound to a key.',
  },
  alg_none: {
    level: 'problem',
    why: 'A token with alg "none" has no signature: anybody can have written it.',
    fix: 'Never accept it. Find out who made it.',
  },
  alg_unknown: {
    level: 'problem',
    why: 'Tenantry does not know the algorithm, or it is not one for signatures.',
    fix: 'Have the issuer sign with RS256, ES256 or EdDSA.',
  },
  alg_secret: {
    level: 'warning',
    why: 'With HS256, HS384 and HS512 one secret signs and verifies: whoever can check a token can make one.',
    fix: 'Have the issuer sign with RS256, ES256 or EdDSA, so that servers need a public key only.',
  },
  alg_not_default: {
    level: 'info',
    why: 'A verifier accepts RS256 and nothing else unless the option algorithms lists more.',
    fix: 'List the algorithm in algorithms.',
  },
  crit_present: {
    level: 'problem',
    why: 'The header asks for an extension that must be understood. Tenantry understands none.',
    fix: 'Have the issuer leave crit and b64 out.',
  },
  key_in_header: {
    level: 'warning',
    why: 'The header brings a key or points to one. Tenantry ignores that, and a server that does not can be given any key.',
    fix: 'Look for the key by its kid, in a JWK Set that you trust.',
  },
  kid_missing: {
    level: 'info',
    why: 'Without a kid the token is accepted only when exactly one key fits it, so keys cannot be rotated one by one.',
    fix: 'Have the issuer name the key.',
  },
  kid_invalid: {
    level: 'problem',
    why: 'A kid is a string of 1 to 256 characters. Any other one is no name of a key.',
    fix: 'Find out who made the token.',
  },
  kid_unknown: {
    level: 'problem',
    why: 'No key of the set has the name that the token asks for.',
    fix: 'Compare issuer, workspace and mode of token and keys. After a rotation, get the keys again.',
  },
  key_weak: {
    level: 'problem',
    why: 'The key that the token names is one that Tenantry does not let speak: too weak, private, or not a key.',
    fix: 'Replace the key at the issuer.',
  },
  key_unusable: {
    level: 'problem',
    why: 'The key that the token names is for something else: another algorithm or another use.',
    fix: 'Compare alg and use of the key with alg of the token.',
  },
  key_set_unsafe: {
    level: 'warning',
    why: 'Another key of the set is unsafe. It is left out, or makes the whole set refused when it is given by value.',
    fix: 'Replace the key at the issuer. A private key that was published must be replaced at once.',
  },
  milliseconds: {
    level: 'problem',
    why: 'Times in tokens are seconds since 1970. In milliseconds a token seems to live for tens of thousands of years.',
    fix: 'Have the issuer divide by 1000.',
  },
  time_invalid: {
    level: 'problem',
    why: 'A time claim is there and is no number of seconds since 1970.',
    fix: 'Have the issuer write seconds since 1970, as a number.',
  },
  no_expiry: {
    level: 'problem',
    why: 'A token without exp would count for ever. Tenantry refuses it.',
    fix: 'Have the issuer set exp.',
  },
  expired: {
    level: 'problem',
    why: 'The time of exp has passed.',
    fix: 'Get a new token with the refresh token.',
  },
  not_yet_valid: {
    level: 'problem',
    why: 'The time of nbf lies in the future.',
    fix: 'Wait, or compare the clocks of issuer and server.',
  },
  issued_in_future: {
    level: 'problem',
    why: 'The time of iat lies in the future, which no true token does.',
    fix: 'Compare the clocks of issuer and server.',
  },
  no_issued_at: {
    level: 'info',
    why: 'Without iat the age of a token is not known, so maxTokenAge refuses it.',
    fix: 'Have the issuer set iat.',
  },
  life_of_months: {
    level: 'warning',
    why: 'Roles are written into the token. One that is taken away still counts until the token expires.',
    fix: 'Shorten the life at the issuer, or set maxTokenAge in the verifier or in a guard.',
  },
  life_of_days: {
    level: 'info',
    why: 'Roles are written into the token. One that is taken away still counts until the token expires.',
    fix: 'Shorten the life at the issuer, or set maxTokenAge in the verifier or in a guard.',
  },
  no_audience: {
    level: 'warning',
    why: 'Without aud, every server that trusts the issuer would accept the token.',
    fix: 'Have the issuer set aud and the verifier compare it; with Userfront, pin workspaceId and mode.',
  },
  test_mode: {
    level: 'info',
    why: 'Test and live mode have users and keys of their own: user 1 of one is not user 1 of the other.',
    fix: 'Pin mode in the verifier.',
  },
  too_large_for_verifier: {
    level: 'problem',
    why: 'A verifier refuses tokens above 8192 bytes unless the option maxTokenBytes allows more.',
    fix: 'Put less into the token, or raise maxTokenBytes.',
  },
  too_large_for_header: {
    level: 'warning',
    why: 'Many servers and proxies refuse a header above 8 KB, or all headers together above 8 KB.',
    fix: 'Put fewer tenants, roles or other claims into the token.',
  },
  too_large_for_cookie: {
    level: 'warning',
    why: 'Browsers silently drop a cookie whose name and value are longer than 4096 bytes.',
    fix: 'Send the token in the Authorization header, or put fewer tenants into it.',
  },
  near_cookie_limit: {
    level: 'info',
    why: 'Browsers silently drop a cookie whose name and value are longer than 4096 bytes.',
    fix: 'Watch the size: every tenant and role makes it larger.',
  },
  no_tenants: {
    level: 'warning',
    why: 'The map of tenants is empty, so every question about a tenant is answered with no.',
    fix: 'Give the user a role in a tenant, and get a new token.',
  },
  roles_empty: {
    level: 'warning',
    why: 'A tenant with an empty list of roles: its holder is a member there, and has no role.',
    fix: 'Give the user a role there, or take the tenant out.',
  },
  roles_unreadable: {
    level: 'problem',
    why: 'The roles are not a list of strings, so nothing is granted there.',
    fix: 'Have the issuer write roles as a list of strings.',
  },
  tenant_ignored: {
    level: 'problem',
    why: 'An entry that is no object, or is called __proto__, is no tenant.',
    fix: 'Have the issuer write { "roles": [...] } for each tenant.',
  },
  tenant_odd: {
    level: 'warning',
    why: 'Guards take 1 to 64 letters, digits and . _ : - as a tenant id in a route, unless tenantIdPattern says otherwise.',
    fix: 'Set tenantIdPattern, or use other ids.',
  },
  tenant_alike: {
    level: 'warning',
    why: 'Two tenants differ in case, spaces or hyphens only. They are two tenants all the same.',
    fix: 'Make sure that both are meant.',
  },
  name_hidden: {
    level: 'warning',
    why: 'A name has characters that cannot be seen or that turn the line around, so it may pretend to be another one.',
    fix: 'Find out who chose the name.',
  },
  role_typo: {
    level: 'warning',
    why: 'A role differs from a known one by a letter or two, by case or by a space. Names are compared exactly.',
    fix: 'Correct the role at the issuer, or name it with --known-role.',
  },
  role_unlisted: {
    level: 'info',
    why: 'A role is not among those that were named as known.',
    fix: 'Name it with --known-role, or take it away at the issuer.',
  },
} as const

/** The stable name of a note. */
export type NoteId = keyof typeof noteMeanings

const meanings: Readonly<Record<NoteId, NoteMeaning>> = noteMeanings

/** Something about a token that a person should know. */
export interface Note {
  readonly id: NoteId
  readonly level: NoteLevel
  /** One or two sentences about this token. Safe to print: names are quoted, in ASCII. */
  readonly text: string
}

/** A note with the level that its kind has. */
export function note(id: NoteId, text: string): Note {
  return { id, level: meanings[id].level, text }
}
