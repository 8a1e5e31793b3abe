/** What the guards of a request have found out so far, and the caller for its handlers. */
import { continueWithAuth } from '../context/storage.ts'
import { ConfigurationError } from '../errors.ts'
import type { AccessToken } from '../token/access-token.ts'
import type { RefusalPolicy } from './refusal.ts'
import type { RequestAuth } from './request-auth.ts'

/** What is known of a request so far. */
export interface Passage {
  /** The options of the guard that was the last to let it through. */
  readonly settings: { readonly requestProperty: string }
  /** How that guard puts a refusal. */
  readonly refusal: RefusalPolicy
  /** The token as it was sent. */
  readonly jwt: string | undefined
  readonly token: AccessToken | undefined
  readonly auth: RequestAuth | undefined
}

/** Answers with the object that it is given, so that a class on top of it adds its members to that. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is what the class is for.
    return object
  }
}

/**
 * A private member of the framework's own object for the request. Like the entry of a WeakMap, it
 * cannot be seen, copied, inherited or forged; unlike that, it is no work for the garbage collector.
 */
class Held extends Given {
  #passage: Passage

  private constructor(request: object, passage: Passage) {
    super(request)
    this.#passage = passage
  }

  static of(request: object): Passage | undefined {
    return #passage in request ? request.#passage : undefined
  }

  static put(request: object, passage: Passage): void {
    if (#passage in request) request.#passage = passage
    else new Held(request, passage)
  }
}

/** What is known of a request; undefined when no guard has let it through. */
export function passageOf(request: object): Passage | undefined {
  return Held.of(request)
}

/** Remembers what a guard has found out. */
export function keepPassage(request: object, passage: Passage): void {
  Held.put(request, passage)
}

/**
 * Puts the caller on a request, for handlers that read it there.
 *
 * @throws {ConfigurationError} `option_invalid` when the property does not take it: a getter without
 * a setter, say, from which a handler would read a caller that no guard put there
 */
export function placeAuth(request: object, property: string, auth: RequestAuth | undefined): void {
  // A property of the application's own choice, of which nothing is known.
  const target = request as Record<string, unknown>
  try {
    target[property] = auth
  } catch (error) {
    // What a setter of the application's own throws is its own error.
    throw hasSetter(request, property) ? error : unsettable()
  }
  if (target[property] !== auth) throw unsettable()
}

function hasSetter(object: object | null, property: string): boolean {
  if (object === null) return false
  const own = Object.getOwnPropertyDescriptor(object, property)
  return own === undefined
    ? hasSetter(Object.getPrototypeOf(object), property)
    : own.set !== undefined
}

function unsettable(): ConfigurationError {
  return new ConfigurationError(
    'option_invalid',
    'Option "requestProperty" is a property that cannot be set on a request.',
  )
}

/** The caller as the guards of a request have left it; undefined where none has let anybody through. */
export function readPassedAuth(request: object): RequestAuth | undefined {
  return passageOf(request)?.auth
}

/** Goes on with a request inside the context of its caller, or just on when no guard has seen it. */
export function continueRequest(request: object, next: () => void): void {
  const passage = passageOf(request)
  if (passage === undefined) next()
  else continueWithAuth(passage.auth, next)
}

/** The options of guards whose refusals the application answers itself, in an error handler. */
const passingOn = new WeakSet<object>()

/** From now on, what is refused further on is handed to the application's error handler. */
export function passOnRefusals(settings: object): void {
  passingOn.add(settings)
}

/** How a request is refused by what comes after its guards. */
export interface Refusing {
  readonly policy: RefusalPolicy
  /** Whether an error handler answers it. */
  readonly isPassedOn: boolean
}

const unguarded: Refusing = Object.freeze({
  policy: Object.freeze({ realm: 'api', forbiddenStatus: 403, hideTenants: false }),
  isPassedOn: false,
})

/** How the last guard that has let the request through would refuse it. */
export function refusalOf(request: object): Refusing {
  const passage = passageOf(request)
  if (passage === undefined) return unguarded
  return { policy: passage.refusal, isPassedOn: passingOn.has(passage.settings) }
}

/** What to do about a handler without a caller, in the code of a framework. */
export interface Fixes {
  /** A route with a guard on it. */
  readonly guarded: string
  /** How a caller is asked for who may be anonymous. */
  readonly optional: string
}

/** The guard that looks like the fix, and lets people of every tenant in. */
const notRequireAuth =
  'Without a role it is requireTenant(). requireAuth() lets in everybody with a good token, and ' +
  'checks no tenant.'

/**
 * The caller of a request that a guard let through; undefined for somebody without credentials
 * behind `optionalAuth`.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has seen the request
 */
export function readOptionalAuth(request: object, fixes: Fixes): RequestAuth | undefined {
  const passage = passageOf(request)
  if (passage !== undefined) return passage.auth
  throw new ConfigurationError(
    'option_invalid',
    `No guard has seen this request. Put one on its route:\n${fixes.guarded}\n${notRequireAuth}`,
  )
}

/**
 * The caller of a request that a guard let through.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has seen the request, or it let
 * somebody without credentials through
 */
export function readAuth(request: object, fixes: Fixes): RequestAuth {
  const auth = readOptionalAuth(request, fixes)
  if (auth !== undefined) return auth
  throw new ConfigurationError(
    'option_invalid',
    `The caller of this request is anonymous, because its guard is optionalAuth. Ask with ` +
      `${fixes.optional}, or put another guard on its route:\n${fixes.guarded}\n${notRequireAuth}`,
  )
}
