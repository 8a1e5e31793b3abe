/** Keys that anyone can forge signatures for, although they parse. */

/** The first 38 primes after 2: the modulus of every ROCA key was built from at least these. */
const rocaPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]

/** For each of the primes, the powers of 65537 modulo it. */
const rocaResidues: ReadonlyArray<readonly [prime: bigint, powers: ReadonlySet<bigint>]> =
  rocaPrimes.map((prime) => {
    const powers = new Set<bigint>()
    for (let power = 1; !powers.has(BigInt(power)); power = (power * 65537) % prime) {
      powers.add(BigInt(power))
    }
    return [BigInt(prime), powers]
  })

/**
 * Whether the modulus carries the ROCA fingerprint (CVE-2017-15361): modulo every small prime it is
 * a power of 65537. A sound modulus passes for one about once in 200 million.
 */
export function isRocaModulus(modulus: bigint): boolean {
  return rocaResidues.every(([prime, powers]) => powers.has(modulus % prime))
}

const fieldPrime = 2n ** 255n - 19n

/** The y coordinates of the eight points of low order on Curve25519 (RFC 8032 section 5.1). */
const lowOrderY: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  fieldPrime - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
])

/**
 * Whether an encoded Ed25519 public key (32 bytes, little endian) is a point of low order, or a
 * coordinate that is not below the field prime. With the identity as the key, one signature fits
 * every message; Node and WebCrypto both accept it.
 */
export function isUnsafeEd25519Point(encoded: Uint8Array): boolean {
  let y = 0n
  for (const byte of encoded.toReversed()) y = (y << 8n) | BigInt(byte)
  y &= (1n << 255n) - 1n // the top bit is the sign of x
  return y >= fieldPrime || lowOrderY.has(y)
}
