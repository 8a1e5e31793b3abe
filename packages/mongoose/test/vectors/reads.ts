/** M1 to M9, M38, M42, M43: reading, and counting. */
import type { Vector } from '../support/vector.ts'
import { withSkus } from './rows.ts'

const mine = withSkus('s1', 's2')

export const reads: readonly Vector[] = [
  { row: 'M1', name: 'find', act: ({ Product }) => Product.find(), check: mine },
  {
    row: 'M1',
    name: 'find with select, sort, limit and lean',
    act: ({ Product }) => Product.find().select('sku').sort({ sku: -1 }).limit(5).lean(),
    check: withSkus('s2', 's1'),
  },
  {
    row: 'M1',
    name: 'findOne by a key that collides',
    act: ({ Product }) => Product.findOne({ sku: 's1' }),
    check: (row) => Reflect.get(Object(row), 'price') === 10,
  },
  {
    row: 'M1',
    name: "findById of b's document",
    act: ({ Product, ids }) => Product.findById(ids.b1),
    check: (row) => row === null,
  },
  {
    row: 'M1',
    name: "exists for b's document",
    act: ({ Product, ids }) => Product.exists({ _id: ids.b1 }),
    check: (row) => row === null,
  },
  {
    row: 'M1',
    name: 'cursor of a query',
    act: async ({ Product }) => {
      const rows = []
      for await (const row of Product.find().sort({ sku: 1 }).cursor()) rows.push(row)
      return rows
    },
    check: mine,
  },
  {
    row: 'M1',
    name: 'for await over a query, in batches of one',
    act: async ({ Product }) => {
      const rows = []
      for await (const row of Product.find().sort({ sku: 1 }).batchSize(1)) rows.push(row)
      return rows
    },
    check: mine,
  },
  {
    row: 'M2',
    name: 'find with { middleware: false }',
    act: ({ Product }) => Product.find({}, null, { middleware: false }),
    check: mine,
  },
  {
    row: 'M2',
    name: 'aggregate with { middleware: false }',
    act: ({ Product }) =>
      Product.aggregate([{ $sort: { sku: 1 } }]).option({ middleware: false } as never),
    check: mine,
  },
  {
    row: 'M3',
    name: 'a later hook that takes the filter away',
    act: ({ Product }) => Product.find({ sku: 's1' }, null, { comment: 'forget the filter' }),
    check: mine,
  },
  ...foreignFilters(),
  {
    row: 'M5',
    name: 'a filter with the tenant in another type',
    act: ({ Product }) => Product.collection.find({ organizationId: ['a', 'b'] }).toArray(),
    check: (rows) => Array.isArray(rows) && rows.length === 0,
  },
  {
    row: 'M6',
    name: 'a collation that does not know upper case',
    act: ({ Product }) => Product.find().collation({ locale: 'en', strength: 1 }),
    refused: ['call_refused'],
  },
  {
    row: 'M6',
    name: 'a collation of an update',
    act: ({ Product }) =>
      Product.updateMany({}, { price: 0 }, { collation: { locale: 'en', strength: 1 } }),
    refused: ['call_refused'],
  },
  {
    row: 'M6',
    name: 'a collation of an operation of bulkWrite',
    act: ({ Product }) => {
      const collation = { locale: 'en', strength: 1 }
      return Product.bulkWrite([{ deleteMany: { filter: {}, collation } }])
    },
    refused: ['call_refused'],
  },
  {
    row: 'M6',
    name: 'a collation that is put on the cursor',
    act: ({ Product }) =>
      Product.collection.find({}).collation({ locale: 'en', strength: 1 }).toArray(),
    refused: ['call_refused'],
  },
  {
    row: 'M7',
    name: 'countDocuments',
    act: ({ Product }) => Product.countDocuments(),
    check: (count) => count === 2,
  },
  {
    row: 'M7',
    name: 'count of the driver',
    act: ({ Product }) => Product.collection.count({ sku: 's1' }),
    check: (count) => count === 1,
  },
  {
    row: 'M7',
    name: 'distinct',
    act: ({ Product }) => Product.distinct('secret'),
    check: (values) => JSON.stringify(values) === '["secret-of-a"]',
  },
  {
    row: 'M7',
    name: 'distinct of the tenant itself',
    act: ({ Product }) => Product.collection.distinct('organizationId'),
    check: (values) => JSON.stringify(values) === '["a"]',
  },
  {
    row: 'M8',
    name: 'estimatedDocumentCount',
    act: ({ Product }) => Product.estimatedDocumentCount(),
    check: (count) => count === 2,
  },
  {
    row: 'M8',
    name: 'estimatedDocumentCount of the driver',
    act: ({ Product }) => Product.collection.estimatedDocumentCount(),
    check: (count) => count === 2,
  },
  {
    row: 'M38',
    name: '$where',
    act: ({ Product }) => Product.find({ $where: 'true' }),
    refused: ['call_refused'],
  },
  {
    row: 'M38',
    name: '$function in an expression',
    act: ({ Product }) =>
      Product.find({ $expr: { $function: { body: 'x', args: [], lang: 'js' } } } as never),
    refused: ['call_refused'],
  },
  {
    row: 'M38',
    name: '$accumulator in a group',
    act: ({ Product }) =>
      Product.aggregate([{ $group: { _id: 1, all: { $accumulator: { lang: 'js' } as never } } }]),
    refused: ['call_refused'],
  },
  {
    row: 'M43',
    name: 'explain of the plan',
    act: ({ Product }) => Product.find().explain('queryPlanner'),
    wireOnly: 'no command explain',
  },
  {
    row: 'M43',
    name: 'explain of an aggregation',
    act: ({ Product }) => Product.aggregate([{ $sort: { sku: 1 } }]).explain('queryPlanner'),
    wireOnly: 'no command explain',
  },
  {
    row: 'M43',
    name: 'explain with numbers of documents',
    act: ({ Product }) => Product.find().explain('executionStats'),
    refused: ['call_refused'],
  },
  {
    row: 'M43',
    name: 'explain of a cursor with numbers of documents',
    act: ({ Product }) => Product.collection.find({}).explain('allPlansExecution'),
    refused: ['call_refused'],
  },
]

