/** What clients send, read once. Members that are not named are dropped. */
import { canonicalEmail, isAcceptablePassword, isSlug } from '@tenantry/databases'
import { z } from 'zod'

const text = z.string().max(1024)
const email = text.refine((value) => canonicalEmail(value) !== undefined)

/** As loose as can be: what is no address, and no password, is a login that fails. */
export const credentials = z.object({ email: text, password: text })

export const newTenant = z.object({
  slug: text.refine(isSlug),
  email,
  password: text.refine(isAcceptablePassword),
})

/** The administrator's client draws it, and sends it again when it tries again. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/)

export const newStatus = z.object({ status: z.enum(['active', 'suspended']) })

/** As `provisionTenant` draws them: what is none cannot be found, and no database has to be asked. */
export const tenantId = z.string().regex(/^[a-z0-9]{1,64}$/)

/** PostgreSQL has no NUL, and no text that is not well-formed. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value))

export const newProject = z.object({ name: line })
