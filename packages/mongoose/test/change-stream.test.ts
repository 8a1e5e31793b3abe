import { asSystem } from '@tenantry/core/context'
import { expect, it } from 'vitest'
import { guardChangeOptions, guardChanges } from '../src/change-stream.ts'
import { installTenantGuard, tenantGlobal } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'
import { scopeOf } from './support/scope.ts'

const ofA = { organizationId: 'a', name: 'x' }
const ofB = { organizationId: 'b', name: 'secret of b' }

/** Events as MongoDB tells them. The stand-in tells none, but it can match documents of their form. */
const events: [name: string, event: object, isTold: boolean][] = [
  ['an insert of a', { operationType: 'insert', fullDocument: ofA }, true],
  ['an insert of b', { operationType: 'insert', fullDocument: ofB }, false],
  ['an update of a', { operationType: 'update', fullDocument: ofA }, true],
  ['an update of b', { operationType: 'update', fullDocument: ofB }, false],
  ['an update without its document', { operationType: 'update', documentKey: { _id: 1 } }, false],
  ['an update whose document is gone', { operationType: 'update', fullDocument: null }, false],
  ['a deletion without what it was', { operationType: 'delete', documentKey: { _id: 1 } }, false],
  ['a deletion of a', { operationType: 'delete', fullDocumentBeforeChange: ofA }, true],
  ['a deletion of b', { operationType: 'delete', fullDocumentBeforeChange: ofB }, false],
  [
    'a change of a, with what it was',
    { operationType: 'update', fullDocument: ofA, fullDocumentBeforeChange: ofA },
    true,
  ],
  [
    'what came from b to a',
    { operationType: 'update', fullDocument: ofA, fullDocumentBeforeChange: ofB },
    false,
  ],
  [
    'what went from a to b',
    { operationType: 'update', fullDocument: ofB, fullDocumentBeforeChange: ofA },
    false,
  ],
  ['the end of the collection', { operationType: 'drop', ns: {} }, false],
  ['a new index', { operationType: 'createIndexes', operationDescription: {} }, false],
]

describeVersions('a change stream', ({ create, connect }) => {
  it('tells of documents of the tenant, as they are and as they were, and of no others', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({}, { strict: false })
    schema.plugin(tenantGlobal)
    const Event = mongoose.model('Event', schema)
    await connect(mongoose)
    await Event.collection.insertMany(events.map(([name, event]) => ({ name, ...event })))
    const stages = guardChanges([], scopeOf('a'))
    const told = await asSystem({ reason: 'match' }, () =>
      Event.collection.aggregate(stages).toArray(),
    )
    const expected = events.filter(([, , isTold]) => isTold).map(([name]) => name)
    expect(told.map(({ name }) => name)).toEqual(expected)
  })

  it('asks for the whole document, whatever was asked for', () => {
    const lookup = { fullDocument: 'updateLookup' }
    expect(guardChangeOptions({})).toEqual(lookup)
    expect(guardChangeOptions({ fullDocument: 'default' })).toEqual(lookup)
    expect(guardChangeOptions({ fullDocument: 'required' })).toEqual({ fullDocument: 'required' })
  })
})
