/**
 * Runs the benchmarks: all of them, or those that are named. Prints a Markdown table for each and
 * writes all numbers to `packages/bench/results`. Exit code 1 when a target is missed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { benches } from './benches/all.ts'
import { measure, type Outcome } from './measure.ts'
import { toMarkdown } from './table.ts'

const results = join(import.meta.dirname, '../results')

function chosen(names: readonly string[]): readonly Bench[] {
  const known = benches.map(({ name }) => name)
  const odd = names.find((name) => !known.includes(name))
  if (odd !== undefined) throw new Error(`There is no bench ${odd}. Known: ${known.join(', ')}.`)
  return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name))
}

function write(outcome: Outcome): void {
  const [cpu] = cpus()
  const machine = { node: process.versions.node, cpu: cpu?.model, cores: cpus().length }
  mkdirSync(results, { recursive: true })
  const file = join(results, `${outcome.name}.json`)
  writeFileSync(file, `${JSON.stringify({ machine, ...outcome }, null, 2)}\n`)
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
for (const bench of chosen(positionals)) {
  const rounds = values.quick ? bench.rounds.quick : bench.rounds.full
  const outcome = await measure(bench, rounds)
  write(outcome)
  process.stdout.write(`${toMarkdown(outcome)}\n\n`)
  if (outcome.verdicts.some(({ isHeld }) => !isHeld)) process.exitCode = 1
}
