/** Puts the guard in front of the driver of a Mongoose. */
import { ConfigurationError } from '@tenantry/core'
import { type CollectionClass, createGuardedCollection } from './guarded-collection.ts'
import { type ConnectionClass, createGuardedConnection } from './guarded-connection.ts'
import { isInstalled, setInstalled } from './installed.ts'

/** A Mongoose, of version 8 or 9: the module, or what `new Mongoose()` makes. */
export interface MongooseLike {
  readonly connections: readonly { readonly readyState: number }[]
  setDriver(driver: unknown): unknown
}

/**
 * Puts the guard in front of everything that a Mongoose sends: from here on, a collection that is
 * declared with `tenantScope` is reached inside of a tenant only, and one that is not declared is
 * not reached at all. Call it before the connection is opened; models may be defined earlier.
 *
 * @throws {ConfigurationError} `option_invalid` when a connection is there already, and for what is no Mongoose
 *
 * @example
 * ```ts
 * import { installTenantGuard } from '@tenantry/mongoose'
 * import mongoose from 'mongoose'
 *
 * installTenantGuard(mongoose)
 * await mongoose.connect('mongodb://127.0.0.1:27017/shop')
 * ```
 */
export function installTenantGuard(mongoose: MongooseLike): void {
  if (isInstalled(mongoose)) return
  const driver = readDriver(mongoose)
  const isOpen = mongoose.connections.some(({ readyState }) => readyState !== 0)
  if (isOpen || mongoose.connections.length > 1) {
    throw new ConfigurationError(
      'option_invalid',
      'installTenantGuard comes before the first connection: one that is there would stay without a guard.',
    )
  }
  setInstalled(mongoose)
  const guarded = Object.freeze({
    ...driver,
    Collection: createGuardedCollection(driver.Collection),
    Connection: createGuardedConnection(driver.Connection),
  })
  mongoose.setDriver(guarded)
  Object.defineProperty(mongoose, 'setDriver', {
    value: () => {
      throw new ConfigurationError(
        'option_invalid',
        'The driver of this Mongoose is guarded, and another one would not be.',
      )
    },
  })
}

interface Driver {
  readonly Collection: CollectionClass
  readonly Connection: ConnectionClass
}

function readDriver(mongoose: unknown): Driver {
  const isMongoose =
    (typeof mongoose === 'object' || typeof mongoose === 'function') &&
    mongoose !== null &&
    typeof Reflect.get(mongoose, 'setDriver') === 'function'
  if (isMongoose) {
    const driver: unknown = Reflect.get(mongoose, '__driver')
    if (isDriver(driver)) return driver
  }
  throw new ConfigurationError(
    'option_invalid',
    'installTenantGuard needs Mongoose 8 or 9: installTenantGuard(mongoose).',
  )
}

function isDriver(driver: unknown): driver is Driver {
  return (
    typeof driver === 'object' &&
    driver !== null &&
    typeof Reflect.get(driver, 'Collection') === 'function' &&
    typeof Reflect.get(driver, 'Connection') === 'function'
  )
}
