/** The token in the forms in which it is needed elsewhere. */
import type { DecodedToken } from '@tenantry/core'
import { printableJson } from '@tenantry/report'
import type { ReadToken } from '../reading/read-token.ts'
import { element, find, setText } from './element.ts'

/** What is copied, by the name of its button. */
export const copies: Readonly<Record<string, (token: ReadToken) => string>> = {
  JSON: ({ decoded: { header, claims } }) => printableJson({ header, payload: claims }),
  curl: ({ jwt }) => `curl -H 'Authorization: Bearer ${jwt}' http://localhost:3000/`,
  command: ({ jwt }) => `echo '${jwt}' | tenantry inspect`,
  'test fixture': ({ decoded }) => fixtureOf(decoded),
}

/** Claims that the testing kit sets by itself, or that its options set. */
const ownClaims = new Set(['iat', 'exp', 'nbf', 'jti'])

/** The call of the testing kit that mints a token with the same claims. */
function fixtureOf({ claims }: DecodedToken): string {
  const kept = Object.entries(claims).filter(([name]) => !ownClaims.has(name))
  const { iat, exp } = { iat: claims['iat'], exp: claims['exp'] }
  const hasLength = typeof iat === 'number' && typeof exp === 'number' && exp > iat
  const options = hasLength ? `, { expiresIn: ${Math.ceil(exp - iat)} }` : ''
  // Every character beyond ASCII as an escape, so that none of them hides in the source.
  const members = printableJson(Object.fromEntries(kept), true)
  return [
    "import { createTestIssuer } from '@tenantry/testing'",
    '',
    'const issuer = createTestIssuer()',
    `const jwt = await issuer.token(${members}${options})`,
    '',
  ].join('\n')
}

/** Connects a button for each form. */
export function connectCopies(token: () => ReadToken | undefined): void {
  const buttons = Object.entries(copies).map(([name, write]) => {
    const button = element('button', { type: 'button', class: 'quiet' }, `Copy ${name}`)
    button.addEventListener('click', () => {
      const current = token()
      if (current === undefined) return
      navigator.clipboard.writeText(write(current)).then(
        () => said(button, name, `Copied ${name}`),
        () => said(button, name, `${name} could not be copied`),
      )
    })
    return button
  })
  find('copies').replaceChildren(...buttons)
}

function said(button: HTMLButtonElement, name: string, text: string): void {
  setText(find('copied'), text)
  setText(button, text)
  setTimeout(() => setText(button, `Copy ${name}`), 2000)
}
