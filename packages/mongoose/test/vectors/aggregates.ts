/** M23 to M30: aggregations, joins and populate. */
import type { Vector } from '../support/vector.ts'
import { withSkus } from './rows.ts'

const refused = ['call_refused']
const sorted = { $sort: { sku: 1 } } as const

/** Whatever is joined to a product of a: nothing of b, and of the two owners only the own one. */
function ownersOf(expected: readonly number[]): (result: unknown) => boolean {
  return (result) => JSON.stringify(lengths(result, 'owners')) === JSON.stringify(expected)
}

function lengths(result: unknown, member: string): unknown[] {
  const rows: unknown[] = Array.isArray(result) ? result : []
  return rows.map((row) => {
    const joined: unknown = Reflect.get(Object(row), member)
    return Array.isArray(joined) ? joined.length : joined
  })
}

const join = { from: 'users', localField: 'owner', foreignField: '_id', as: 'owners' }
const everyUser = { from: 'users', pipeline: [], as: 'owners' }

export const aggregates: readonly Vector[] = [
  {
    row: 'M23',
    name: 'an empty pipeline',
    act: ({ Product }) => Product.aggregate([]).sort({ sku: 1 }),
    check: withSkus('s1', 's2'),
  },
  {
    row: 'M23',
    name: '$limit first',
    act: ({ Product }) => Product.aggregate([{ $limit: 10 }, sorted]),
    check: withSkus('s1', 's2'),
  },
  {
    row: 'M23',
    name: '$group first',
    act: ({ Product }) => Product.aggregate([{ $group: { _id: null, total: { $sum: '$price' } } }]),
    check: (rows) => Reflect.get(Object(Object(rows)[0]), 'total') === 30,
  },
  {
    row: 'M23',
    name: '$match of another tenant first',
    act: ({ Product }) => Product.aggregate([{ $match: { organizationId: 'b' } }]),
    check: withSkus(),
  },
  {
    row: 'M23',
    name: '$match with $or first',
    act: ({ Product }) =>
      Product.aggregate([{ $match: { $or: [{ organizationId: 'b' }, { sku: 's1' }] } }, sorted]),
    check: withSkus('s1'),
  },
  {
    row: 'M23',
    name: '$count of the driver',
    act: ({ Product }) => Product.collection.aggregate([{ $count: 'all' }]).toArray(),
    check: (rows) => Reflect.get(Object(Object(rows)[0]), 'all') === 2,
  },
  {
    row: 'M23',
    name: 'a cursor of an aggregation',
    act: async ({ Product }) => {
      const rows = []
      for await (const row of Product.aggregate([sorted]).cursor()) rows.push(row)
      return rows
    },
    check: withSkus('s1', 's2'),
  },
  {
    row: 'M24',
    name: '$lookup by fields',
    act: ({ Product }) => Product.aggregate([sorted, { $lookup: join }]),
    check: ownersOf([1, 0]),
    wireOnly: 'no $lookup with fields and a pipeline together',
  },
  {
    row: 'M24',
    name: '$lookup with a pipeline',
    act: ({ Product }) => Product.aggregate([sorted, { $lookup: everyUser }]),
    check: ownersOf([1, 1]),
  },
  {
    row: 'M24',
    name: '$lookup with let',
    act: ({ Product }) => {
      const pipeline = [{ $match: { $expr: { $eq: ['$_id', '$$owner'] } } }]
      const lookup = { from: 'users', let: { owner: '$owner' }, pipeline, as: 'owners' }
      return Product.aggregate([sorted, { $lookup: lookup }])
    },
    check: ownersOf([1, 0]),
  },
  {
    row: 'M24',
    name: '$lookup by fields and with a pipeline',
    act: ({ Product }) =>
      Product.aggregate([sorted, { $lookup: { ...join, pipeline: [{ $limit: 5 }] } }]),
    check: ownersOf([1, 0]),
    wireOnly: 'no $lookup with fields and a pipeline together',
  },
  {
    row: 'M24',
    name: '$lookup in $facet in $lookup in $unionWith',
    act: ({ Product }) => {
      const facet = { $facet: { all: [{ $lookup: { ...everyUser } }] } }
      const inner = { from: 'products', pipeline: [{ $limit: 9 }, facet], as: 'owners' }
      const union = { coll: 'users', pipeline: [{ $lookup: inner }] }
      return Product.aggregate([{ $limit: 1 }, { $unionWith: union }])
    },
  },
  {
    row: 'M24',
    name: '$lookup in $facet',
    act: ({ Product }) =>
      Product.aggregate([sorted, { $facet: { all: [{ $lookup: everyUser }] } }]),
    check: (rows) => ownersOf([1, 1])(Reflect.get(Object(Object(rows)[0]), 'all')),
  },
  {
    row: 'M24',
    name: '$lookup into what is for everybody',
    act: ({ Product }) =>
      Product.aggregate([
        sorted,
        { $lookup: { from: 'news', pipeline: [{ $limit: 9 }], as: 'owners' } },
      ]),
    check: ownersOf([1, 1]),
  },
  {
    row: 'M24',
    name: '$lookup into what is not declared',
    act: ({ Product }) => Product.aggregate([{ $lookup: { ...everyUser, from: 'undeclareds' } }]),
    refused: ['collection_undeclared'],
  },
  {
    row: 'M24',
    name: '$lookup into another database',
    act: ({ Product }) =>
      Product.aggregate([{ $lookup: { ...everyUser, from: { db: 'x', coll: 'users' } } } as never]),
    refused,
  },
  {
    row: 'M24',
    name: '$lookup from what is for everybody',
    act: ({ News }) => News.aggregate([{ $lookup: { ...everyUser } }]),
    check: ownersOf([1]),
  },
  {
    row: 'M25',
    name: '$unionWith by name',
    act: ({ User }) => User.aggregate([{ $limit: 1 }, { $unionWith: 'products' }]),
    check: (rows) => Array.isArray(rows) && rows.length === 3,
  },
  {
    row: 'M25',
    name: '$unionWith with a pipeline',
    act: ({ User }) => {
      const union = { coll: 'products', pipeline: [{ $match: { price: { $gt: 0 } } }] }
      return User.aggregate([{ $unionWith: union }])
    },
    check: (rows) => Array.isArray(rows) && rows.length === 3,
  },
  {
    row: 'M25',
    name: '$unionWith of what is not declared',
    act: ({ User }) => User.aggregate([{ $unionWith: 'undeclareds' }]),
    refused: ['collection_undeclared'],
  },
  ...['a restriction', 'none'].map(
    (restriction): Vector => ({
      row: 'M26',
      name: `$graphLookup with ${restriction}`,
      act: ({ Product }) => {
        const graph = {
          from: 'products',
          startWith: '$parent',
          connectFromField: 'parent',
          connectToField: 'sku',
          as: 'owners',
          ...(restriction === 'none' ? {} : { restrictSearchWithMatch: { organizationId: 'b' } }),
        }
        return Product.aggregate([sorted, { $graphLookup: graph }])
      },
      wireOnly: 'no $graphLookup with a restriction',
    }),
  ),
  {
    row: 'M27',
    name: '$geoNear',
    act: ({ Product }) => {
      const near = { near: { type: 'Point', coordinates: [0, 0] }, distanceField: 'far' }
      return Product.aggregate([{ $geoNear: near as never }])
    },
    wireOnly: 'no $geoNear',
  },
  {
    row: 'M27',
    name: '$geoNear with a query for another tenant',
    act: ({ Product }) => {
      const near = { near: { type: 'Point', coordinates: [0, 0] }, distanceField: 'far' }
      const query = { organizationId: 'b' }
      return Product.aggregate([{ $geoNear: { ...near, query } as never }])
    },
    wireOnly: 'no $geoNear',
  },
  {
    row: 'M27',
    name: '$search',
    act: ({ Product }) =>
      Product.aggregate([{ $search: { text: { query: 'lid', path: 'name' } } } as never]),
    wireOnly: 'no $search',
  },
  {
    row: 'M27',
    name: '$vectorSearch',
    act: ({ Product }) => {
      const search = { index: 'v', path: 'v', queryVector: [1], numCandidates: 9, limit: 9 }
      return Product.aggregate([{ $vectorSearch: search } as never])
    },
    wireOnly: 'no $vectorSearch',
  },
  ...[{ $searchMeta: {} }, { $rankFusion: {} }, { $scoreFusion: {} }].map(
    (stage): Vector => ({
      row: 'M27',
      name: `${Object.keys(stage)[0]}`,
      act: ({ Product }) => Product.aggregate([stage as never]),
      refused,
    }),
  ),
  {
    row: 'M27',
    name: '$$SEARCH_META behind a search',
    act: ({ Product }) =>
      Product.aggregate([{ $search: {} }, { $addFields: { all: '$$SEARCH_META' } }] as never),
    refused,
  },
  {
    row: 'M27',
    name: '$search behind another stage',
    act: ({ Product }) => Product.aggregate([{ $limit: 1 }, { $search: {} }] as never),
    refused,
  },
  ...outputs(),
  ...strangers(),
  {
    row: 'M30',
    name: 'populate',
    act: ({ Product }) => Product.find().sort({ sku: 1 }).populate('owner'),
    check: (rows) => {
      const [first, second]: unknown[] = Object(rows)
      const owners = [first, second].map((row) => Reflect.get(Object(row), 'owner'))
      return Reflect.get(Object(owners[0]), 'name') === 'Ann' && owners[1] === null
    },
  },
  {
    row: 'M30',
    name: 'populate with a match of its own',
    act: ({ Product }) =>
      Product.find()
        .sort({ sku: 1 })
        .populate({ path: 'owner', match: { organizationId: 'b' } }),
    check: (rows) => Object(rows).length === 2 && Object(rows)[0].owner === null,
  },
  {
    row: 'M30',
    name: 'populate of a document, with a model of its own',
    act: async ({ Product, User }) => {
      const row = await Product.findOne({ sku: 's2' })
      return await row?.populate({ path: 'owner', model: User })
    },
    check: (row) => Object(row).owner === null,
  },
  {
    row: 'M30',
    name: 'populate into what is not declared',
    act: ({ Product, Undeclared }) => Product.find().populate({ path: 'owner', model: Undeclared }),
    refused: ['collection_undeclared'],
  },
]

