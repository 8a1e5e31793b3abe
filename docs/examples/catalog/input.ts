/** What a client sends, read once. */
import type { QueryFilter } from 'mongoose'
import { z } from 'zod'
import type { Product } from './models.ts'

const text = z.string().min(1).max(200)

export const newProduct = z.object({ name: text, desc: text })

export const newOrder = z.object({
  product: z.string().regex(/^[0-9a-f]{24}$/),
  quantity: z.int().min(1).max(1000),
})

/**
 * The filter of a client, as JSON: `{"name":"Product-A"}`. It may ask for whatever it likes, also for other
 * organizations: it finds what its own one has. Operators of MongoDB inside of it are not its business.
 *
 * @returns undefined for what is no filter
 */
export function readWhere(json: unknown): QueryFilter<Product> | undefined {
  if (json === undefined) return {}
  if (typeof json !== 'string' || json.length > 500) return undefined
  try {
    const where = filter.safeParse(JSON.parse(json))
    return where.success ? where.data : undefined
  } catch {
    return undefined
  }
}

/** Members with plain values, and filters that are put together. */
const value = z.union([z.string(), z.null()]).exactOptional()
const filter = z.strictObject({
  _id: value,
  name: value,
  desc: value,
  organizationId: value,
  get $and() {
    return z.array(filter).min(1).exactOptional()
  },
  get $or() {
    return z.array(filter).min(1).exactOptional()
  },
  get $nor() {
    return z.array(filter).min(1).exactOptional()
  },
})
