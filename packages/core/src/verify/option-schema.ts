/** The form of every option, with a message that ends the sentence `Option "name" …`. */
// The small build of zod: a page or an edge worker that verifies carries it along.
import * as z from 'zod/mini'
import { isRoleModel, type RoleModel } from '../access/roles.ts'
import { type Algorithm, algorithmNames, isAlgorithm } from '../crypto/algorithms.ts'

const name = z
  .string('is not a string')
  .check(z.refine((text) => text.trim() !== '', { error: 'is blank' }))
const someNames = z.array(name).check(z.minLength(1, 'is an empty list'))
const names = z.nullable(
  z.union([name, someNames], { error: 'is neither a string nor a list of strings' }),
)
const amount = z.number('is not a number of seconds')
const seconds = amount.check(z.nonnegative('is negative'))
const duration = amount.check(z.positive('is not above 0'))
const count = z.int('is not a whole number').check(z.positive('is not above 0'))
const callable = z.custom<(...values: never[]) => unknown>(
  (value) => typeof value === 'function',
  'is not a function',
)

const cacheSchema = z.strictObject({ max: z.optional(count) })

const jwksSchema = z.strictObject(
  {
    ttl: z.optional(duration),
    cooldown: z.optional(seconds),
    timeout: z.optional(duration.check(z.maximum(600, 'is above 600'))),
    staleFor: z.optional(seconds),
    maxBytes: z.optional(count),
    fetch: z.optional(callable),
  },
  'is not an object',
)

/** The options as an object without any other key. */
export const optionSchema: z.ZodMiniObject = z.strictObject({
  keys: z.custom<object>(
    (value) => value !== undefined && value !== null,
    'is missing: give a JWKS URL, a JWK Set, a JWK, a PEM, a KeyObject, a CryptoKey or { secret }',
  ),
  algorithms: z.optional(
    z
      .array(
        z.custom<Algorithm>(isAlgorithm, `is not one of ${algorithmNames.join(', ')}`),
        'is not a list',
      )
      .check(z.minLength(1, 'is an empty list')),
  ),
  types: z.optional(
    z.array(z.nullable(name), 'is not a list').check(z.minLength(1, 'is an empty list')),
  ),
  issuer: z.optional(names),
  audience: z.optional(names),
  mode: z.optional(z.nullable(z.enum(['live', 'test'], { error: 'is neither live nor test' }))),
  workspaceId: z.optional(z.nullable(name)),
  clockTolerance: z.optional(seconds.check(z.maximum(60, 'is above 60'))),
  maxTokenAge: z.optional(seconds),
  maxTokenBytes: z.optional(count),
  roles: z.optional(
    z.custom<RoleModel>(isRoleModel, 'is not a role model: make one with defineRoles'),
  ),
  ancestorsOf: z.optional(callable),
  authorizationOf: z.optional(callable),
  cache: z.optional(
    z.union([z.literal(false), cacheSchema], {
      error: 'is neither false nor { max }, a whole number above 0',
    }),
  ),
  now: z.optional(callable),
  jwks: z.optional(jwksSchema),
})

/** The names of the options below a path: of all, of `jwks` or of `cache`. */
export function knownOptions(path: string): readonly string[] {
  const schemas = { jwks: jwksSchema, cache: cacheSchema, '': optionSchema }
  return Object.keys(schemas[path as keyof typeof schemas].shape)
}
