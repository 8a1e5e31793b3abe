/** One connection for as long as it is checked out. Every statement runs in a transaction of its tenant. */
import { armingOf, type Binding, checkArmed, leftovers } from './arming.ts'
import type { RawClient } from './driver.ts'
import { callRefused, clientReleased, refuseCallbacks, tenantSwitched } from './refuse.ts'
import { currentScope, type Scope } from './scope.ts'
import {
  beginsTransaction,
  closesTransaction,
  firstWord,
  leavesTraces,
  mayChangeTransaction,
  mayHoldSeveral,
  setsTransaction,
} from './statement.ts'

/** A connection in the hands of a tenant. */
export interface Session {
  query(args: readonly unknown[]): unknown
  /** Gives it back; closes it unless it is idle and nothing went wrong. */
  release(destroy?: Error | boolean): void
  /** @throws {ConfigurationError} `client_released` */
  requireOpen(): void
}

/** The text of a statement, however it was passed. */
export function textOf(args: readonly unknown[]): string {
  const [first] = args
  const text: unknown =
    typeof first === 'object' && first !== null ? Reflect.get(first, 'text') : first
  if (typeof text === 'string') return text
  throw callRefused('query needs the text of a statement: a string, or an object with text.')
}

/** Something that talks to the server by itself: a cursor, a stream, COPY. */
function isSubmittable(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'submit') === 'function'
  )
}

/**
 * Whether the server refused the statement and is well. Everything else (a timeout, a connection that
 * broke, a server that shuts down) leaves it open what the connection does next.
 */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code: unknown = Reflect.get(error, 'code')
  const fromServer =
    typeof Reflect.get(error, 'severity') === 'string' &&
    typeof Reflect.get(error, 'length') === 'number'
  return fromServer && typeof code === 'string' && !/^(?:08|57P|58|XX)/.test(code)
}

/** To the server it would be a warning; there is no tenant to send it for. */
function nothingToEnd(text: string): object {
  const command = firstWord(text) === 'commit' ? 'COMMIT' : 'ROLLBACK'
  return { command, rowCount: null, oid: null, rows: [], fields: [] }
}

