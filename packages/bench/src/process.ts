/** A contender that is a program: what is timed is its whole life. */
import { spawn } from 'node:child_process'
import type { Contender } from './bench.ts'

/** Runs Node with these arguments, and waits for its end. */
export function nodeProcess(name: string, args: readonly string[]): Contender {
  return { name, sample: () => lifeOf(args) }
}

function lifeOf(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString('utf8')
    })
    child.on('error', reject)
    child.on('close', (code) => {
      // A program that fails at once would be a fast one.
      if (code === 0) resolve(performance.now() - start)
      else reject(new Error(`node ${args.join(' ')} ended with ${code}: ${complaint}`))
    })
  })
}
