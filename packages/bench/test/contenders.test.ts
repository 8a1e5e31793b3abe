import { readFileSync } from 'node:fs'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { benches } from '../src/benches/all.ts'
import { assertHonest } from '../src/operations/honest.ts'
import { refusal } from '../src/operations/refuse.ts'
import { awsJwtVerify } from '../src/peers/aws-jwt-verify.ts'
import { fastJwt } from '../src/peers/fast-jwt.ts'
import { joseKey, joseKeySet } from '../src/peers/jose.ts'
import { jsonWebToken } from '../src/peers/jsonwebtoken.ts'
import { tenantryVerifier } from '../src/peers/tenantry.ts'
import { garbageCodes } from '../src/tokens/garbage.ts'
import { type Material, readMaterial } from '../src/tokens/material.ts'
import { materialFor } from '../src/tokens/mint.ts'

async function minted(algorithm: Material['algorithm']): Promise<Material> {
  return readMaterial(await materialFor({ algorithm, count: 3 }))
}

describe('the tokens', () => {
  it('are 1.1 KB long with RS256, and all different', async () => {
    const { tokens } = await minted('RS256')
    for (const { length } of tokens) expect(Math.abs(length - 1100)).toBeLessThan(50)
    expect(new Set(tokens).size).toBe(3)
  })

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('with %s are good ones', async (algorithm) => {
    const { tokens, jwk, issuer } = await minted(algorithm)
    const keys = createLocalJWKSet({ keys: [jwk] })
    const { payload } = await jwtVerify(tokens[0] ?? '', keys, { issuer })
    expect(payload).toMatchObject({ mode: 'live', userId: 1 })
  })
})

describe('every library', () => {
  const tenantry = (material: Material) => {
    const verifier = tenantryVerifier(material, { cache: 10 })
    return (jwt: string) => verifier.verifySync(jwt)
  }
  const peers = { tenantry, fastJwt, jsonWebToken, awsJwtVerify, joseKey, joseKeySet }

  it.each(Object.entries(peers))('%s accepts and refuses what it should', async (name, make) => {
    for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
      if (name === 'jsonWebToken' && algorithm === 'EdDSA') continue
      const material = await minted(algorithm)
      await assertHonest(await make(material), material)
    }
  })

  it('that accepts everything, or nothing, is not measured', async () => {
    const material = await minted('EdDSA')
    await expect(assertHonest(() => ({}), material)).rejects.toThrow('A bad token was accepted')
    const nothing = (): never => {
      throw new Error('no')
    }
    await expect(assertHonest(nothing, material)).rejects.toThrow('no')
  })
})

describe('garbage', () => {
  it.each(Object.keys(garbageCodes))('%s is refused for what it is', async (kind) => {
    const material = await minted('RS256')
    expect(await refusal(kind, material).run(6)).toBe(6)
    expect(await refusal(`${kind}, awaited`, material).run(6)).toBe(6)
  })
})

describe('the page about performance', () => {
  it('names every bench', () => {
    const page = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8')
    const named = [...page.matchAll(/^\| (`.+?`) +\|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    )
    expect(named).toEqual(benches.map(({ name }) => name))
  })
})
