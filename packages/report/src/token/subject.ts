/** Who the token is about. */
import type { JsonObject } from '@tenantry/core'
import { plainName } from '../text/visible.ts'

/** Safe to print: `user 7`, `usr_7`, or that it does not say. */
export function subjectInWords(claims: JsonObject): string {
  const { sub, userId } = { sub: claims['sub'], userId: claims['userId'] }
  if (typeof sub === 'string' && sub !== '') return plainName(sub, 40)
  if (typeof userId === 'number') return `user ${userId}`
  if (typeof userId === 'string') return `user ${plainName(userId, 40)}`
  return 'nobody in particular'
}
