/** Numbers with their units. */
import type { Unit } from './bench.ts'

/** A number of a bench, in the unit of that bench. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'bytes') return `${Math.round(value).toLocaleString('en')} bytes`
  if (unit === 'requests') return `${Math.round(1000 / value).toLocaleString('en')} requests/s`
  return formatTime(value)
}

/** Three digits, in the unit that they fit. */
export function formatTime(milliseconds: number): string {
  if (milliseconds >= 1) return `${milliseconds.toPrecision(3)} ms`
  if (milliseconds >= 1e-3) return `${(milliseconds * 1e3).toPrecision(3)} us`
  return `${(milliseconds * 1e6).toPrecision(3)} ns`
}
