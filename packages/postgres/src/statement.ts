/** What has to be known about the text of a statement: how it begins, and whether it is one. */

/** White space and comments; those in `/*` nest in PostgreSQL. */
function skipBlank(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at++
    else if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end + 1
    } else if (text.startsWith('/*', at)) at = endOfComment(text, at)
    else break
  }
  return at
}

function endOfComment(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    if (text.startsWith('/*', at)) depth++
    else if (text.startsWith('*/', at)) depth--
    else {
      at++
      continue
    }
    at += 2
    if (depth === 0) return at
  }
  return text.length
}

/** The first word in lower case; empty where there is none. A leading `;` is an empty statement. */
export function firstWord(text: string): string {
  return firstWordAt(text, beginning(text, 0))
}

/** Where the first statement begins. */
function beginning(text: string, start: number): number {
  let at = skipBlank(text, start)
  while (text.charAt(at) === ';') at = skipBlank(text, at + 1)
  return at
}

function firstWordAt(text: string, at: number): string {
  return /^[a-z]+/i.exec(text.slice(at, at + 32))?.[0].toLowerCase() ?? ''
}

/** Whether it begins a transaction. */
export function beginsTransaction(text: string): boolean {
  const word = firstWord(text)
  return word === 'begin' || word === 'start'
}

const closing = new Set(['commit', 'end', 'rollback', 'abort'])

/** Whether it ends a transaction. */
export function closesTransaction(text: string): boolean {
  return closing.has(firstWord(text)) && !/^[\s\S]*\bto\b/i.test(text)
}

/** Whether it makes sense inside of a transaction only, or is about one. */
export function controlsTransaction(text: string): boolean {
  const word = firstWord(text)
  return beginsTransaction(text) || closing.has(word) || word === 'savepoint' || word === 'release'
}

/** Whether something may stand behind the first statement. A `;` in a string counts as well. */
export function mayHoldSeveral(text: string): boolean {
  let at = text.indexOf(';')
  while (at !== -1) {
    const next = skipBlank(text, at + 1)
    if (next < text.length && text.charAt(next) !== ';') return true
    at = text.indexOf(';', next)
  }
  return false
}

const endsTransaction = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'prepare'])

/** Whether a transaction that is open afterwards may be another one than before. */
export function mayChangeTransaction(text: string): boolean {
  return endsTransaction.has(firstWord(text)) || mayHoldSeveral(text)
}

const ofTheSession = new Set([...endsTransaction, 'reset', 'discard', 'savepoint', 'release'])

/** Whether a statement ends a transaction, or changes the role that it runs as. */
export function escapesTransaction(text: string): boolean {
  const word = firstWord(text)
  return (
    ofTheSession.has(word) || (word === 'set' && /\b(?:role|session|authorization)\b/i.test(text))
  )
}

const ofTheNextOnes = new Set(['reset', 'prepare', 'deallocate', 'listen', 'unlisten', 'load'])

/** They last as long as the connection, where the last argument does not say otherwise. */
const setting = /\bset_config\s*\(/gi
const untilTheEnd = /,\s*true\s*\)/gi
const lock = /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i

/**
 * Whether something that it does would be found by whoever gets the connection next: a setting of the session,
 * a prepared statement, a lock. What functions do by themselves cannot be seen from here.
 */
export function leavesTraces(text: string): boolean {
  if (lock.test(text) || count(text, setting) > count(text, untilTheEnd)) return true
  let at = beginning(text, 0)
  while (at < text.length) {
    const word = firstWordAt(text, at)
    if (ofTheNextOnes.has(word) || (word === 'set' && !isOfTransaction(text, at))) return true
    const end = text.indexOf(';', at)
    at = end === -1 ? text.length : beginning(text, end + 1)
  }
  return false
}

/** Whether it says how the transaction is to be, which has to come before anything is asked in it. */
export function setsTransaction(text: string): boolean {
  const at = beginning(text, 0)
  const isSet = firstWordAt(text, at) === 'set' && !mayHoldSeveral(text)
  return isSet && firstWordAt(text, skipBlank(text, at + 'set'.length)) === 'transaction'
}

/** `set local`, `set transaction` and `set constraints`. */
function isOfTransaction(text: string, at: number): boolean {
  const word = firstWordAt(text, skipBlank(text, at + 'set'.length))
  return word === 'local' || word === 'transaction' || word === 'constraints'
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
