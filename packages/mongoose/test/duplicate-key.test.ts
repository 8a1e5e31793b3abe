import { describe, expect, it } from 'vitest'
import { neutralError } from '../src/duplicate-key.ts'
import { scopeOf } from './support/scope.ts'

const scope = scopeOf('a')
const secret = 'secret of b'

/** As MongoDB sends it; the stand-in leaves most of it out. */
function duplicate(keys: readonly string[]): object {
  return Object.assign(new Error(`E11000 duplicate key error dup key: { "${secret}" }`), {
    code: 11000,
    keyPattern: Object.fromEntries(keys.map((key) => [key, 1])),
    keyValue: Object.fromEntries(keys.map((key) => [key, secret])),
    errorResponse: { errmsg: secret },
  })
}

describe('a duplicate key, as it is told', () => {
  it('names the members of an index of the tenant, and no others', () => {
    expect(neutralError(duplicate(['organizationId', 'sku']), scope)).toMatchObject({
      code: 'duplicate_key',
      fields: ['sku'],
    })
    for (const keys of [['_id'], ['sku'], ['sku', 'organizationId']]) {
      expect(neutralError(duplicate(keys), scope)).toMatchObject({ fields: [] })
    }
  })

  it('has nothing of what the server said', () => {
    const told: unknown = neutralError(duplicate(['sku']), scope)
    expect(`${told} ${JSON.stringify(told)} ${Object(told).stack}`).not.toContain(secret)
  })

  it('of many, says which and no more', () => {
    const result = { insertedCount: 1 }
    const error = Object.assign(new Error(secret), {
      code: 11000,
      insertedCount: 1,
      result,
      writeErrors: [
        { index: 1, code: 11000, errmsg: secret, op: { sku: secret } },
        { index: 2, code: 121, errmsg: secret, errInfo: secret },
      ],
    })
    const told: unknown = neutralError(error, scope)
    expect(JSON.stringify(told)).not.toContain(secret)
    expect(told).toMatchObject({
      code: 'duplicate_key',
      insertedCount: 1,
      writeErrors: [
        { index: 1, code: 11000 },
        { index: 2, code: 121 },
      ],
    })
  })

  it('is left alone where no tenant is concerned, and other errors are', () => {
    const error = duplicate(['sku'])
    const other = new Error('x')
    expect(neutralError(error, undefined)).toBe(error)
    expect(neutralError(other, scope)).toBe(other)
    expect(neutralError('x', scope)).toBe('x')
  })
})
