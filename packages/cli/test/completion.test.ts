import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { bashScript } from '../src/completion/bash.ts'
import { call } from './support/call.ts'
import { run } from './support/run.ts'

async function scriptFor(shell: string): Promise<string> {
  return (await call(['completion', shell])).stdout
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0
}

/** What bash offers for a line that ends at the cursor. */
function bashOffers(script: string, words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ')
  const ask = `${script}
COMP_WORDS=(tenantry ${line}); COMP_CWORD=${words.length}; _tenantry; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' }).trim().split('\n')
}

describe('completion', () => {
  it('is printed by the real program, for four shells', async () => {
    const { exitCode, stdout } = await run(['completion', 'bash'])
    expect(exitCode).toBe(0)
    expect(stdout).toBe(await scriptFor('bash'))
  })

  it.each(['bash', 'zsh', 'fish', 'pwsh'])(
    'of %s knows every command and every flag',
    async (shell) => {
      const script = await scriptFor(shell)
      for (const { name, options } of commands) {
        for (const word of name.split(' ')) expect(script).toContain(word)
        for (const flag of Object.keys(options)) expect(script).toContain(flag)
      }
    },
  )

  it('refuses a shell that it does not know, with a suggestion', async () => {
    const { exitCode, stderr } = await call(['completion', 'bsh'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean "bash"?')
    expect((await call(['completion', 'powershell'])).stderr).toContain('"pwsh"')
    expect((await call(['completion'])).exitCode).toBe(2)
    expect((await call(['completion', 'bash', 'zsh'])).exitCode).toBe(2)
  })

  it.skipIf(!isInstalled('bash'))('offers in a real bash what can be typed there', async () => {
    const script = await scriptFor('bash')
    const names = commands.map(({ name }) => name.split(' ')[0])
    expect(new Set(bashOffers(script, ['']))).toEqual(new Set([...names, 'help']))
    expect(bashOffers(script, ['ins'])).toEqual(['inspect'])
    expect(bashOffers(script, ['--json', 'ver'])).toEqual(['verify'])
    expect(bashOffers(script, ['help', 'de'])).toEqual(['decode'])
    expect(bashOffers(script, ['decode', '--pa'])).toEqual(['--part'])
    expect(bashOffers(script, ['decode', '--part', ''])).toEqual(['header', 'payload', 'signature'])
    expect(bashOffers(script, ['verify', '--alg', 'ES'])).toEqual(['ES256', 'ES384', 'ES512'])
    expect(bashOffers(script, ['verify', '--jwks', '/etc/pass'])).toContain('/etc/passwd')
    expect(bashOffers(script, ['decode', '/etc/pass'])).toContain('/etc/passwd')
    expect(bashOffers(script, ['verify', '--issuer', ''])).toEqual([''])
    expect(bashOffers(script, ['explain', 'token_exp'])).toEqual(['token_expired'])
    expect(bashOffers(script, ['jwks', ''])).toEqual(['print', 'fetch', 'serve'])
    expect(bashOffers(script, ['jwks', 'serve', '--lat'])).toEqual(['--latency'])
    expect(bashOffers(script, ['completion', ''])).toEqual(['bash', 'zsh', 'fish', 'pwsh'])
  })

  it.skipIf(!isInstalled('bash'))(
    'offers files for a flag whose command has arguments to choose from',
    () => {
      const flags = [{ flag: '--key', summary: 'A key', value: 'file', choices: [] }] as const
      const script = bashScript([{ name: 'jwks', summary: 'Keys', flags, choices: ['print'] }])
      expect(bashOffers(script, ['jwks', ''])).toEqual(['print'])
      expect(bashOffers(script, ['jwks', '--key', '/etc/pass'])).toContain('/etc/passwd')
    },
  )

  it.skipIf(!isInstalled('zsh'))('is a script that a real zsh can read', async () => {
    const check = spawnSync('zsh', ['-n'], { input: await scriptFor('zsh'), encoding: 'utf8' })
    expect(check).toMatchObject({ status: 0, stderr: '' })
  })

  it.skipIf(!isInstalled('fish'))('offers in a real fish what can be typed there', async () => {
    const offers = (line: string, script: string): readonly string[] =>
      execFileSync('fish', ['--no-config', '-c', `${script}\ncomplete -C '${line}'`], {
        encoding: 'utf8',
      })
        .split('\n')
        .map((offer) => offer.split('\t')[0] ?? '')
    const script = await scriptFor('fish')
    expect(offers('tenantry ins', script)).toContain('inspect')
    expect(offers('tenantry decode --pa', script)).toContain('--part')
    expect(offers('tenantry decode --part ', script)).toContain('payload')
    expect(offers('tenantry explain token_exp', script)).toContain('token_expired')
  })
})
