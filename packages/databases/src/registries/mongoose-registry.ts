/** The admin database in MongoDB. Each method is one operation on one document, but for the indexes. */
import { AccessError } from '@tenantry/core'
import type { Connection } from 'mongoose'
import { canonicalEmail } from '../provision/email.ts'
import type {
  ProvisioningRegistry,
  TenantChange,
  TenantRecord,
} from '../provision/provisioning-registry.ts'

/** A tenant as it is stored: its id is the document's. */
type TenantDocument = Omit<TenantRecord, 'tenantId'> & {
  readonly _id: string
  readonly createdAt: Date
}

/** A user as it is stored: the address is the document's id. No member has a password. */
interface UserDocument {
  readonly _id: string
  readonly tenantId: string
}

const unfinished = { $in: ['provisioning', 'deleting'] as const }

/**
 * A registry in MongoDB, in the database of the connection. It uses the collections `tenants` and
 * `users` there. No transaction is needed, and so no replica set.
 *
 * @example
 * ```ts
 * import { mongooseRegistry } from '@tenantry/databases/mongoose'
 * import { createConnection } from 'mongoose'
 *
 * const admin = await createConnection('mongodb://localhost/admin_of_app').asPromise()
 * const registry = mongooseRegistry(admin)
 * await registry.createTables()
 * ```
 */
export function mongooseRegistry(connection: Connection): ProvisioningRegistry {
  const tenants = connection.collection<TenantDocument>('tenants')
  const users = connection.collection<UserDocument>('users')

  return {
    async createTables() {
      for (const field of ['slug', 'databaseName', 'key']) {
        await tenants.createIndex({ [field]: 1 }, { unique: true })
      }
      await users.createIndex({ tenantId: 1 })
    },
    async find(tenantId) {
      return toRecord(await tenants.findOne({ _id: equal(tenantId) }))
    },
    async setStatus(tenantId, status) {
      const { matchedCount } = await tenants.updateOne(
        { _id: equal(tenantId), status: { $in: ['active', 'suspended'] } },
        { $set: { status }, $inc: { version: 1 } },
      )
      if (matchedCount === 0) throw new AccessError('tenant_forbidden')
    },
    async list({ after = '', limit = 0 } = {}) {
      const later = tenants.find({ _id: { $gt: after } }).sort({ _id: 1 })
      // 0 is no limit.
      return (await later.limit(limit).toArray()).map(asRecord)
    },
    async findByKey(key) {
      return toRecord(await tenants.findOne({ key: equal(key) }))
    },
    async insert({ tenantId, ...tenant }) {
      const document: TenantDocument = {
        _id: tenantId,
        ...tenant,
        status: 'provisioning',
        step: 'inserted',
        version: 1,
        createdAt: new Date(),
      }
      return await isInserted(tenants.insertOne(document))
    },
    async takeOver(tenantId, { now, ...claim }) {
      const free = { _id: equal(tenantId), status: unfinished, claimedUntil: { $lte: now } }
      return toRecord(
        await tenants.findOneAndUpdate(free, { $set: claim }, { returnDocument: 'after' }),
      )
    },
    async change(tenantId, claim, from, change) {
      const { matchedCount } = await tenants.updateOne(
        { _id: equal(tenantId), claim: equal(claim), status: equal(from) },
        { ...setting(change), $inc: { version: 1 } },
      )
      return matchedCount > 0
    },
    async remove(tenantId, claim) {
      await tenants.deleteOne({ _id: equal(tenantId), claim: equal(claim), status: 'deleting' })
    },
    async halfDone(now) {
      const free = { status: unfinished, claimedUntil: { $lte: now } }
      return (await tenants.find(free).sort({ _id: 1 }).toArray()).map(asRecord)
    },
    async addUser({ tenantId, email }) {
      if (await isInserted(users.insertOne({ _id: email, tenantId }))) return true
      // One that is there already counts when it is of this tenant.
      return (await users.findOne({ _id: equal(email), tenantId: equal(tenantId) })) !== null
    },
    async removeUsers(tenantId) {
      await users.deleteMany({ tenantId: equal(tenantId) })
    },
    async findUser(email) {
      const address = canonicalEmail(email)
      if (address === undefined) return undefined
      const user = await users.findOne({ _id: equal(address) })
      return user === null ? undefined : { tenantId: user.tenantId, email: user._id }
    },
  }
}

/** A value that is never read as an operator. */
function equal<Value>(value: Value): { readonly $eq: Value } {
  return { $eq: value }
}

/** MongoDB refuses a `$set` that sets nothing. */
function setting(change: TenantChange): { $set?: TenantChange } {
  return Object.keys(change).length === 0 ? {} : { $set: change }
}

/** False where something that is unique is taken. */
async function isInserted(inserting: Promise<unknown>): Promise<boolean> {
  try {
    await inserting
    return true
  } catch (error) {
    const isTaken =
      typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 11_000
    if (isTaken) return false
    throw error
  }
}

function toRecord(document: TenantDocument | null): TenantRecord | undefined {
  return document === null ? undefined : asRecord(document)
}

function asRecord({ _id, createdAt: _, ...tenant }: TenantDocument): TenantRecord {
  return { tenantId: _id, ...tenant }
}
