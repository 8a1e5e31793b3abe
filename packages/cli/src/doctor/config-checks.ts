/** Config: what the application expects, and whether the issuer says the same of itself. */
import { quote } from '@tenantry/report'
import { type Finding, fail, none, ok, warn } from './check.ts'
import type { Discovery, Located } from './locate.ts'
import type { Setting, Settings } from './settings.ts'

/** D01, D04 and D05: needs no endpoint. */
export function checkSettings(settings: Settings): readonly Finding[] {
  return [checkIssuer(settings), checkAudience(settings), checkAgreement(settings)]
}

/** D02 and D03. */
export function checkAddress(settings: Settings, located: Located): readonly Finding[] {
  return [checkPublishedIssuer(settings.issuer, located.discovery), checkKeysAddress(located)]
}

function checkIssuer({ issuer, workspace, blank }: Settings): Finding {
  if (issuer !== undefined) return ok('D01', said(issuer))
  if (blank.includes('TENANTRY_ISSUER')) {
    return fail('D01', 'TENANTRY_ISSUER is there and blank', 'set it, or remove it')
  }
  // Userfront's issuer is the same for every workspace and proves nothing.
  if (workspace !== undefined) return ok('D01', 'not needed: the workspace is checked instead')
  const fix = 'set the issuer option of your verifier'
  return warn('D01', 'not set: a token of any issuer with these keys is accepted', fix)
}

function checkAudience({ audience, workspace, blank }: Settings): Finding {
  if (audience.length > 0) return ok('D04', audience.map(said).join('; '))
  if (blank.includes('TENANTRY_AUDIENCE')) {
    return fail('D04', 'TENANTRY_AUDIENCE is there and blank', 'set it, or remove it')
  }
  if (workspace !== undefined) return ok('D04', 'not needed: these tokens have none')
  const fix = 'set the audience option of your verifier'
  return warn('D04', 'not set: a token for another API is accepted', fix)
}

function checkAgreement({ disputes, blank }: Settings): Finding {
  if (blank.includes('TENANTRY_JWKS')) {
    return fail('D05', 'TENANTRY_JWKS is there and blank', 'set it, or remove it')
  }
  if (disputes.length === 0) return ok('D05', 'no setting has two values')
  const names = disputes.join(' and ')
  const detail = `${names}: the environment and tenantry.config.json differ; the first counts`
  return warn('D05', detail, 'remove one of them')
}

function checkPublishedIssuer(
  issuer: Setting | undefined,
  discovery: Discovery | undefined,
): Finding {
  if (discovery === undefined) return none('D02', 'no discovery document was read')
  const published = discovery.issuer
  if (published === undefined) {
    return fail('D02', 'the discovery document names no issuer', 'ask whoever runs it')
  }
  if (issuer === undefined) {
    return none('D02', `discovery says ${quote(published)}; no issuer is set to compare`)
  }
  if (issuer.value === published) return ok('D02', 'discovery says the same')
  const isSlash = issuer.value.replace(/\/$/, '') === published.replace(/\/$/, '')
  const detail = isSlash
    ? `${quote(issuer.value)} and discovery's ${quote(published)} differ only in the last "/"`
    : `${quote(issuer.value)} is set, discovery says ${quote(published)}`
  return fail('D02', detail, 'write the issuer exactly as it is published')
}

function checkKeysAddress({ address, endpoint, discovery }: Located): Finding {
  if (discovery !== undefined && discovery.jwksUri === undefined) {
    return fail('D03', 'the discovery document has no jwks_uri', 'give the URL of the JWK Set')
  }
  if (discovery?.refusal !== undefined) {
    return fail('D03', discovery.refusal, 'ask whoever runs the issuer')
  }
  if (endpoint.fault?.kind !== 'address') return ok('D03', said(address))
  const isHttp = address.value.startsWith('http:')
  const detail = isHttp
    ? `${said(address)}: plain http, so anybody on the way can put in keys of their own`
    : `${said(address)}: ${endpoint.fault.reason}`
  return fail('D03', detail, 'use an https address')
}

function said({ value, from }: Setting): string {
  return `${quote(value)} from ${from}`
}
