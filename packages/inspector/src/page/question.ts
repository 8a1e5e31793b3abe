/** "May this token act as this role in that tenant, and why": the same words as `tenantry can`. */
import type { DecodedToken } from '@tenantry/core'
import {
  type AccessAnswer,
  answerQuestion,
  type Holdings,
  matrixOf,
  quote,
  unverifiedHoldings,
  verifiedHoldings,
} from '@tenantry/report'
import type { Verdict } from '../reading/verify.ts'
import { element, find, replaceWhenChanged } from './element.ts'
import { nameElement } from './names.ts'

/** The form and its answer. */
export interface QuestionForm {
  /** A new token: its names become suggestions, and the last question is forgotten. */
  reset(decoded: DecodedToken): void
  /** Answers again, about what is known of the token now. */
  show(decoded: DecodedToken, verdict: Verdict): void
  fill(question: { readonly tenant: string; readonly role?: string }): void
  /** Brings the form back into sight, for somebody who asked from further down. */
  reveal(): void
}

/** A longer list of suggestions is no help, and slow. */
const MAX_SUGGESTIONS = 200

/** Names that are listed before the rest is only counted. */
const MAX_LISTED = 10

/** Connects the form. */
export function createQuestionForm(): QuestionForm {
  const role = find('ask-role', HTMLInputElement)
  const tenant = find('ask-tenant', HTMLInputElement)
  let subject: { readonly decoded: DecodedToken; readonly verdict: Verdict } | undefined
  function answer(): void {
    if (subject === undefined) return
    const { decoded, verdict } = subject
    replaceWhenChanged(find('answer'), answerParts(decoded, verdict, tenant.value, role.value))
  }

  function applyMeant(button: Element | null): void {
    if (!(button instanceof HTMLButtonElement)) return
    tenant.value = button.dataset['tenant'] ?? tenant.value
    role.value = button.dataset['role'] ?? role.value
    answer()
    role.focus()
  }

  for (const input of [role, tenant]) input.addEventListener('input', answer)
  find('answer').addEventListener('click', ({ target }) => {
    if (target instanceof Element) applyMeant(target.closest('button'))
  })
  find('ask').addEventListener('submit', (event) => event.preventDefault())
  return {
    reset(decoded) {
      const rows = matrixOf(decoded, { all: true }).rows
      suggest(
        'known-tenants',
        rows.map((row) => row.tenant),
      )
      suggest('known-roles', [...new Set(rows.flatMap((row) => row.roles))])
      tenant.value = ''
      role.value = ''
    },
    show(decoded, verdict) {
      subject = { decoded, verdict }
      answer()
    },
    fill(question) {
      tenant.value = question.tenant
      role.value = question.role ?? role.value
      answer()
    },
    reveal() {
      find('ask').scrollIntoView({ block: 'nearest' })
    },
  }
}

function suggest(list: string, names: readonly string[]): void {
  const options = names.slice(0, MAX_SUGGESTIONS).map((value) => element('option', { value }))
  find(list).replaceChildren(...options)
}

function answerParts(
  decoded: DecodedToken,
  verdict: Verdict,
  tenant: string,
  role: string,
): readonly HTMLElement[] {
  if (tenant === '' || role === '') {
    return [paragraph('hint', 'Names are compared letter by letter, as a server does.')]
  }
  if (verdict.kind === 'refused') {
    // A token that is refused grants nothing anywhere.
    const { code, message } = verdict.error
    return [answerLine('no', 'no', message), paragraph('code', code)]
  }
  const isVerified = verdict.kind === 'verified'
  const holdings = isVerified ? verifiedHoldings(verdict.token) : unverifiedHoldings(decoded)
  const answer = answerQuestion(holdings, { tenantId: tenant, roles: [role] })
  const { allowed, message, code } = answer.decision
  const yes = isVerified ? 'yes' : 'yes, if it is genuine'
  return [
    answerLine(allowed ? (isVerified ? 'yes' : 'maybe') : 'no', allowed ? yes : 'no', message),
    paragraph('code', code),
    ...(allowed ? [] : reasons(answer, holdings)),
    ...(isVerified ? [] : [unverifiedNote(verdict)]),
  ]
}

function unverifiedNote(verdict: Verdict): HTMLElement {
  const texts: Readonly<Partial<Record<Verdict['kind'], string>>> = {
    undecided: 'Not verified; anybody can have written this token. Its keys could not be used.',
    matched:
      'Not verified; the keys came in the link, and whoever made it can have written this token.',
  }
  const text = 'Not verified; anybody can have written this token. Decide nothing by this.'
  return paragraph('caution', texts[verdict.kind] ?? text)
}

function answerLine(tone: 'yes' | 'maybe' | 'no', word: string, message: string): HTMLElement {
  const mark = tone === 'no' ? '✗' : '✓'
  return element(
    'p',
    { class: `decision ${tone}` },
    element('strong', {}, element('span', { 'aria-hidden': 'true' }, `${mark} `), word),
    element('span', {}, message),
  )
}

function reasons(answer: AccessAnswer, holdings: Holdings): readonly HTMLElement[] {
  const { decision, heldElsewhere, hints, meantTenant, meantRole } = answer
  const isMember = decision.code !== 'tenant_forbidden'
  const facts = element(
    'dl',
    { class: 'facts' },
    ...(isMember ? [fact('roles here', decision.held)] : []),
    fact('held in', heldElsewhere),
  )
  const meant = hints.map((hint) =>
    element(
      'p',
      { class: 'meant' },
      `${hint} `,
      element(
        'button',
        { type: 'button', class: 'quiet', 'data-tenant': meantTenant, 'data-role': meantRole },
        `Use ${[meantRole, meantTenant].flatMap((name) => (name === undefined ? [] : [quote(name)])).join(' and ')}`,
      ),
    ),
  )
  return holdings.tenants().length === 0 ? meant : [facts, ...meant]
}

function fact(name: string, names: readonly string[]): HTMLElement {
  const listed = names.slice(0, MAX_LISTED)
  const rest = names.length - listed.length
  const value =
    names.length === 0
      ? ['none']
      : listed.flatMap((one, index) => [index === 0 ? '' : ', ', nameElement(one)])
  const more = rest > 0 ? ` and ${rest} more` : undefined
  return element('div', {}, element('dt', {}, name), element('dd', {}, ...value, more))
}

function paragraph(kind: string, text: string): HTMLElement {
  return element('p', { class: kind }, text)
}
