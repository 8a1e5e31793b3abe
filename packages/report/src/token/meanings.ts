/** What the members of a token mean, in plain English. */

const claims: ReadonlyMap<string, string> = new Map([
  // RFC 7519 section 4.1
  ['iss', 'Who issued the token.'],
  ['sub', 'Who the token is about.'],
  ['aud', 'Whom the token is for: other servers should refuse it.'],
  ['exp', 'When it expires.'],
  ['nbf', 'Before this time it does not count.'],
  ['iat', 'When it was issued.'],
  ['jti', 'The name of this one token.'],
  // Userfront
  ['mode', 'Live or test: each has users and keys of its own.'],
  ['tenantId', 'The workspace that issued the token, not a tenant that is being accessed.'],
  ['aliasId', "The application's own id for the workspace."],
  ['userId', 'The user, by number. Unique within the workspace and mode.'],
  ['userUuid', 'The user, by a name that is unique everywhere.'],
  ['authorization', 'The tenants that the user is in, with the roles held in each.'],
  ['authentication', 'How the user signed in.'],
  ['sessionId', 'The session that the token belongs to. Revoke it to sign the user out.'],
  ['isConfirmed', 'Whether the user has confirmed an address. Superseded by the next two.'],
  ['isEmailConfirmed', 'Whether the user has confirmed the email address.'],
  ['isPhoneNumberConfirmed', 'Whether the user has confirmed the phone number.'],
  ['isMfaRequired', 'Whether the user must sign in with a second factor.'],
  ['type', 'What kind of token it is. An access token has none, or "access".'],
  // RFC 8693, RFC 9068, RFC 7800, OpenID Connect Core
  ['act', 'Who is acting in the place of the user.'],
  ['azp', 'The client that the token was issued to.'],
  ['client_id', 'The client that the token was issued to.'],
  ['scope', 'What the client was allowed to ask for.'],
  ['scp', 'What the client was allowed to ask for.'],
  ['roles', 'Roles that hold everywhere. Tenantry reads those of each tenant only.'],
  ['permissions', 'Permissions that hold everywhere. Tenantry reads those of each tenant only.'],
  ['cnf', 'The key that the sender must prove to have. Such a token is no Bearer token.'],
  ['sid', 'The session that the token belongs to.'],
  ['nonce', 'Ties an ID token to the request that asked for it.'],
  ['auth_time', 'When the user signed in.'],
  ['acr', 'How strong the sign-in was.'],
  ['amr', 'How the user signed in.'],
  ['at_hash', 'Ties an ID token to its access token.'],
  ['email', 'The email address of the user.'],
  ['email_verified', 'Whether the user has confirmed the email address.'],
  ['phoneNumber', 'The phone number of the user.'],
  ['phone_number', 'The phone number of the user.'],
  ['name', 'The name of the user.'],
  ['username', 'The name that the user signs in with.'],
  ['preferred_username', 'The name that the user wants to be called.'],
  ['image', 'The picture of the user.'],
  ['picture', 'The picture of the user.'],
  ['data', "The application's own data about the user."],
  ['createdAt', 'When the user was made.'],
  ['updatedAt', 'When the user was last changed.'],
])

const header: ReadonlyMap<string, string> = new Map([
  // RFC 7515 section 4.1
  ['alg', 'What the token is signed with.'],
  ['typ', 'What kind of JWT it is.'],
  ['kid', 'The name of the key that signed it.'],
  ['cty', 'What is inside, when it is another token.'],
  ['crit', 'What the receiver must understand. Tenantry refuses it.'],
  ['jku', 'An address for keys. Ignored: a token does not choose its key.'],
  ['jwk', 'A key. Ignored: a token does not bring its own key.'],
  ['x5u', 'An address for a certificate. Ignored: a token does not choose its key.'],
  ['x5c', 'A certificate. Ignored: a token does not bring its own key.'],
  ['x5t', 'The fingerprint of a certificate. Ignored.'],
  ['x5t#S256', 'The fingerprint of a certificate. Ignored.'],
])

/** What a claim means; undefined for one that is nobody's but the issuer's. */
export function meaningOfClaim(name: string): string | undefined {
  return claims.get(name)
}

/** What a member of the header means; undefined for one that no standard has. */
export function meaningOfHeader(name: string): string | undefined {
  return header.get(name)
}
