/** The caller of a request, wherever it was put. */
import { type Fixes, type RequestAuth, readAuth, readOptionalAuth } from '@tenantry/core/http'

const fixes: Fixes = {
  guarded:
    "  import { createGuard } from '@tenantry/express'\n" +
    '  const guard = createGuard({ verifier })\n' +
    "  app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), handler)",
  optional: 'getOptionalAuth(req)',
}

/**
 * The caller of a request that a guard let through, whatever `requestProperty` is.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has run, or when the caller is anonymous
 * behind `optionalAuth`; the message says what to add
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 * import { createGuard, getAuth } from '@tenantry/express'
 * import express from 'express'
 *
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * const guard = createGuard({ verifier })
 * const app = express()
 * app.get('/me', guard.requireAuth(), (req, res) => res.json({ userId: getAuth(req).userId }))
 * ```
 */
export function getAuth(request: object): RequestAuth {
  return readAuth(request, fixes)
}

/**
 * The same where a guard is `optionalAuth`: undefined for somebody without credentials.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has run
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 * import { createGuard, getOptionalAuth } from '@tenantry/express'
 * import express from 'express'
 *
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * const guard = createGuard({ verifier })
 * const app = express()
 * app.get('/', guard.optionalAuth(), (req, res) => {
 *   res.json({ signedIn: getOptionalAuth(req) !== undefined })
 * })
 * ```
 */
export function getOptionalAuth(request: object): RequestAuth | undefined {
  return readOptionalAuth(request, fixes)
}
