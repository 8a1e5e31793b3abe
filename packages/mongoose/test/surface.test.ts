import { EventEmitter } from 'node:events'
import type { Mongoose } from 'mongoose'
import { describe, expect, it } from 'vitest'
import { clientMethods, databaseMethods } from '../src/guarded-database.ts'
import { installTenantGuard } from '../src/index.ts'
import { guarded, metadata, systemOnly } from '../src/methods.ts'
import { versions } from './support/versions.ts'

/**
 * Everything that can be called, and what is known of it. What a new version adds fails here until
 * somebody has looked at it.
 */
const collectionPlumbing = {
  'makes and opens the collection': ['constructor', 'onOpen', 'onClose', '_getCollection'],
  'waits for the connection': ['addQueue', 'removeQueue', 'doQueue'],
  'reads options': ['_shouldBufferCommands', '_getBufferTimeoutMS'],
  'prints what is called': ['$print', '$printToStream', '$format'],
}

const model = {
  'goes through the collection of the model': [
    'exists',
    'deleteOne',
    'deleteMany',
    'find',
    'findAndCount',
    'findById',
    'findOne',
    'estimatedDocumentCount',
    'countDocuments',
    'distinct',
    'where',
    '$where',
    'findOneAndUpdate',
    'findByIdAndUpdate',
    'findOneAndDelete',
    'findByIdAndDelete',
    'findOneAndReplace',
    'create',
    'insertOne',
    'insertMany',
    '$__insertMany',
    'watch',
    'bulkWrite',
    'bulkSave',
    'updateMany',
    'updateOne',
    'replaceOne',
    'aggregate',
    'populate',
    'listIndexes',
    'createIndexes',
    'ensureIndexes',
    'cleanIndexes',
    'syncIndexes',
    'diffIndexes',
    'createSearchIndex',
    'createSearchIndexes',
    'updateSearchIndex',
    'dropSearchIndex',
    'listSearchIndexes',
    'init',
  ],
  'goes through the database of the connection': ['createCollection', 'startSession'],
  'takes the collection of another guarded connection': [
    'useConnection',
    '$__updateConnection',
    '__subclass',
  ],
  'sends nothing': [
    'discriminator',
    'translateAliases',
    'applyDefaults',
    'applyVirtuals',
    'applyTimestamps',
    'castObject',
    'buildBulkWriteOperations',
    'hydrate',
    'validate',
    'compile',
    'recompileSchema',
    'inspect',
    'namespace',
    '_applyQueryMiddleware',
  ],
  'makes a client for the keys of encryption, which has no documents': ['clientEncryption'],
  'is of event emitters': [
    'setMaxListeners',
    'getMaxListeners',
    'emit',
    'addListener',
    'on',
    'prependListener',
    'once',
    'prependOnceListener',
    'removeListener',
    'off',
    'removeAllListeners',
    'listeners',
    'rawListeners',
    'listenerCount',
    'eventNames',
  ],
}

const document = {
  'goes through the collection of the model': [
    '$__save',
    '$__handleSave',
    'save',
    '$save',
    'deleteOne',
  ],
  'sends nothing': ['constructor', '$__version', 'increment', '$__where', '$model', 'model'],
}

const connection = {
  'goes through the guarded database or client': [
    'createCollection',
    'createCollections',
    'dropCollection',
    'dropDatabase',
    'listCollections',
    'listDatabases',
    'bulkWrite',
    'withSession',
    'startSession',
    'transaction',
    'getClient',
    'syncIndexes',
  ],
  'is refused outside of asSystem': ['watch', 'aggregate'],
  'gives guarded collections and connections': ['collection', 'model', 'useDb', 'removeDb'],
  'opens, closes and configures': [
    'constructor',
    'get',
    'set',
    'openUri',
    'createClient',
    'setClient',
    'close',
    '_close',
    'doClose',
    'destroy',
    'onOpen',
    'onClose',
    'asPromise',
    'on',
    'once',
    'error',
    'plugin',
    'deleteModel',
    'modelNames',
    '_waitForConnect',
    '_getBufferTimeoutMS',
    '_shouldBufferCommands',
    '_flushQueue',
    '_buildEncryptionSchemas',
    'shouldAuthenticate',
    'authMechanismDoesNotRequirePassword',
    'optionsProvideAuthenticationData',
  ],
}

