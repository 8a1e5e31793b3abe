/** Whether a guard is the first of the hooks that a route has before its handler. */
import type { RouteOptions } from 'fastify'
import { guardedParameter, isGuard } from './marked-guards.ts'

/** In the order in which they run. */
const phases = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const

/** Whether a guard may stand there: before the body is parsed, hooks get something else. */
export function isGuardPhase(phase: unknown): boolean {
  return phase !== 'preParsing' && phases.some((known) => known === phase)
}

/** All hooks of a route before its handler. */
export function hooksOf(options: RouteOptions): ReadonlySet<unknown> {
  return new Set(phases.flatMap((phase) => options[phase] ?? []))
}

/**
 * Whether nothing but guards runs before one of the tenant. Any other hook might answer in its place.
 *
 * @param written - the hooks that the program put on the route: those that plugins add are not judged
 * @param around - the phases in which a hook of the instances around guards the tenant
 */
export function startsWithGuard(
  options: RouteOptions,
  written: ReadonlySet<unknown>,
  around: ReadonlySet<unknown>,
  tenantParam: string,
): boolean {
  for (const phase of phases) {
    // Those of instances run before those of the route.
    if (around.has(phase)) return true
    for (const hook of [options[phase] ?? []].flat()) {
      if (isGuardPhase(phase) && guardedParameter(hook) === tenantParam) return true
      if (!isGuard(hook) && written.has(hook)) return false
    }
  }
  return false
}
