/** The page: what is pasted goes in at the top, everything below follows from it. */
import { lifeOf, notesOf } from '@tenantry/report'
import { showClaims } from './page/claims-table.ts'
import { connectCopies } from './page/copies.ts'
import { find, setText } from './page/element.ts'
import { createMatrix } from './page/matrix.ts'
import { showNotes } from './page/notes-list.ts'
import { createQuestionForm } from './page/question.ts'
import { showRaw } from './page/raw-json.ts'
import { connectTheme, setTheme } from './page/theme.ts'
import { createTimeline } from './page/timeline.ts'
import { connectTint, createTextBox, tintToken } from './page/token-box.ts'
import { showVerdict } from './page/verdict-band.ts'
import { makeExample } from './reading/example.ts'
import { type HandOver, takeFragment, takeHandedOver } from './reading/hand-over.ts'
import { type KeysReading, readKeys } from './reading/read-keys.ts'
import { type ReadToken, readToken, type TokenReading } from './reading/read-token.ts'
import { type Expectations, type Verdict, verify } from './reading/verify.ts'

// Before anything else: neither the document nor the address has the token for longer than it takes
// to read it.
const first = takeHandedOver(document, history) ?? takeFragment(location, history)

let reading: TokenReading = { kind: 'empty' }
let keys: KeysReading = { kind: 'empty' }
let verdict: Verdict = { kind: 'unverified' }
/** Undefined for now. */
let chosen: Date | undefined
/** What the details were drawn from. */
type Drawn = readonly unknown[]
let drawn: Drawn = []
/** Grows with every change, so that an answer that comes late is not shown. */
let change = 0

const tokenBox = createTextBox('token', tokenChanged)
const keysBox = createTextBox('keys', keysChanged)
const question = createQuestionForm()
const matrix = createMatrix((asked) => {
  question.fill(asked)
  question.reveal()
})
const timeline = createTimeline((asOf) => {
  chosen = asOf
  refresh()
})

function tokenChanged(): void {
  const text = tokenBox.text()
  reading = readToken(text)
  chosen = undefined
  verdict = { kind: 'unverified' }
  tintToken(text, reading.kind === 'read' ? reading.jwt : undefined)
  find('report').hidden = reading.kind !== 'read'
  find('empty').hidden = reading.kind !== 'empty'
  if (reading.kind === 'read') showToken(reading)
  refresh()
}

/** What depends on the token alone. */
function showToken({ decoded }: ReadToken): void {
  matrix.show(decoded)
  question.reset(decoded)
  showRaw(decoded)
}

function keysChanged(): void {
  keys = readKeys(keysBox.text())
  refresh()
}

/** Verifies again, and shows what depends on the keys and on the time as well. */
function refresh(): void {
  const own = ++change
  const asOf = chosen ?? new Date()
  if (reading.kind !== 'read') {
    show(asOf)
    return
  }
  const token = reading
  verify({ token, keys, expected: expectations(), now: asOf }).then(
    (answer) => {
      if (own !== change) return
      verdict = answer
      show(asOf)
    },
    // A defect of this page: nothing is said to be verified.
    () => {
      verdict = { kind: 'undecided', message: 'This page failed to check the signature.' }
      show(asOf)
    },
  )
}

function show(asOf: Date): void {
  showVerdict(reading, verdict, asOf)
  showKeysFault()
  if (reading.kind !== 'read') return
  const { decoded } = reading
  const life = lifeOf(decoded.claims, asOf)
  timeline.show(life, asOf, chosen === undefined)
  const outcome = verdict.kind === 'refused' ? verdict.error.code : verdict.kind
  const times = [life.issued, life.starts, life.expires].map((moment) => moment?.relative)
  const next: Drawn = [reading, keys, outcome, life.state, ...times]
  // Most ticks of the clock change nothing of it, and a large token takes a while.
  if (next.every((value, index) => value === drawn[index])) return
  drawn = next
  showDetails(reading, asOf)
}

/** What follows from the token, the keys and the time, but does not change every second. */
function showDetails({ decoded, jwt }: ReadToken, asOf: Date): void {
  question.show(decoded, verdict)
  const given = keys.kind === 'read' ? { keys: keys.keys } : {}
  showNotes(notesOf({ decoded, jwt, now: asOf, ...given }))
  showClaims(decoded, asOf)
}

function showKeysFault(): void {
  const fault = find('keys-fault')
  fault.hidden = keys.kind !== 'unreadable'
  setText(fault, keys.kind === 'unreadable' ? keys.message : '')
  find('keys').setAttribute('aria-invalid', String(keys.kind === 'unreadable'))
}

function expectations(): Expectations {
  return {
    issuer: find('expect-issuer', HTMLInputElement).value,
    audience: find('expect-audience', HTMLInputElement).value,
    workspace: find('expect-workspace', HTMLInputElement).value,
    mode: find('expect-mode', HTMLSelectElement).value,
  }
}

function clear(): void {
  keysBox.set('')
  tokenBox.set('')
  find('token').focus()
}

function showExample(): void {
  makeExample(new Date()).then(
    (example) => {
      keysBox.set(example.keys)
      tokenBox.set(example.token)
      question.fill({ tenant: 'globex', role: 'admin' })
    },
    () =>
      setText(
        find('token-hint'),
        'This browser makes signatures on https and local addresses only.',
      ),
  )
}

function takeAll(handOver: HandOver): void {
  if (handOver.theme !== undefined) setTheme(handOver.theme)
  if (handOver.keys !== undefined) keysBox.set(handOver.keys)
  if (handOver.token !== undefined) tokenBox.set(handOver.token)
}

connectTint()
connectTheme()
connectCopies(() => (reading.kind === 'read' ? reading : undefined))
find('clear').addEventListener('click', clear)
find('example').addEventListener('click', showExample)
find('example-link').addEventListener('click', showExample)
for (const id of ['expect-issuer', 'expect-audience', 'expect-workspace', 'expect-mode']) {
  find(id).addEventListener('input', refresh)
}
addEventListener('hashchange', () => takeAll(takeFragment(location, history)))
// The countdown. A tab that nobody sees does not need one, and a chosen time stands still.
setInterval(() => {
  if (chosen === undefined && reading.kind === 'read' && !document.hidden) refresh()
}, 1000)
tokenChanged()
takeAll(first)