/** Takes a connection over for a tenant, or for the system: its statements go to the server as they are. */
export function openSession(raw: RawClient, scope: Scope, binding: Binding): Session {
  const arming = scope === undefined ? '' : armingOf(binding, scope)
  let tail: Promise<unknown> = Promise.resolve()
  let pending = 0
  let isFresh = true
  let isReleased = false
  let isMarked = false
  /** What began the transaction, while nothing else was sent in it. */
  let begun: readonly string[] = []
  let isBroken = raw.getTransactionStatus() !== 'I'

  // Without a listener, a connection that breaks while nothing is asked of it would end the process.
  const onError = () => {
    isBroken = true
  }
  raw.on('error', onError)

  function requireOpen(): void {
    if (isReleased) throw clientReleased()
  }

  async function send(...args: readonly unknown[]): Promise<unknown> {
    requireOpen()
    if (isBroken)
      throw callRefused('The connection is in doubt after an error. Release the client.')
    try {
      return await raw.query(...args)
    } catch (error) {
      isBroken ||= !isAnswer(error)
      throw error
    }
  }

  /** Binds the transaction that `before` begins, or the one that is open. */
  async function arm(before: string): Promise<unknown> {
    const answer = await send(`${before}${isFresh ? leftovers : ''}${arming}`)
    isFresh = false
    try {
      await checkArmed(raw, answer, scope, (text) => send(text))
    } catch (error) {
      isBroken = true
      throw error
    }
    return answer
  }

  async function rollBack(): Promise<void> {
    // Before ReadyForQuery what is known is what was before the error.
    if (isBroken || (raw.getTransactionStatus() === 'I' && raw.readyForQuery)) return
    await send('rollback')
    isBroken ||= raw.getTransactionStatus() !== 'I'
  }

  /** The transaction that the program asked for: bound before anything else runs in it. */
  async function begin(text: string): Promise<unknown> {
    try {
      const answer = await arm(`${text}\n; `)
      begun = [text]
      return Array.isArray(answer) ? answer[0] : answer
    } catch (error) {
      await rollBack()
      throw error
    }
  }

  /** The server takes `set transaction` before the first question only, and the tenant was one. */
  async function beginAgain(before: readonly string[], text: string): Promise<unknown> {
    await send('rollback')
    const together = (texts: readonly string[]) => texts.map((one) => `${one}\n; `).join('')
    try {
      const answer = await arm(together([...before, text]))
      begun = [...before, text]
      return Array.isArray(answer) ? answer[before.length] : answer
    } catch (error) {
      if (isBroken || raw.getTransactionStatus() !== 'I') throw error
      // Not even begun: to the program it is one that has failed.
      await arm(together(before))
      return await send(text)
    }
  }

  /** A statement outside of any transaction gets one of its own. */
  async function runAlone(args: readonly unknown[]): Promise<unknown> {
    try {
      await arm('begin; ')
      const answer = await send(...args)
      if (raw.getTransactionStatus() !== 'T') {
        isBroken = true
        throw callRefused('A statement ended the transaction of its tenant. Write begin first.')
      }
      await send('commit')
      isBroken ||= raw.getTransactionStatus() !== 'I'
      return answer
    } catch (error) {
      await rollBack()
      throw error
    }
  }

  async function runInside(args: readonly unknown[], text: string): Promise<unknown> {
    const before = begun
    begun = []
    if (before.length > 0 && setsTransaction(text)) return await beginAgain(before, text)
    const answer = await send(...args)
    // commit and chain, or several statements in one: the transaction that is open may be a new one.
    if (raw.getTransactionStatus() === 'T' && mayChangeTransaction(text)) await arm('')
    return answer
  }

  async function run(args: readonly unknown[], text: string): Promise<unknown> {
    if (scope === undefined) return await send(...args)
    isMarked ||= leavesTraces(text)
    if (raw.getTransactionStatus() !== 'I') return await runInside(args, text)
    if (!beginsTransaction(text) && !closesTransaction(text)) return await runAlone(args)
    if (mayHoldSeveral(text)) {
      throw callRefused('Send begin, commit and rollback as statements of their own.')
    }
    return beginsTransaction(text) ? await begin(text) : nothingToEnd(text)
  }

  async function queue(args: readonly unknown[]): Promise<unknown> {
    const text = textOf(args)
    pending++
    const before = tail
    const turn = before.then(() => run(args, text))
    tail = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      pending--
    }
  }

  /** A cursor answers at once and reads later, so its transaction has to be open already. */
  function submit(args: readonly unknown[]): unknown {
    begun = []
    const isOpen = scope === undefined || raw.getTransactionStatus() === 'T'
    if (isBroken || pending > 0 || !isOpen) {
      throw callRefused('A cursor, a stream and COPY need a transaction: send begin, and await it.')
    }
    return raw.query(...args)
  }

  function check(args: readonly unknown[]): void {
    requireOpen()
    if (currentScope() !== scope) throw tenantSwitched()
    // A stream calls itself back; the program's own function behind it is a callback as well.
    refuseCallbacks('client.query', isSubmittable(args[0]) ? args.slice(1) : args)
  }

  return {
    requireOpen,
    query(args) {
      if (isSubmittable(args[0])) {
        check(args)
        return submit(args)
      }
      return (async () => {
        check(args)
        return await queue(args)
      })()
    },
    release(destroy) {
      requireOpen()
      isReleased = true
      const isIdle = raw.getTransactionStatus() === 'I' && raw.readyForQuery
      const isClean = pending === 0 && !isBroken && !isMarked && isIdle
      // One that is closed may break before it is gone, with nobody else to hear it.
      if (isClean && !destroy) raw.removeListener('error', onError)
      raw.release(isClean ? destroy : destroy || true)
    },
  }
}
