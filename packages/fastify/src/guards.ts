/** Guards as Fastify hooks: request in, decision out. */
import { types } from 'node:util'
import type { Requirement } from '@tenantry/core'
import {
  authorizeRequest,
  continueWithAuth,
  createRule,
  type Demand,
  type GuardSettings,
  isTenantryError,
  type RequestAuth,
  type RuleOptions,
  toRefusal,
} from '@tenantry/core/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answer, createReport, isOver } from './answer.ts'
import { markTenantGuard } from './audit-routes.ts'
import type { Guard, Guards } from './augment.ts'

/** What a guard is told for itself. */
export type GuardRuleOptions = RuleOptions<FastifyRequest>

/** Makes a hook of a demand. */
export type MakeGuard = (demand: Demand, options?: GuardRuleOptions) => Guard

type Context = Parameters<typeof continueWithAuth>[0]

/** The context of somebody anonymous: without one of its own, that of another request could be there. */
const anonymous: Context = Object.freeze({ tenantId: undefined })

const admitted = new WeakMap<object, Context>()

/** A hook that goes on inside the context of whom a guard has let through. */
export const goOnInside: Guard = (request, _reply, done) => {
  const auth = admitted.get(request)
  if (auth === undefined) done()
  else continueWithAuth(auth, done)
}

/** A maker of hooks that put the caller into this property of the request. */
export function guardMaker(settings: GuardSettings<FastifyRequest>, property: string): MakeGuard {
  return (demand, options) => {
    const rule = createRule(settings, demand, options)
    const report = createReport()
    const guard: Guard = (requestOfAnyType, replyOfAnyType, done) => {
      // Fastify made them. Their types differ with the server, and what is read here does not.
      const request = requestOfAnyType as FastifyRequest
      const reply = replyOfAnyType as FastifyReply
      let isSettled = false
      function pass(auth: RequestAuth | undefined): void {
        if (isOver(reply)) return
        Reflect.set(request, property, auth)
        admitted.set(request, auth ?? anonymous)
        isSettled = true
        goOnInside(request, reply, done)
      }

      function refuse(error: unknown): void {
        if (isOver(reply)) return
        if (isTenantryError(error)) {
          report(error, request)
          answer(reply, toRefusal(error, rule.refusal))
        } else {
          fail(error)
        }
      }

      /** The last resort, so that no request is left without an answer. */
      function fail(error: unknown): void {
        // What the rest of the request throws is not the guard's to answer, nor to hide.
        if (isSettled) throw error
        isSettled = true
        // `done(undefined)` would let the request through.
        done(types.isNativeError(error) ? error : new Error('A guard failed.', { cause: error }))
      }

      let outcome: ReturnType<typeof authorizeRequest>
      try {
        outcome = authorizeRequest(settings, rule, request, request.raw.rawHeaders)
      } catch (error) {
        attempt(() => refuse(error))
        return
      }
      if (outcome !== undefined && 'then' in outcome) void outcome.then(pass, refuse).catch(fail)
      else attempt(() => pass(outcome))

      function attempt(run: () => void): void {
        try {
          run()
        } catch (error) {
          fail(error)
        }
      }
    }
    if (demand.kind === 'member' || demand.kind === 'requirement') {
      markTenantGuard(guard, rule.getTenantId === undefined ? rule.tenantParam : undefined)
    }
    return guard
  }
}

/** What the plugin puts on the instance. */
export function createGuards(make: MakeGuard): Guards {
  function required(requirement: Requirement, options?: GuardRuleOptions): Guard {
    return make({ kind: 'requirement', requirement }, options)
  }
  function listed(kind: 'any' | 'all', given: readonly (string | GuardRuleOptions)[]): Guard {
    const last = given.at(-1)
    const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last)
    // What is no role among them is refused where the rule is made.
    const roles = (hasOptions ? given.slice(0, -1) : given) as readonly string[]
    return required(kind === 'any' ? { any: roles } : { all: roles }, hasOptions ? last : {})
  }
  return {
    requireAuth: (options) => make({ kind: 'anyone' }, options),
    optionalAuth: (options) => make({ kind: 'optional' }, options),
    requireTenant: (options) => make({ kind: 'member' }, options),
    requireRole: required,
    requireAnyRole: (...given) => listed('any', given),
    requireAllRoles: (...given) => listed('all', given),
    requirePermission: (permission, options) => required({ permission }, options),
    require: required,
  }
}
