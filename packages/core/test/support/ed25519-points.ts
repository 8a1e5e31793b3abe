/** Points of edwards25519 (RFC 8032 section 5.1), by the school's arithmetic: slow and obvious. */

export const fieldPrime: bigint = 2n ** 255n - 19n
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n
const d = modulo(-121665n * inverse(121666n))

type Point = readonly [x: bigint, y: bigint]

function modulo(value: bigint): bigint {
  return ((value % fieldPrime) + fieldPrime) % fieldPrime
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = modulo(base)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square)
    square = modulo(square * square)
  }
  return result
}

function inverse(value: bigint): bigint {
  return power(modulo(value), fieldPrime - 2n)
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = d * x1 * x2 * y1 * y2
  return [
    modulo((x1 * y2 + x2 * y1) * inverse(1n + product)),
    modulo((y1 * y2 + x1 * x2) * inverse(1n - product)),
  ]
}

function multiply(point: Point, times: bigint): Point {
  let result: Point = [0n, 1n]
  let double = point
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, double)
    double = add(double, double)
  }
  return result
}

/** A point with this y, if the curve has one. */
function pointAt(y: bigint): Point | undefined {
  const square = modulo((y * y - 1n) * inverse(d * y * y + 1n))
  const root = power(square, (fieldPrime + 3n) / 8n)
  for (const x of [root, modulo(root * power(2n, (fieldPrime - 1n) / 4n))]) {
    if (modulo(x * x) === square) return [x, y]
  }
  return undefined
}

/** The y coordinates of all points whose order divides 8. */
export function lowOrderCoordinates(): readonly bigint[] {
  for (let y = 2n; ; y++) {
    const point = pointAt(y)
    // What the prime order leaves of a point is of low order; a generator has eight multiples.
    const small = point === undefined ? undefined : multiply(point, groupOrder)
    if (small === undefined || multiply(small, 4n)[1] === 1n) continue
    const all = Array.from({ length: 8 }, (_, times) => multiply(small, BigInt(times))[1])
    return [...new Set(all)]
  }
}

/** The 32 bytes of a coordinate, little endian, with the sign of x in the top bit. */
export function encodePoint(y: bigint, sign: 0 | 1): Buffer {
  const encoded = Buffer.alloc(32)
  for (const index of encoded.keys()) encoded[index] = Number((y >> BigInt(8 * index)) & 0xffn)
  encoded[31] = (encoded[31] ?? 0) | (sign << 7)
  return encoded
}
