/** Guards as Fastify hooks: request in, decision out. */
import { isTenantryError } from '@tenantry/core'
import {
  asError,
  authorizeRequest,
  continueRequest,
  createRule,
  createWarning,
  type GuardSettings,
  type MakeGuard,
  placeAuth,
  type RequestAuth,
  requireNext,
  toRefusal,
} from '@tenantry/core/http'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { answer, isOver } from './answer.ts'
import { markGuard } from './audit/marked-guards.ts'
import type { Guard } from './augment.ts'

/** A hook that goes on inside the context of whom a guard has let through. */
export const goOnInside: Guard = (request, _reply, done) => continueRequest(request, done)

/** How a guard ends. Without lists and objects of its own, because every request has one. */
type End<With> = (
  end: With,
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => void

/** A maker of hooks that put the caller on the request. */
export function guardMaker(
  settings: GuardSettings<FastifyRequest>,
): MakeGuard<Guard, FastifyRequest> {
  return (demand, options) => {
    const rule = createRule(settings, demand, options)
    const warn = createWarning()

    const pass: End<RequestAuth | undefined> = (auth, request, reply, done) => {
      if (isOver(reply)) return
      try {
        placeAuth(request, settings.requestProperty, auth)
      } catch (error) {
        refuse(error, request, reply, done)
        return
      }
      continueRequest(request, done)
    }

    const refuse: End<unknown> = (error, request, reply, done) => {
      if (isOver(reply)) return
      try {
        if (!isTenantryError(error)) throw error
        if (warn(error)) {
          request.log.error({ code: error.code, route: request.routeOptions.url }, error.message)
        }
        answer(reply, toRefusal(error, rule.refusal))
      } catch (thrown) {
        // The last resort, so that no request is left without an answer.
        done(asError(thrown))
      }
    }

    const guard: Guard = (requestOfAnyType, replyOfAnyType, done) => {
      requireNext(done)
      // Fastify made them. Their types differ with the server, and what is read here does not.
      const request = requestOfAnyType as FastifyRequest
      const reply = replyOfAnyType as FastifyReply
      let auth: ReturnType<typeof authorizeRequest>
      try {
        auth = authorizeRequest(settings, rule, request, request.raw.rawHeaders)
      } catch (error) {
        refuse(error, request, reply, done)
        return
      }
      if (auth instanceof Promise) {
        void auth.then(
          (caller) => pass(caller, request, reply, done),
          (error: unknown) => refuse(error, request, reply, done),
        )
      } else pass(auth, request, reply, done)
    }
    markGuard(guard, rule.checkedParam)
    return guard
  }
}
