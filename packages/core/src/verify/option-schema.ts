/** The form of every option, with a message that ends the sentence `Option "name" …`. */
import { z } from 'zod'
import { isRoleModel, type RoleModel } from '../access/roles.ts'
import { type Algorithm, algorithmNames, isAlgorithm } from '../crypto/algorithms.ts'

const name = z.string('is not a string').refine((text) => text.trim() !== '', 'is blank')
const someNames = z.array(name).min(1, 'is an empty list')
const names = z.union([name, someNames], 'is neither a string nor a list of strings').nullable()
const amount = z.number('is not a number of seconds')
const seconds = amount.nonnegative('is negative')
const duration = amount.positive('is not above 0')
const count = z.int('is not a whole number').positive('is not above 0')
const callable = z.custom<(...values: never[]) => unknown>(
  (value) => typeof value === 'function',
  'is not a function',
)

const cacheSchema = z.strictObject({ max: count.optional() })

const jwksSchema = z.strictObject(
  {
    ttl: duration.optional(),
    cooldown: seconds.optional(),
    timeout: duration.max(600, 'is above 600').optional(),
    staleFor: seconds.optional(),
    maxBytes: count.optional(),
    fetch: callable.optional(),
  },
  'is not an object',
)

/** The options as an object without any other key. */
export const optionSchema: z.ZodObject = z.strictObject({
  keys: z.custom<object>(
    (value) => value !== undefined && value !== null,
    'is missing: give a JWKS URL, a JWK Set, a JWK, a PEM, a KeyObject, a CryptoKey or { secret }',
  ),
  algorithms: z
    .array(
      z.custom<Algorithm>(isAlgorithm, `is not one of ${algorithmNames.join(', ')}`),
      'is not a list',
    )
    .min(1, 'is an empty list')
    .optional(),
  types: z.array(name.nullable(), 'is not a list').min(1, 'is an empty list').optional(),
  issuer: names.optional(),
  audience: names.optional(),
  mode: z.enum(['live', 'test'], 'is neither live nor test').nullable().optional(),
  workspaceId: name.nullable().optional(),
  clockTolerance: seconds.max(60, 'is above 60').optional(),
  maxTokenAge: seconds.optional(),
  maxTokenBytes: count.optional(),
  roles: z
    .custom<RoleModel>(isRoleModel, 'is not a role model: make one with defineRoles')
    .optional(),
  ancestorsOf: callable.optional(),
  authorizationOf: callable.optional(),
  cache: z
    .union([z.literal(false), cacheSchema], 'is neither false nor { max }, a whole number above 0')
    .optional(),
  now: callable.optional(),
  jwks: jwksSchema.optional(),
})

/** The names of the options below a path: of all, of `jwks` or of `cache`. */
export function knownOptions(path: string): readonly string[] {
  const schemas = { jwks: jwksSchema, cache: cacheSchema, '': optionSchema }
  return Object.keys(schemas[path as keyof typeof schemas].shape)
}
