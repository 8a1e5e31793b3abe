/** A function that makes a guard is no guard. */
import { expect, it } from 'vitest'
import { createGuards, requireCalled } from '../../src/http/index.ts'

const guards = createGuards<object, object>(() => ({}), 'app')

it('a maker that was not called is told apart from guards, handlers and what is no function', () => {
  expect(() => requireCalled(guards.requireTenant)).toThrow(
    expect.objectContaining({ code: 'option_invalid' }),
  )
  for (const other of [guards.requireTenant(), () => {}, undefined, null, 'handler', {}]) {
    expect(() => requireCalled(other)).not.toThrow()
  }
})