const refusedOfDatabase = [
  'command',
  'aggregate',
  'admin',
  'stats',
  'listCollections',
  'renameCollection',
  'dropCollection',
  'dropDatabase',
  'collections',
  'removeUser',
  'setProfilingLevel',
  'profilingLevel',
  'watch',
  'runCursorCommand',
]

const refusedOfClient = [
  'constructor',
  'watch',
  'asyncDispose',
  'emitAndLog',
  'emitAndLogCommand',
  'emitAndLogHeartbeat',
]

/** The methods of a prototype and of those above it, up to the one of all objects. */
function methodsOf(start: object, end: object = Object.prototype): string[] {
  const names = new Set<string>()
  for (let at: object | null = start; at !== null && at !== end; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function') names.add(name)
    }
  }
  return [...names].sort()
}

function unknownOf(found: readonly string[], ...known: readonly (readonly string[])[]): string[] {
  const all = new Set(known.flat())
  return found.filter((name) => !all.has(name))
}

function install(mongoose: Mongoose): Mongoose {
  const own = new mongoose.Mongoose()
  installTenantGuard(own)
  return own
}

describe.each(versions)('what can be called, with Mongoose $major', ({ mongoose }) => {
  const own = install(mongoose)
  const { Collection, Connection } = Reflect.get(own, '__driver')
  const { MongoClient } = mongoose.mongo

  it('of the collection of the driver is guarded, metadata, or refused', () => {
    const found = methodsOf(mongoose.mongo.Collection.prototype)
    const known = unknownOf(found, guarded, metadata, systemOnly, ['constructor'])
    expect(known).toEqual([])
  })

  it('of the collection of Mongoose is guarded, metadata, refused, or plumbing', () => {
    const found = methodsOf(Collection.prototype)
    const plumbing = Object.values(collectionPlumbing)
    expect(unknownOf(found, guarded, metadata, systemOnly, ...plumbing)).toEqual([])
  })

  it('each method of the collection stands behind the guard, and cannot be put aside', () => {
    for (const method of [...guarded, ...metadata, ...systemOnly]) {
      expect(Object.getOwnPropertyDescriptor(Collection.prototype, method)).toMatchObject({
        writable: false,
        configurable: false,
      })
    }
  })

  it('of a model', () => {
    expect(unknownOf(methodsOf(own.Model, Function.prototype), ...Object.values(model))).toEqual([])
  })

  it('of a document', () => {
    const found = Object.getOwnPropertyNames(own.Model.prototype).filter(
      (name) =>
        typeof Object.getOwnPropertyDescriptor(own.Model.prototype, name)?.value === 'function',
    )
    expect(unknownOf(found, ...Object.values(document))).toEqual([])
  })

  it('of a connection', () => {
    const found = methodsOf(Connection.prototype)
    const ofEvents = methodsOf(EventEmitter.prototype)
    expect(unknownOf(found, ofEvents, ...Object.values(connection))).toEqual([])
  })

  it('of the database and of the client of the driver', () => {
    const database = methodsOf(mongoose.mongo.Db.prototype)
    expect(unknownOf(database, [...databaseMethods], refusedOfDatabase, ['constructor'])).toEqual(
      [],
    )
    const client = methodsOf(MongoClient.prototype)
    expect(unknownOf(client, [...clientMethods], refusedOfClient)).toEqual([])
  })

  it('M9: a method that nobody has looked at would be found, and is refused', () => {
    expect(unknownOf(['find', 'findEverywhere'], guarded)).toEqual(['findEverywhere'])
  })
})
