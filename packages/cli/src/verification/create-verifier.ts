/**
 * The verifier of core, in a file of its own: it is imported when a token is verified and not
 * before, because it brings what reads options with it, and `decode` starts in half the time
 * without.
 */
export { createVerifier } from '@tenantry/core'
