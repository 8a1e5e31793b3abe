/** Attacks on the structure of a token: rows T1 to T18 of the catalogue. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVerifier, type TokenError } from '../../src/index.ts'
import {
  claimsText,
  ec,
  goodClaims,
  goodHeader,
  mint,
  mintHmac,
  now,
  options,
  otherRsa,
  rsa,
  segment,
  signText,
  withClaims,
  withHeader,
} from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

const verifier = createVerifier(options)
const roomy = createVerifier({ ...options, maxTokenBytes: 1_000_000 })
const good = mint(goodHeader, goodClaims)
const [head = '', body = '', tail = ''] = good.split('.')

async function expectCode(jwt: unknown, code: string, from = verifier): Promise<void> {
  expect(await outcomeOf(from, jwt)).toBe(code)
}

it('accepts the token that every attack below starts from', async () => {
  await expectCode(good, 'accepted')
})

describe('T1: not three segments', () => {
  const cases: [string, unknown][] = [
    ['an empty string', ''],
    ['one segment', head],
    ['two segments', `${head}.${body}`],
    ['four segments', `${good}.${tail}`],
    ['five segments, a JWE', `${head}.${body}.${tail}.${body}.${tail}`],
    [
      'the flattened JSON serialization',
      JSON.stringify({ protected: head, payload: body, signature: tail }),
    ],
    ['an empty signature', `${head}.${body}.`],
    ['an empty header', `.${body}.${tail}`],
    ['an empty payload', `${head}..${tail}`],
    ['only dots', '..'],
    ['no string: undefined', undefined],
    ['no string: null', null],
    ['no string: a number', 7],
    ['no string: an object with toString', { toString: () => good }],
    ['no string: an array of one token', [good]],
    ['no string: a String object', new String(good)],
  ]
  it.each(cases)('refuses %s', async (name, jwt) => {
    // An empty payload is correctly shaped and wrongly signed.
    await expectCode(jwt, name === 'an empty payload' ? 'signature_invalid' : 'token_malformed')
  })

  it('refuses an empty payload that is correctly signed', async () => {
    await expectCode(signText(`${head}.`), 'token_malformed')
  })

  it('says so when it is a Userfront API key', async () => {
    await expect(verifier.verify('uf_live_admin_demo1234_0123456789abcdef')).rejects.toMatchObject({
      code: 'token_malformed',
      message: expect.stringContaining('API key'),
    })
  })
})

describe('a token with something around it', () => {
  it.each([
    [`Bearer ${good}`, 'Bearer'],
    [`bearer ${good}`, 'Bearer'],
    [`${good}\n`, 'white space'],
    [` ${good}`, 'white space'],
  ])('is told what it is: %#', async (jwt, word) => {
    await expect(verifier.verify(jwt)).rejects.toMatchObject({
      code: 'token_malformed',
      message: expect.stringContaining(word),
    })
  })
})

describe('T2: characters outside of the alphabet', () => {
  const characters = [
    ' ',
    '\n',
    '\r\n',
    '\t',
    '=',
    '==',
    '+',
    '/',
    '*',
    '?',
    '%',
    '\0',
    'é',
    '\u200b',
    '\ud83d\ude00',
  ]
  const places: [string, (character: string) => string][] = [
    ['before the token', (c) => `${c}${good}`],
    ['after the token', (c) => `${good}${c}`],
    ['in the header', (c) => `${head.slice(0, 5)}${c}${head.slice(5)}.${body}.${tail}`],
    ['after the header', (c) => `${head}${c}.${body}.${tail}`],
    ['in the payload', (c) => `${head}.${body.slice(0, 5)}${c}${body.slice(5)}.${tail}`],
    ['after the payload', (c) => `${head}.${body}${c}.${tail}`],
    ['in the signature', (c) => `${head}.${body}.${tail.slice(0, 5)}${c}${tail.slice(5)}`],
  ]
  describe.each(places)('%s', (_, insert) => {
    it.each(characters.map((character) => [JSON.stringify(character), character]))(
      'refuses %s',
      async (_name, character) => {
        await expectCode(insert(character), 'token_malformed')
      },
    )
  })

  it('refuses a padded header that was signed so', async () => {
    await expectCode(signText(`${segment({ ...goodHeader, a: 1 })}=.${body}`), 'token_malformed')
  })

  it('refuses the standard alphabet in place of the one for URLs', async () => {
    const jwt = good.replaceAll('-', '+').replaceAll('_', '/')
    await expectCode(jwt, 'token_malformed')
  })
})

describe('T3: bits behind the last byte', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  it('refuses all other spellings of one RS256 signature', async () => {
    const last = alphabet.indexOf(tail.slice(-1))
    // 256 bytes leave 4 of the 6 bits of the last character unused.
    for (let bits = 1; bits < 16; bits++) {
      const jwt = `${head}.${body}.${tail.slice(0, -1)}${alphabet[last + bits]}`
      expect(Buffer.from(jwt.split('.')[2] ?? '', 'base64url')).toEqual(
        Buffer.from(tail, 'base64url'),
      )
      await expectCode(jwt, 'token_malformed')
    }
  })

  it('refuses them in header and payload too, signed as they are', async () => {
    for (const [text, left] of [
      [`{"alg":"RS256"}`, 0],
      [`{"alg":"RS256" }`, 15],
      [`{"alg":"RS256"  }`, 3],
    ] as const) {
      const segmentText = segment(text)
      if (left === 0) continue
      const odd =
        segmentText.slice(0, -1) + alphabet[alphabet.indexOf(segmentText.slice(-1)) + left]
      await expectCode(signText(`${segmentText}.${body}`), 'accepted')
      await expectCode(signText(`${odd}.${body}`), 'token_malformed')
    }
  })

  it('refuses a length that no bytes have', async () => {
    await expectCode(
      signText(`${head}A.${body}`.replace(head, head.slice(0, head.length - (head.length % 4)))),
      'token_malformed',
    )
  })
})

describe('T4: not a JSON object in UTF-8', () => {
  const cases: [string, string | Uint8Array][] = [
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['an overlong encoding', Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d)],
    ['a byte order mark', `\ufeff${JSON.stringify(goodClaims)}`],
    ['UTF-16', Buffer.from(JSON.stringify(goodClaims), 'utf16le')],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['a number', '1'],
    ['nothing', ''],
    ['two objects', '{}{}'],
    ['a comment', '{}//x'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['an unfinished string', '{"a'],
    ['a string that ends in a backslash', '{"a\\'],
    ['NaN', '{"a":NaN}'],
  ]
  it.each(cases)('refuses %s as the payload', async (_, payload) => {
    await expectCode(mint(goodHeader, payload), 'token_malformed')
  })
  it.each(cases)('refuses %s as the header', async (_, header) => {
    await expectCode(mint(header, goodClaims), 'token_malformed')
  })
})

describe('T5: a member twice', () => {
  const cases: [string, unknown, unknown][] = [
    ['in the header', '{"alg":"none","alg":"RS256"}', goodClaims],
    ['in the header, the other way round', '{"alg":"RS256","alg":"none"}', goodClaims],
    ['in the claims', goodHeader, claimsText('"exp":1')],
    ['in the claims, written with an escape', goodHeader, claimsText('"\\u0065xp":1')],
    [
      'a tenant',
      goodHeader,
      claimsText('"authorization":{"acme":{"roles":[]},"acme":{"roles":["admin"]}},"x":1').replace(
        /,"authorization":\{"nz.*?\}\}/,
        '',
      ),
    ],
    [
      'the roles of a tenant',
      goodHeader,
      claimsText('"authorization":{"acme":{"roles":[],"roles":["admin"]}},"x":1').replace(
        /,"authorization":\{"nz.*?\}\}/,
        '',
      ),
    ],
    ['__proto__', goodHeader, claimsText('"__proto__":1,"__proto__":2')],
    ['far down', goodHeader, claimsText('"a":[{"b":{"c":1,"c":1}}]')],
  ]
  it.each(cases)('refuses %s', async (_, header, payload) => {
    await expectCode(mint(header, payload), 'token_malformed')
  })

  it('does not mistake colons, quotes and braces inside of strings', async () => {
    const raw = '"a":":\\":{[\\\\\\"","b\\\\":{"c:\\"":["]","}"]},"":{"":1}'
    await expectCode(mint(goodHeader, claimsText(raw)), 'accepted')
  })
})

describe('T6: deep, huge, many', () => {
  const nested = (levels: number) =>
    claimsText(`"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`)
  it('accepts 32 levels and refuses 33', async () => {
    await expectCode(mint(goodHeader, nested(32)), 'accepted')
    await expectCode(mint(goodHeader, nested(33)), 'token_malformed')
    await expectCode(
      mint(`{"alg":"RS256","a":${'['.repeat(32)}${']'.repeat(32)}}`, goodClaims),
      'token_malformed',
    )
  })

  it('refuses 50,000 nested arrays, whether they are closed or not', async () => {
    await expectCode(
      mint(goodHeader, claimsText(`"a":${'['.repeat(50_000)}`)),
      'token_malformed',
      roomy,
    )
    await expectCode(mint(goodHeader, nested(50_000)), 'token_malformed', roomy)
    await expectCode(mint('['.repeat(50_000), goodClaims), 'token_malformed', roomy)
    await expectCode(mint(goodHeader, nested(50_000)), 'token_too_large')
  })

  it('refuses a number that no double holds, in a claim and in the header', async () => {
    await expectCode(mint(goodHeader, claimsText('"a":1e999')), 'token_malformed')
    await expectCode(mint(goodHeader, claimsText('"a":[-1e999]')), 'token_malformed')
    await expectCode(mint('{"alg":"RS256","a":1e999}', goodClaims), 'token_malformed')
  })

  it('refuses text that is not well-formed Unicode', async () => {
    await expectCode(mint(goodHeader, claimsText('"a":"\\ud800"')), 'token_malformed')
    await expectCode(mint(goodHeader, claimsText('"\\udc00":1')), 'token_malformed')
    await expectCode(mint(goodHeader, claimsText('"a":["\\ud83d\\ude00"]')), 'accepted')
  })

  it('accepts 8192 characters and refuses one more', async () => {
    const sized = (length: number): string => {
      let padding = length
      let jwt: string
      do jwt = withClaims({ padding: 'x'.repeat(padding--) })
      while (jwt.length > length)
      return jwt
    }
    const longest = sized(8192)
    expect(longest.length).toBeGreaterThan(8190)
    await expectCode(longest, 'accepted')
    await expectCode(`${longest}${'A'.repeat(8193 - longest.length)}`, 'token_too_large')
    await expectCode('x'.repeat(10_000_000), 'token_too_large')
  })
})

describe('T7 to T9: algorithms', () => {
  const algs = [
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    'rs256',
    'RS256 ',
    'HS256',
    'PS256',
    'RS512',
    'ES256',
    'RSA1_5',
    'constructor',
    '__proto__',
    ['RS256'],
    ['none'],
    { alg: 'RS256' },
    7,
    null,
    true,
  ]
  it.each(algs.map((alg) => [JSON.stringify(alg), alg]))('refuses alg %s', async (_, alg) => {
    await expectCode(withHeader({ alg }), 'alg_not_allowed')
  })

  it('refuses a missing alg', async () => {
    await expectCode(withHeader({ alg: undefined }), 'alg_not_allowed')
  })

  it('refuses alg none whatever its signature', async () => {
    await expectCode(`${segment({ alg: 'none' })}.${body}.`, 'alg_not_allowed')
    await expectCode(`${segment({ alg: 'none' })}.${body}.${tail}`, 'alg_not_allowed')
  })

  it('refuses HS256 keyed with any form of the public key', async () => {
    const forms = [
      rsa.publicKey.export({ type: 'spki', format: 'pem' }),
      rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
      rsa.publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(rsa.publicKey.export({ format: 'jwk' })),
      Buffer.from(`${rsa.publicKey.export({ format: 'jwk' }).n}`, 'base64url'),
      '',
    ]
    for (const secret of forms) {
      await expectCode(
        mintHmac({ alg: 'HS256', typ: 'JWT' }, goodClaims, secret),
        'alg_not_allowed',
      )
    }
  })

  it('refuses a listed algorithm that is not the one of the key', async () => {
    const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }
    const both = createVerifier({ ...options, keys: jwk, algorithms: ['RS256', 'PS256', 'RS512'] })
    await expectCode(mint({ ...goodHeader, kid: 'one' }, goodClaims), 'accepted', both)
    await expectCode(
      mint({ alg: 'RS512', kid: 'one' }, goodClaims, rsa.privateKey, 'sha512'),
      'alg_not_allowed',
      both,
    )
    await expectCode(mint({ alg: 'PS256', kid: 'one' }, goodClaims), 'alg_not_allowed', both)
    // Without a kid there is no key that fits.
    await expectCode(
      mint({ alg: 'RS512' }, goodClaims, rsa.privateKey, 'sha512'),
      'key_not_found',
      both,
    )
  })
})

describe('T10: ECDSA signatures that are numbers out of range', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const field = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
  const edges = [0n, 1n, order - 1n, order, order + 1n, field, (1n << 256n) - 1n]
  const es256 = createVerifier({ ...options, keys: ec.publicKey, algorithms: ['ES256'] })
  const hex = (n: bigint) => n.toString(16).padStart(64, '0')

  it('refuses every pair of edge values', async () => {
    const text = `${segment({ alg: 'ES256' })}.${body}`
    await expectCode(signText(text, ec.privateKey), 'accepted', es256)
    for (const r of edges) {
      for (const s of edges) {
        const signature = Buffer.from(hex(r) + hex(s), 'hex').toString('base64url')
        await expectCode(`${text}.${signature}`, 'signature_invalid', es256)
      }
    }
  })

  it('refuses a DER signature, a short one and a long one', async () => {
    const text = `${segment({ alg: 'ES256' })}.${body}`
    const raw = Buffer.from(signText(text, ec.privateKey).split('.')[2] ?? '', 'base64url')
    const der = Buffer.concat([
      Buffer.of(0x30, 68, 2, 32),
      raw.subarray(0, 32),
      Buffer.of(2, 32),
      raw.subarray(32),
    ])
    for (const bytes of [
      der,
      raw.subarray(0, 63),
      Buffer.concat([raw, Buffer.of(0)]),
      Buffer.of(0),
    ]) {
      await expectCode(`${text}.${bytes.toString('base64url')}`, 'signature_invalid', es256)
    }
  })
})

describe('T11: critical extensions', () => {
  const headers = [
    { crit: ['foo'], foo: 1 },
    { crit: ['exp'], exp: now },
    { crit: [] },
    { crit: null },
    { crit: '' },
    { crit: false },
    { crit: ['b64'], b64: false },
    { b64: false },
    { b64: true },
    { b64: null },
  ]
  it.each(headers.map((header) => [JSON.stringify(header), header]))(
    'refuses %s',
    async (_, header) => {
      await expectCode(withHeader(header), 'crit_unsupported')
    },
  )
})

describe('T12: keys and addresses in the header', () => {
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end('{}')
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('verifies with its own key, and asks nobody', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
    const jwk = otherRsa.publicKey.export({ format: 'jwk' })
    for (const extra of [
      { jwk },
      { jku: url },
      { x5u: url },
      { x5c: [url] },
      { jwk, jku: url, x5u: url, kid: url },
    ]) {
      const header = { ...goodHeader, ...extra }
      await expectCode(mint(header, goodClaims, otherRsa.privateKey), 'signature_invalid')
      await expectCode(mint(header, goodClaims), 'accepted')
    }
    expect(requests).toBe(0)
  })
})

describe('T13 and T14: kid', () => {
  const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256' }
  const named = createVerifier({ ...options, keys: { keys: [jwk] }, maxTokenBytes: 100_000 })
  const kids = [
    '../../dev/null',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'toString',
    'KEY-1',
    'key-1 ',
    '',
    7,
    null,
    {},
    ['key-1'],
    true,
    'k'.repeat(257),
    'k'.repeat(10_240),
  ]

  it('accepts the key by its name', async () => {
    await expectCode(withHeader({ kid: 'key-1' }), 'accepted', named)
  })
  it.each(kids.map((kid) => [JSON.stringify(kid).slice(0, 40), kid]))(
    'does not find a key by the kid %s',
    async (_, kid) => {
      await expectCode(withHeader({ kid }), 'key_not_found', named)
    },
  )
  it('refuses 10 KB of kid for its size by default', async () => {
    await expectCode(withHeader({ kid: 'k'.repeat(10_240) }), 'token_too_large')
  })
  it('takes the only key that fits when the token has no kid', async () => {
    await expectCode(withHeader({ kid: undefined }), 'accepted', named)
  })
  it('takes none when two fit', async () => {
    const second = { ...otherRsa.publicKey.export({ format: 'jwk' }), kid: 'key-2', alg: 'RS256' }
    const two = createVerifier({ ...options, keys: { keys: [jwk, second] } })
    await expectCode(withHeader({ kid: undefined }), 'key_not_found', two)
    await expectCode(withHeader({ kid: 'key-2' }), 'signature_invalid', two)
  })
})

describe('T15: typ', () => {
  it.each([
    'dpop+jwt',
    'logout+jwt',
    'at+jwt',
    'application/at+jwt',
    '',
    'JOSE',
    ' JWT',
    7,
    null,
    ['JWT'],
    {},
  ])('refuses %j where JWT is expected', async (typ) => {
    await expectCode(withHeader({ typ }), 'typ_unexpected')
  })
  it.each(['JWT', 'jwt', 'application/jwt', undefined])('accepts %j', async (typ) => {
    await expectCode(withHeader({ typ }), 'accepted')
  })
  it('refuses JWT, and no typ, where at+jwt is expected', async () => {
    const strict = createVerifier({ ...options, types: ['at+jwt'] })
    await expectCode(withHeader({ typ: 'at+jwt' }), 'accepted', strict)
    await expectCode(withHeader({ typ: 'application/AT+JWT' }), 'accepted', strict)
    await expectCode(withHeader({ typ: 'JWT' }), 'typ_unexpected', strict)
    await expectCode(withHeader({ typ: undefined }), 'typ_unexpected', strict)
  })
})

describe('T16: a token inside the token', () => {
  it.each(['JWT', 'jwt', 'application/jwt', 7, null, {}])('refuses cty %j', async (cty) => {
    await expectCode(withHeader({ cty }), 'token_malformed')
    await expectCode(mint({ ...goodHeader, cty }, good), 'token_malformed')
  })
})

describe('T17: a key of somebody else', () => {
  it('refuses a signature by the key of another issuer', async () => {
    await expectCode(mint(goodHeader, goodClaims, otherRsa.privateKey), 'signature_invalid')
    await expectCode(
      mint({ ...goodHeader, kid: 'theirs' }, goodClaims, otherRsa.privateKey),
      'signature_invalid',
    )
  })
  it('keeps two verifiers apart, each with a cache of its own', async () => {
    const theirs = createVerifier({ ...options, keys: otherRsa.publicKey })
    const jwt = mint(goodHeader, goodClaims, otherRsa.privateKey)
    await expectCode(jwt, 'accepted', theirs)
    await expectCode(jwt, 'signature_invalid')
    await expectCode(good, 'accepted')
    await expectCode(good, 'signature_invalid', theirs)
  })
})

describe('T18: text that wants to be in a header or a log', () => {
  const evil = 'x\r\nSet-Cookie: a=b"\\\u2603SECRET'
  const tokens: [string, string][] = [
    ['crit', withHeader({ crit: [evil] })],
    [
      'kid',
      mint(
        { ...goodHeader, kid: evil, alg: 'RS256' },
        { ...goodClaims, iss: evil },
        otherRsa.privateKey,
      ),
    ],
    ['alg', withHeader({ alg: evil })],
    ['typ', withHeader({ typ: evil })],
    ['iss', withClaims({ iss: evil, type: evil })],
    ['a claim', mint(goodHeader, `{"${evil}`)],
  ]
  it.each(tokens)('does not repeat it: %s', async (_, jwt) => {
    const error = await verifier.verify(jwt).then(
      () => undefined,
      (thrown: TokenError) => thrown,
    )
    const everything = [
      error?.message,
      error?.stack,
      JSON.stringify(error),
      JSON.stringify(error?.headers),
      String(error?.cause),
    ].join()
    expect(error?.name).toBe('TokenError')
    for (const trace of ['SECRET', 'Set-Cookie', '\u2603', '\r', jwt.split('.')[1] ?? '']) {
      expect(everything).not.toContain(trace)
    }
    expect(() => new Headers({ ...error?.headers })).not.toThrow()
  })
})
