import { displayWidth } from '../terminal.ts'
import { type Html, html } from './html.ts'

/** A bar of a ranking. */
export interface Bar {
  readonly label: string
  readonly value: number
  /** Shown in a circle before the label: a picture by its class in the style sheet, or initials where there is none. */
  readonly face?: { readonly initials: string; readonly picture: string | null }
}

/*
 * Charts have no fixed width: what lies across is in percent, so that a text has its own size on a phone as on paper. A part
 * that begins after labels is moved by so many pixels and takes as many percent less of the narrowest page.
 */
const rowHeight = 40
const axisHeight = 44
/** So many fit on a phone at 12 pixels. */
const labelCharacters = 36
const faceWidth = 44
/** The longest bar: what is left of a page of 320 pixels after a picture holds its value. */
const barPercent = 72
const heatLeft = 70
const heatPercent = 77
const heatSteps = 9
const swatch = 20

/** Round numbers from 0 to the first that is at least the largest value, about `wanted` of them; whole for whole values. */
export function ticks(values: readonly number[], wanted = 5): number[] {
  const max = values.reduce((most, value) => Math.max(most, value), 0)
  if (!(max > 0)) return [0, 1]
  const rough = Math.max(max / wanted, values.every(Number.isInteger) ? 1 : 0)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power
  const count = Math.ceil(max / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

// Made once: thousands of cells are formatted.
const small = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const large = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** A number for an axis or a cell: `12,500`, `0.25`. */
export function shown(value: number): string {
  return (Math.abs(value) < 10 ? small : large).format(value)
}

function clipped(label: string, characters = labelCharacters): string {
  if (displayWidth(label) <= characters) return label
  let text = ''
  for (const character of label) {
    if (displayWidth(text + character) > characters - 1) break
    text += character
  }
  return `${text}…`
}

const across = (share: number) => `${Number((share * 100).toFixed(2))}%`

/** Horizontal bars, longest first as given, each below its label, with a value axis below all. `unit` names the axis. */
export function barChart(name: string, unit: string, bars: readonly Bar[]): Html {
  const left = bars.some((bar) => bar.face) ? faceWidth : 0
  const scale = ticks(bars.map((bar) => bar.value))
  const max = scale.at(-1)!
  const bottom = bars.length * rowHeight + 8
  const x = (value: number) => across(((value / max) * barPercent) / 100)
  return html`<svg height="${bottom + axisHeight}" role="img" aria-label="${name}"><g transform="translate(${left} 0)">
${axis(scale, x, bottom)}
<text class="unit" x="${across(barPercent / 200)}" y="${bottom + 38}" text-anchor="middle">${unit}</text>
${bars.map((bar, i) => {
  const top = i * rowHeight
  return html`<g><title>${bar.label}: ${shown(bar.value)} ${unit}</title>${bar.face && face(bar.face, -22, top + 23, 16)}<text class="label" x="0" y="${top + 17}">${clipped(bar.label)}</text><rect class="bar" rx="2" x="0" y="${top + 23}" width="${x(bar.value)}" height="14"/><text class="value" x="${x(bar.value)}" dx="5" y="${top + 34}">${shown(bar.value)}</text></g>
`
})}</g></svg>`
}

/** Lines across the bars with their values below; every other value gives way on a phone. */
function axis(scale: readonly number[], x: (value: number) => string, bottom: number): Html {
  return html`${scale.map((tick, i) => html`<line class="${i === 0 ? 'axis' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${bottom}"/><text class="tick${i % 2 === 1 && ' spare'}" x="${x(tick)}" y="${bottom + 18}" text-anchor="${i === 0 ? 'start' : 'middle'}">${shown(tick)}</text>`)}`
}

function face(each: { initials: string; picture: string | null }, x: number, y: number, radius: number): Html {
  // A background, set by the style sheet: where it does not load, nothing is drawn and the initials below it stay. An image
  // element would show the browser's own sign for a broken picture.
  const size = 2 * radius
  const picture = each.picture
    ? html`<foreignObject x="${x - radius}" y="${y - radius}" width="${size}" height="${size}"><div class="picture ${each.picture}"></div></foreignObject>`
    : null
  return html`<circle class="face" cx="${x}" cy="${y}" r="${radius}"/><text class="initials" x="${x}" y="${y + 4}" text-anchor="middle">${each.initials}</text>${picture}`
}

/** Columns over time: one for each period without gaps. `period` names the lower axis, `unit` the left one. */
export function timeChart(
  name: string,
  unit: string,
  period: string,
  points: readonly { readonly label: string; readonly value: number; readonly isPartial?: boolean }[],
): Html {
  const height = 180
  const top = 24
  const scale = ticks(
    points.map((point) => point.value),
    4,
  )
  const max = scale.at(-1)!
  const y = (value: number) => (top + height - (value / max) * height).toFixed(1)
  const x = (i: number) => across(i / points.length)
  const every = Math.max(1, Math.ceil(points.length / 8))
  // A label begins at its column; one of the last would not fit.
  const labelled = points.flatMap(({ label }, i) =>
    i % every === 0 && i + every <= points.length ? [{ label, i }] : [],
  )
  return html`<svg height="${top + height + axisHeight}" role="img" aria-label="${name}">
<text class="unit" x="0" y="10">${unit}</text>
${points.map((point, i) => html`<rect class="bar${point.isPartial && ' partial'}" x="${across((i + 0.1) / points.length)}" y="${y(point.value)}" width="${across(0.8 / points.length)}" height="${(top + height - Number(y(point.value))).toFixed(1)}"><title>${point.label}${point.isPartial && ' (partial)'}: ${shown(point.value)} ${unit}</title></rect>`)}
${scale.map((tick, i) => html`<line class="${i === 0 ? 'axis' : 'grid'}" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/>${i > 0 && html`<text class="tick over" x="2" y="${Number(y(tick)) - 3}">${shown(tick)}</text>`}`)}
${labelled.map(({ label, i }, each) => html`<text class="tick${(each % 2 === 1 || i / points.length > 0.75) && ' spare'}" x="${x(i)}" y="${top + height + 18}">${label}</text>`)}
<text class="unit" x="50%" y="${top + height + 38}" text-anchor="middle">${period}</text>
</svg>`
}

export interface Heat {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** `values[row][column]`; null: no cell, or a dashed one where `blank` says why. */
  readonly values: readonly (readonly (number | null)[])[]
  readonly rowName: string
  readonly columnName: string
  readonly unit: string
  /** The values of the lightest and the darkest step. Default: 0 and the largest value. */
  readonly from?: number
  readonly to?: number
  readonly blank?: string
}

/** Cells in steps of one colour, with a legend. Long names of columns stand upright; some give way on a phone. */
export function heatMap(name: string, heat: Heat): Html {
  const isUpright = heat.columns.some((column) => column.length > 2)
  const top = isUpright ? 92 : 40
  const size = heat.columns.length
  const rowSize = size > 26 ? 16 : 20
  const low = heat.from ?? 0
  const high = heat.to ?? Math.max(...heat.values.flat().map((value) => value ?? 0), low + 1e-9)
  const step = (value: number) =>
    Math.max(0, Math.min(heatSteps - 1, Math.floor(((value - low) / (high - low || 1)) * heatSteps)))
  const bottom = top + heat.rows.length * rowSize
  const x = (column: number) => across(((column / size) * heatPercent) / 100)
  const spare = isUpright ? size > 20 && 2 : 3
  return html`<svg height="${bottom + 66}" role="img" aria-label="${name}">
<text class="unit" x="0" y="12">${heat.rowName}</text>
<g transform="translate(${heatLeft} 0)">
<text class="unit" x="${across(heatPercent / 200)}" y="12" text-anchor="middle">${heat.columnName}</text>
${heat.columns.map((column, i) => html`<text class="tick${spare && i % spare > 0 && ' spare'}${isUpright && ' upright'}" x="${x(i + 0.5)}" y="${top - 6}"${!isUpright && html` text-anchor="middle"`}>${clipped(column, 9)}</text>`)}
${heat.rows.map(
  (
    row,
    r,
  ) => html`<text class="tick" x="-6" y="${top + (r + 0.5) * rowSize + 4}" text-anchor="end">${clipped(row, 9)}</text>
${heat.values[r]!.map((value, c) => (value === null && heat.blank === undefined ? null : html`<rect class="${value === null ? 'blank' : `h${step(value)}`}" x="${x(c)}" y="${top + r * rowSize}" width="${x(1)}" height="${rowSize}"><title>${row}, ${heat.columns[c]}: ${value === null ? heat.blank! : `${shown(value)} ${heat.unit}`}</title></rect>`))}
`,
)}</g>
${legend(heat, low, high, bottom)}
</svg>`
}

function legend({ unit, values, blank }: Heat, low: number, high: number, bottom: number): Html {
  const end = heatSteps * swatch
  const isMore = values.flat().some((value) => value !== null && value > high)
  return html`<text class="unit" x="0" y="${bottom + 20}">${unit}</text>
${Array.from({ length: heatSteps }, (_, i) => html`<rect class="h${i}" x="${i * swatch}" y="${bottom + 28}" width="${swatch}" height="14"/>`)}
<text class="tick" x="0" y="${bottom + 58}">${shown(low)}</text>
<text class="tick" x="${end}" y="${bottom + 58}" text-anchor="end">${shown(high)}${isMore && ' or more'}</text>
${blank && html`<rect class="blank" x="${end + 20}" y="${bottom + 29}" width="${swatch}" height="12"/><text class="unit" x="${end + 48}" y="${bottom + 40}">${blank}</text>`}`
}

/** Two or more shares of a whole, one bar each from 0 to 100 %, each below its label. */
export function shareChart(
  name: string,
  shares: readonly { readonly label: string; readonly share: number; readonly detail: string }[],
): Html {
  const bottom = shares.length * rowHeight + 8
  return html`<svg height="${bottom + axisHeight}" role="img" aria-label="${name}">
${shares.map((each, i) => {
  const top = i * rowHeight
  return html`<g><title>${each.label}: ${shown(each.share * 100)} %, ${each.detail}</title><text class="label" x="0" y="${top + 17}">${each.label}</text><text class="value" x="100%" y="${top + 17}" text-anchor="end">${shown(each.share * 100)} % · ${each.detail}</text><rect class="rest" rx="2" x="0" y="${top + 23}" width="100%" height="14"/><rect class="bar" rx="2" x="0" y="${top + 23}" width="${across(each.share)}" height="14"/></g>
`
})}
${[0, 25, 50, 75, 100].map((tick) => html`<text class="tick" x="${tick}%" y="${bottom + 18}" text-anchor="${tick === 0 ? 'start' : tick === 100 ? 'end' : 'middle'}">${tick}</text>`)}
<text class="unit" x="50%" y="${bottom + 38}" text-anchor="middle">percent</text>
</svg>`
}
