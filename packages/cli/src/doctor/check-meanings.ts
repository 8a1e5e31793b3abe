/** Why each check of `doctor` is made, and what to do when it fails. */
import type { CheckId } from './check.ts'

/** What a check is for. */
export interface CheckMeaning {
  readonly why: string
  readonly fix: string
}

export const checkMeanings: Readonly<Record<CheckId, CheckMeaning>> = {
  D01: {
    why: 'A verifier without an issuer accepts a token of anybody whose keys are at that address.',
    fix: 'Set the option issuer of your verifier. A variable that is there and blank is a mistake: set it, or remove it.',
  },
  D02: {
    why: 'Issuers are compared character by character. One more "/" at the end refuses every token.',
    fix: 'Write the issuer exactly as its discovery document has it.',
  },
  D03: {
    why: 'Over plain http, anybody on the way can put in keys of their own, and sign whatever they like.',
    fix: 'Use an https address. Plain http is accepted on loopback only, for development.',
  },
  D04: {
    why: 'A verifier without an audience accepts a token that was issued for another API.',
    fix: 'Set the option audience of your verifier, and have the issuer write it into its tokens.',
  },
  D05: {
    why: 'When two places say different things, somebody changes the one that does not count.',
    fix: 'Remove one of them: flags count before the environment, and that before tenantry.config.json.',
  },
  D10: {
    why: 'A server that cannot have the keys refuses every token with 503 once its own are too old.',
    fix: 'Look at the address, the name, the certificate and the server. An answer has to be complete within 5 seconds, with status 200.',
  },
  D11: {
    why: 'A verifier follows no redirect: whoever can redirect could choose the keys.',
    fix: 'If the new address is right and yours, write it into your settings.',
  },
  D12: {
    why: 'A proxy on the way may keep an old answer, and then new keys arrive late.',
    fix: 'Have the endpoint send Cache-Control with a max-age of a day at most. A verifier asks every 10 minutes whatever it says.',
  },
  D13: {
    why: 'An answer of another type is often an error page or a login.',
    fix: 'Serve the set as application/jwk-set+json or application/json.',
  },
  D14: {
    why: 'A verifier takes a JSON object with a list keys, of 256 KiB at most, in which no member is there twice.',
    fix: 'Look at the answer: tenantry jwks fetch URL. Of an issuer, give the URL of its discovery document or of its JWK Set.',
  },
  D15: {
    why: 'The request that comes when the keys have grown old waits for them.',
    fix: 'Call ready() of the verifier at boot, and make the endpoint faster.',
  },
  D20: {
    why: 'Of two keys with one kid, nobody knows which one a token means: a verifier takes neither.',
    fix: 'Give each key a kid of its own.',
  },
  D21: {
    why: 'Whoever reads the private half of a key can sign tokens for every user of every tenant.',
    fix: 'Make a new key now, publish its public half only, and remove the old key. Look for tokens that you did not issue.',
  },
  D22: {
    why: 'A secret (kty "oct") both checks and signs. Whoever reads it can sign tokens for everybody.',
    fix: 'Make a new secret now, or better a key pair, and never publish a secret.',
  },
  D23: {
    why: 'Signatures of a weak key can be forged: an RSA modulus below 2048 bits, one with the ROCA weakness, a point of low order. A verifier leaves such a key out.',
    fix: 'Make a new key, and sign with it.',
  },
  D24: {
    why: 'Without kid a token cannot say which key it means, and without alg a key may be taken for another algorithm.',
    fix: 'Publish both with every key.',
  },
  D25: {
    why: 'A set may hold keys for other purposes. At least one must be for an algorithm that your application accepts.',
    fix: 'Publish such a key, or name its algorithm in the option algorithms of your verifier.',
  },
  D30: {
    why: 'A token whose key is not published is refused with key_not_found.',
    fix: 'Look whether the token is of this workspace, mode and issuer. A key has to stay published until the last token that it signed has expired.',
  },
  D31: {
    why: 'A token of another issuer, or of the same one in another spelling, is refused.',
    fix: 'If the token is yours, write the issuer into your settings exactly as the token has it.',
  },
  D32: {
    why: 'Roles are read from the claim authorization, a map from tenant to roles. What has another form grants nothing.',
    fix: 'Send the access token, not a refresh or ID token. For the map of another provider there is the option authorizationOf.',
  },
  D33: {
    why: 'A verifier refuses more than 8192 characters, many proxies stop at 8 KB of headers, and browsers drop a cookie above 4096 bytes.',
    fix: 'Put fewer tenants into one token, or only the one that the user works in.',
  },
  D34: {
    why: 'Only a signed JWT can be verified with a JWK Set. An opaque token means something to its issuer alone.',
    fix: 'Ask the issuer for a JWT as access token; often an audience has to be named for that.',
  },
  D35: {
    why: 'A token is accepted only with an algorithm that the verifier lists. "none" is no algorithm, and HS256 needs a secret.',
    fix: 'Add the algorithm to the verifier if the issuer means it, or have the issuer use another one.',
  },
  D36: {
    why: 'A token without exp, or with times in milliseconds, is refused; so is one that has expired or does not count yet.',
    fix: 'Ask for a new token. Times are seconds since 1970.',
  },
  D37: {
    why: 'Roles are written into the token. One that is taken away still counts until the token expires.',
    fix: 'Shorten the life at the issuer, or set maxTokenAge, or use revocations.',
  },
  D38: {
    why: 'A token for another API must not open yours.',
    fix: 'Ask for a token with your audience, or correct the audience that you expect.',
  },
  D39: {
    why: 'A signature that does not match means that the token was changed, cut off, or signed by somebody else. A token that is refused before its signature is looked at, for its header, fails as well.',
    fix: 'Copy the token again. If it still does not match, do not trust it.',
  },
  D41: {
    why: 'A verifier of your settings has the last word: it knows rules that no other check here has, such as mode and workspace, extensions it must understand, and tokens that are bound to a key of their sender. A good token with the typ at+jwt is a warning, because a verifier has to be told of it.',
    fix: 'Look up the refusal, and correct the settings or have the issuer correct the token. For at+jwt there is the option types.',
  },
  D40: {
    why: 'Expiry is judged by the clock of your server. When it is wrong, good tokens are refused and old ones accepted.',
    fix: 'Set the clock with NTP. The option clockTolerance is for seconds, not for minutes.',
  },
  D50: {
    why: 'Tenantry needs Node 20.19 or newer.',
    fix: 'Update Node.',
  },
  D51: {
    why: 'A token that one copy of core has verified is token_unverified for another copy.',
    fix: 'Have all packages use one version, and look with: npm ls @tenantry/core',
  },
}
