/** A token to try the page with, signed here and now by a key that is thrown away. */

/** The token, and the JWK Set that it verifies with. */
export interface Example {
  readonly token: string
  readonly keys: string
}

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}

/** Makes an access token like those of Userfront, issued 48 minutes ago for an hour. */
export async function makeExample(now: Date): Promise<Example> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const iat = Math.floor(now.getTime() / 1000) - 48 * 60
  const header = { alg: 'RS256', typ: 'JWT', kid: 'example-1' }
  const claims = {
    mode: 'live',
    tenantId: 'demo1234',
    userId: 7,
    authorization: {
      acme: { roles: ['admin', 'member'] },
      globex: { roles: ['editor', 'member'] },
      initech: { roles: ['billing'] },
      hooli: { roles: [] },
    },
    sessionId: '8d1b6f0e-4a53-4a21-9d3c-1f1a6f6a7c11',
    iat,
    exp: iat + 3600,
  }
  const signed = `${encodeJson(header)}.${encodeJson(claims)}`
  const signature = await crypto.subtle.sign(
    algorithm.name,
    pair.privateKey,
    new TextEncoder().encode(signed),
  )
  const key = { kty: 'RSA', kid: 'example-1', alg: 'RS256', use: 'sig', n, e }
  return {
    token: `${signed}.${encode(new Uint8Array(signature))}`,
    keys: JSON.stringify({ keys: [key] }, null, 2),
  }
}

function encodeJson(value: unknown): string {
  return encode(new TextEncoder().encode(JSON.stringify(value)))
}

function encode(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
