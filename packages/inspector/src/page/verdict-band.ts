/** The first thing to know: is it a token, is it real, does it still count. */
import {
  formatBytes,
  kindInWords,
  kindOf,
  type Life,
  lifeOf,
  quote,
  subjectInWords,
} from '@tenantry/report'
import type { ReadToken, TokenReading } from '../reading/read-token.ts'
import { isSignedAllTheSame, type Verdict } from '../reading/verify.ts'
import { element, find, replaceWhenChanged, setText } from './element.ts'

/** How the band looks; the mark and the word say the same without colour. */
type Tone = 'none' | 'good' | 'bad' | 'warn'

/** What the band says. Nothing in it is text of the token. */
interface Band {
  readonly tone: Tone
  /** Two or three words; the title of the page as well. */
  readonly word: string
  readonly text: string
  readonly code?: string
}

const marks: Readonly<Record<Tone, string>> = { none: '–', good: '✓', bad: '✗', warn: '!' }

/** Shows what became of the pasted text. */
export function showVerdict(reading: TokenReading, verdict: Verdict, asOf: Date): void {
  const band = bandOf(reading, verdict, asOf)
  find('verdict').hidden = reading.kind === 'empty'
  find('verdict').dataset['tone'] = band.tone
  setText(find('verdict-mark'), marks[band.tone])
  setText(find('verdict-word'), band.word)
  const code = band.code === undefined ? undefined : element('code', {}, band.code)
  replaceWhenChanged(find('verdict-text'), [element('span', {}, band.text), ' ', code ?? ''])
  const identity = reading.kind === 'read' ? identityOf(reading) : []
  replaceWhenChanged(
    find('identity'),
    identity.map((part) => element('span', {}, part)),
  )
  document.title = reading.kind === 'empty' ? 'Token inspector' : `${band.word} · Token inspector`
}

function bandOf(reading: TokenReading, verdict: Verdict, asOf: Date): Band {
  if (reading.kind === 'empty') return { tone: 'none', word: '', text: '' }
  if (reading.kind === 'unreadable') {
    const { code, message, hint } = reading
    const text = hint === undefined ? message : `${message} ${hint}`
    return { tone: 'bad', word: 'Not an access token', text, code }
  }
  const life = lifeOf(reading.decoded.claims, asOf)
  switch (verdict.kind) {
    case 'verified':
      return { tone: 'good', word: 'Verified', text: `The signature matches${lifeClause(life)}.` }
    case 'matched':
      return {
        tone: 'warn',
        word: 'Signature matches',
        text: `With keys that came in the link: whoever made the link can have written this token${lifeClause(life)}. Put in the keys of its issuer to verify it.`,
      }
    case 'refused':
      return refusedBand(verdict, life)
    case 'undecided':
      return { tone: 'warn', word: 'Not verified', text: verdict.message }
    case 'unverified':
      return unverifiedBand(life)
  }
}

function lifeClause({ expires }: Life): string {
  if (expires === undefined) return ''
  return `, and the token expires ${expires.relative}`
}

function refusedBand({ error, keysFrom }: Extract<Verdict, { kind: 'refused' }>, life: Life): Band {
  const { code, message } = error
  const matches =
    keysFrom === 'link'
      ? ' The signature matches, with keys that came in the link.'
      : ' The signature matches.'
  const signed = isSignedAllTheSame(error) ? matches : ''
  if (code === 'token_expired' && life.expires !== undefined) {
    return { tone: 'bad', word: 'Expired', text: `${expiredText(life)}${signed}`, code }
  }
  return { tone: 'bad', word: 'Refused', text: `${message}${signed}`, code }
}

function expiredText({ expires }: Life): string {
  return expires === undefined ? '' : `The token expired ${expires.relative}.`
}

function unverifiedBand(life: Life): Band {
  const text =
    'Nobody checked the signature: anybody can have written this token. Paste the keys of its issuer to check it.'
  return life.state === 'expired'
    ? { tone: 'bad', word: 'Expired, not verified', text: `${expiredText(life)} ${text}` }
    : { tone: 'warn', word: 'Not verified', text }
}

/** Who and what it is, in a line. */
function identityOf({ decoded, jwt }: ReadToken): readonly string[] {
  const { header, claims } = decoded
  const algorithm = header['alg']
  const kid = header['kid']
  return [
    subjectInWords(claims),
    kindInWords(kindOf(claims)),
    ...(typeof algorithm === 'string' ? [quote(algorithm, 24).slice(1, -1)] : []),
    ...(typeof kid === 'string' ? [`key ${quote(kid, 32)}`] : []),
    formatBytes(jwt.length),
  ]
}
