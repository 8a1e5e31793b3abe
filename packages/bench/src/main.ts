/**
 * Runs the benchmarks: all of them, or those that are named. Prints a Markdown table for each, and
 * one of all targets, and writes all numbers to `packages/bench/results`. Exit code 1 when a target
 * is missed, 2 when the arguments are not understood.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, Pace } from './bench.ts'
import { benches } from './benches/all.ts'
import { compilePrograms } from './bundle.ts'
import { measure, type Outcome } from './measure.ts'
import { toMarkdown, toSummary } from './table.ts'

const results = join(import.meta.dirname, '../results')

function chosen(names: readonly string[]): readonly Bench[] {
  const known = benches.map(({ name }) => name)
  const odd = names.find((name) => !known.includes(name))
  if (odd !== undefined) throw new Error(`There is no bench ${odd}. Known: ${known.join(', ')}.`)
  return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name))
}

const machine = { node: process.versions.node, cpu: cpus()[0]?.model, cores: cpus().length }

function write(outcome: Outcome, pace: Pace): void {
  mkdirSync(results, { recursive: true })
  const file = join(results, `${outcome.name}.json`)
  writeFileSync(file, `${JSON.stringify({ machine, pace, ...outcome }, null, 2)}\n`)
}

const options = {
  quick: { type: 'boolean', default: false },
  processor: { type: 'boolean', default: false },
} as const

/** What was typed. What nobody understands is said in a line, with exit code 2. */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    return { values, chosenBenches: chosen(positionals) }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  }
}

const { values, chosenBenches } = readArguments()
const pace: Pace = { isQuick: values.quick, clock: values.processor ? 'processor' : 'wall' }
const start = performance.now()
const outcomes: Outcome[] = []
await compilePrograms()
for (const bench of chosenBenches) {
  const absence = await bench.absence?.()
  if (absence !== undefined) {
    process.stdout.write(`### ${bench.name}\n\nSKIPPED: ${absence}\n\n`)
    continue
  }
  const outcome = await measure(bench, pace.isQuick ? bench.rounds.quick : bench.rounds.full, pace)
  outcomes.push(outcome)
  write(outcome, pace)
  process.stdout.write(`${toMarkdown(outcome)}\n\n`)
}
process.stdout.write(`${toSummary(outcomes)}\n\n`)
process.stdout.write(`Node ${machine.node} on ${machine.cores} cores of ${machine.cpu}.\n`)
if (pace.isQuick) {
  process.stdout.write(
    'This was a quick run, for a first look: whether a target is held, a full one on an idle machine says.\n',
  )
}
process.stderr.write(`\nIt took ${((performance.now() - start) / 1000).toFixed(0)} seconds.\n`)
if (outcomes.some(({ verdicts }) => verdicts.some(({ isHeld }) => !isHeld))) process.exitCode = 1
