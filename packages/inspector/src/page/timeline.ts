/** The life of the token as a bar, and the same bar as a slider: what holds as of another time? */
import { type Life, lifeInWords, type Moment } from '@tenantry/report'
import { element, find, replaceWhenChanged, setText } from './element.ts'

/** The bar. */
export interface Timeline {
  /** Draws the life as of a time. */
  show(life: Life, asOf: Date, isNow: boolean): void
}

/** Where the slider begins, and how far apart two positions are, in milliseconds. */
interface Scale {
  readonly from: number
  readonly step: number
}

/** Positions of the slider: enough for a mouse, few enough for the arrow keys. */
const POSITIONS = 400

/**
 * Connects the bar.
 *
 * @param choose - called with the chosen time, or with undefined for now
 */
export function createTimeline(choose: (asOf: Date | undefined) => void): Timeline {
  const slider = find('time', HTMLInputElement)
  const now = find('now', HTMLButtonElement)
  let scale: Scale = { from: 0, step: 1000 }
  slider.max = String(POSITIONS)
  slider.addEventListener('input', () => {
    choose(new Date(scale.from + Number(slider.value) * scale.step))
  })
  now.addEventListener('click', () => {
    choose(undefined)
    slider.focus()
  })
  return {
    show(life, asOf, isNow) {
      const span = spanOf(life)
      find('life').hidden = span === undefined
      now.hidden = isNow
      if (span !== undefined) {
        scale = scaleOf(span)
        const position = (asOf.getTime() - scale.from) / scale.step
        slider.value = String(position)
        place('--position', position)
        place('--start', (span.start - scale.from) / scale.step)
        place('--end', (span.end - scale.from) / scale.step)
      }
      const words = momentWords(asOf, life, isNow)
      slider.setAttribute('aria-valuetext', words)
      setText(find('as-of'), words)
      showMoments(life)
    },
  }

  function place(property: string, position: number): void {
    const share = Math.min(1, Math.max(0, position / POSITIONS))
    find('life').style.setProperty(property, share.toFixed(4))
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** From when to when it counts; undefined when that has no end that can be read. */
function spanOf({ issued, starts, expires }: Life): Span | undefined {
  const end = expires?.time.getTime()
  if (end === undefined) return undefined
  const start = starts?.time.getTime() ?? issued?.time.getTime()
  // Without a beginning, or with one after the end, an hour stands for its life.
  return { start: start !== undefined && start < end ? start : end - 3_600_000, end }
}

/** Some time before and after, so that both sides of either end can be looked at. */
function scaleOf({ start, end }: Span): Scale {
  const margin = Math.max(60_000, (end - start) / 6)
  const step = Math.max(1000, Math.ceil((end - start + 2 * margin) / POSITIONS / 1000) * 1000)
  const middle = (start + end) / 2
  return { from: Math.round(middle - (step * POSITIONS) / 2), step }
}

function momentWords(asOf: Date, life: Life, isNow: boolean): string {
  const utc = asOf.toISOString().slice(0, 19).replace('T', ' ')
  const state = life.state === 'running' ? leftWords(life) : lifeInWords(life)
  return `${isNow ? 'now' : `as of ${utc}Z`}: ${state}`
}

function leftWords({ expires }: Life): string {
  return expires === undefined ? 'not expired' : `expires ${expires.relative}`
}

function showMoments(life: Life): void {
  const moments: readonly (readonly [string, Moment | undefined])[] = [
    ['issued', life.issued],
    ['counts from', life.starts],
    [life.state === 'expired' ? 'expired' : 'expires', life.expires],
  ]
  const pairs = moments.flatMap(([name, moment]) =>
    moment === undefined ? [] : [pair(name, moment.utc, moment.relative)],
  )
  if (life.lengthInWords !== undefined) pairs.push(pair('lifetime', life.lengthInWords, undefined))
  if (life.expires === undefined) pairs.push(pair('expires', lifeInWords(life), undefined))
  replaceWhenChanged(find('moments'), pairs)
}

function pair(name: string, value: string, relative: string | undefined): HTMLElement {
  const more = relative === undefined ? undefined : element('span', { class: 'hint' }, relative)
  return element('div', {}, element('dt', {}, name), element('dd', {}, value, ' ', more))
}