/** M28: nothing is written by reading. */
function outputs(): Vector[] {
  const stages: [name: string, stage: object][] = [
    ['$out', { $out: 'taken' }],
    ['$out over the collection itself', { $out: 'products' }],
    ['$out into another database', { $out: { db: 'x', coll: 'taken' } }],
    ['$merge', { $merge: { into: 'products' } }],
    ['$merge into what is for everybody', { $merge: 'news' }],
  ]
  return [
    ...stages.map(
      ([name, stage]): Vector => ({
        row: 'M28',
        name,
        act: ({ Product }) => Product.aggregate([stage as never]),
        refused,
      }),
    ),
    {
      row: 'M28',
      name: 'the option out',
      act: ({ Product }) => Product.collection.aggregate([], { out: 'taken' } as never).toArray(),
      refused,
    },
    {
      row: 'M28',
      name: '$out in $facet',
      act: ({ Product }) => Product.aggregate([{ $facet: { all: [{ $out: 'taken' }] } } as never]),
      refused,
    },
    {
      row: 'M28',
      name: '$out that is added to a cursor',
      act: ({ Product }) => Product.collection.aggregate([]).out('taken').toArray(),
      refused,
    },
    {
      row: 'M24',
      name: '$lookup that is added to a cursor',
      act: ({ Product }) => Product.collection.aggregate([]).lookup(everyUser).toArray(),
      refused,
    },
  ]
}

/** M29: what is not known is refused. */
function strangers(): Vector[] {
  const stages: object[] = [
    { $collStats: { count: {} } },
    { $indexStats: {} },
    { $currentOp: {} },
    { $listSessions: {} },
    { $listSearchIndexes: {} },
    { $planCacheStats: {} },
    { $changeStream: {} },
    { $documents: [{ x: 1 }] },
    { $newStage: {} },
    { limit: 1 },
    {},
    { $limit: 1, $out: 'taken' },
  ]
  return stages.map((stage) => ({
    row: 'M29',
    name: `the stage ${JSON.stringify(stage)}`,
    act: ({ Product }) => Product.collection.aggregate([stage]).toArray(),
    refused,
  }))
}
