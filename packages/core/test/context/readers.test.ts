/** Guards enter the context only where it can be read, because that makes a whole request slower. */
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

const source = (name: string) => JSON.stringify(new URL(`../../src/${name}`, import.meta.url).href)

/** How often the context was entered, by a program of its own in which nothing else was loaded. */
function entered(program: string): unknown {
  const script = `
    import { AsyncLocalStorage } from 'node:async_hooks'
    const run = AsyncLocalStorage.prototype.run
    let entered = 0
    AsyncLocalStorage.prototype.run = function (...given) {
      entered++
      return run.apply(this, given)
    }
    await import(${source('http/index.ts')})
    const { continueWithAuth } = await import(${source('context/storage.ts')})
    const auth = Object.freeze({ tenantId: 'acme' })
    ${program}
    console.log(JSON.stringify([entered, seen]))
  `
  const flags = ['--conditions=@tenantry/source', '--import', 'tsx', '--input-type=module']
  return JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }))
}

it('is not entered where nobody can read it', () => {
  expect(entered('let seen = 0; continueWithAuth(auth, () => { seen++ })')).toEqual([0, 1])
})

it('is entered from the moment on that somebody can', () => {
  const program = `
    const seen = []
    continueWithAuth(auth, () => { seen.push('before') })
    const { currentTenantId } = await import(${source('context/index.ts')})
    continueWithAuth(auth, () => { seen.push(currentTenantId()) })
  `
  expect(entered(program)).toEqual([1, ['before', 'acme']])
})
