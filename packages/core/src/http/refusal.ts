/** A refusal as an HTTP response, the same in every framework (RFC 9457, RFC 6750 section 3). */
import type { ErrorCode, TenantryError } from '../errors.ts'

/** How refusals are put. */
export interface RefusalPolicy {
  /** The protection space named in challenges (RFC 9110 section 11.5). */
  readonly realm: string
  /** What answers a good token that is not enough: 403, or 401 for clients that expect that. */
  readonly forbiddenStatus: 401 | 403
  /** Whether a tenant that the caller is no member of answers as one that does not exist: 404. */
  readonly hideTenants: boolean
}

/** A whole response. */
export interface Refusal {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** What a client is told of a mistake in the program; the mistake itself is for the operator. */
const ourFault = 'The server is not configured correctly.'

/** RFC 6750 section 3.1. */
const challengeErrors: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_token',
  403: 'insufficient_scope',
}

/** RFC 6750 section 3.1: who has sent no token that could be wrong is told how to send one, and no more. */
const plainly: ReadonlySet<ErrorCode> = new Set(['credentials_missing', 'tenant_context_missing'])

/** What an earlier handler may have said of a body of its own, and what is not true of this one. */
export const replacedHeaders: readonly string[] = [
  'content-encoding',
  'transfer-encoding',
  'trailer',
]

/** Puts an error into a response. */
export function toRefusal(error: TenantryError, policy: RefusalPolicy): Refusal {
  if (policy.hideTenants && error.code === 'tenant_forbidden') {
    return respond(404, 'not_found', 'There is nothing here.', {})
  }
  const isForbidden = error.status === 403
  const status = isForbidden ? policy.forbiddenStatus : error.status
  const detail = status === 500 ? ourFault : error.message
  const headers: Record<string, string> = {}
  const retryAfter = error.headers['retry-after']
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter
  const scheme = `Bearer realm="${policy.realm}"`
  const problem = challengeErrors[error.status]
  if (error.headers['www-authenticate'] !== undefined) {
    headers['www-authenticate'] =
      plainly.has(error.code) || problem === undefined
        ? scheme
        : `${scheme}, error="${problem}", error_description="${quotable(detail)}"`
  }
  return respond(status, error.code, detail, headers)
}

/** RFC 6750 section 3: what a description may hold. A verifier of the application's own may say more. */
function quotable(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')
}

function respond(
  status: number,
  code: ErrorCode | 'not_found',
  detail: string,
  headers: Readonly<Record<string, string>>,
): Refusal {
  const type = `urn:tenantry:error:${code}`
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
      ...headers,
    },
    body: JSON.stringify({ type, title: titles[status], status, detail, code }),
  }
}
