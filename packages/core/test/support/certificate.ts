/** A certificate (RFC 5280) around a public key, made by hand because Node reads but never writes one. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The PEM of a certificate for the key, by an authority that nobody knows. */
export function certificateOf(publicKey: KeyObject): string {
  const serial = der(0x02, Buffer.of(1))
  const ecdsaWithSha256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const validity = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'))
  const subject = publicKey.export({ type: 'spki', format: 'der' })
  const signed = sequence(serial, ecdsaWithSha256, sequence(), validity, sequence(), subject)
  const signature = sign('sha256', signed, ca.privateKey)
  const unusedBits = Buffer.of(0)
  const whole = sequence(signed, ecdsaWithSha256, der(0x03, unusedBits, signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** A tag, the length and the content (X.690 section 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content])
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text))
}
