/** The operations of the isolation suite on a model, written as if there were no tenants. */
import type { Item, ItemOperations } from '@tenantry/testing/isolation'
import type { ClientSession, Model, Mongoose, Schema } from 'mongoose'

export interface ItemRow {
  key: string
  name: string
  amount: number
  organizationId?: string
}

export function itemSchema({ Schema }: Mongoose): Schema<ItemRow> {
  return new Schema<ItemRow>({
    key: { type: String, unique: true },
    name: String,
    amount: Number,
  })
}

const toItem = ({ key, name, amount }: ItemRow): Item => ({ key, name, amount })

export function itemOperations(Model: Model<ItemRow>, session?: ClientSession): ItemOperations {
  const options = session === undefined ? {} : { session }
  return {
    list: async () => (await Model.find({}, null, options).sort({ key: 1 })).map(toItem),
    find: async (key) => {
      const row = await Model.findOne({ key }, null, options)
      return row === null ? undefined : toItem(row)
    },
    search: async (name) => (await Model.find({ name }, null, options).lean()).map(toItem),
    count: () => Model.countDocuments({}, options).exec(),
    total: async () => {
      const group = { $group: { _id: null, total: { $sum: '$amount' } } }
      const [row] = await Model.aggregate<{ total: number }>([group]).option(options)
      return row?.total ?? 0
    },
    insert: async (item) => await Model.create([{ ...item }], options),
    insertMany: async (items) => await Model.insertMany([...items], options),
    upsert: ({ key, ...item }) =>
      Model.updateOne({ key }, { $set: item }, { ...options, upsert: true }).exec(),
    update: (key, changes) => Model.updateOne({ key }, { $set: changes }, options).exec(),
    updateAll: (changes) => Model.updateMany({}, { $set: changes }, options).exec(),
    remove: (key) => Model.deleteOne({ key }, options).exec(),
    removeAll: () => Model.deleteMany({}, options).exec(),
    listOf: async (organizationId) =>
      (await Model.find({ organizationId } as never, null, options)).map(toItem),
    insertAs: async (organizationId, item) =>
      await Model.create([{ ...item, organizationId }], options),
    moveTo: (key, organizationId) => Model.updateOne({ key }, { organizationId }, options).exec(),
    transaction: (run) =>
      Model.db.transaction((own) => run(itemOperations(Model, own))) as Promise<never>,
  }
}