/** Filters of the caller that name the tenant: they find fewer documents, and never others. */
function foreignFilters(): Vector[] {
  const none = withSkus()
  const filters: [name: string, filter: object, check: typeof none][] = [
    ['the same tenant', { organizationId: 'a' }, mine],
    ['another one', { organizationId: 'b' }, none],
    ['$eq', { organizationId: { $eq: 'b' } }, none],
    ['$ne: null', { organizationId: { $ne: null } }, mine],
    ['$ne of itself', { organizationId: { $ne: 'a' } }, none],
    ['$in', { organizationId: { $in: ['a', 'b'] } }, mine],
    ['$nin', { organizationId: { $nin: ['a'] } }, none],
    ['$exists', { organizationId: { $exists: true } }, mine],
    ['$gt', { organizationId: { $gt: '' } }, mine],
    ['a regular expression', { organizationId: /./ }, mine],
    ['$not', { organizationId: { $not: /^a$/ } }, none],
    ['$or', { $or: [{ organizationId: 'b' }, { sku: 's1' }] }, withSkus('s1')],
    ['$or of both', { $or: [{ organizationId: 'b' }, { organizationId: 'a' }] }, mine],
    ['$and', { $and: [{ organizationId: 'b' }] }, none],
    ['$nor', { $nor: [{ organizationId: 'a' }] }, none],
    ['$expr', { $expr: { $ne: ['$organizationId', 'a'] } }, none],
    ['$expr that is true', { $expr: { $eq: [1, 1] } }, mine],
  ]
  return filters.flatMap(([name, filter, check]) => [
    {
      row: 'M4',
      name: `a filter with ${name}`,
      act: ({ Product }) => Product.find(filter as never).sort({ sku: 1 }),
      check,
    },
    {
      row: 'M4',
      name: `a filter of the driver with ${name}`,
      act: ({ Product }) => Product.collection.find(filter).sort({ sku: 1 }).toArray(),
      check,
    },
    {
      row: 'M4',
      name: `deleteMany with ${name}`,
      act: ({ Product }) => Product.collection.deleteMany(filter),
    },
  ])
}
