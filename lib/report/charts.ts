import { displayWidth } from '../terminal.ts'
import { type Html, html } from './html.ts'

/** A bar of a ranking. */
export interface Bar {
  readonly label: string
  readonly value: number
  /** Shown in a circle before the label: a picture by its class in the style sheet, or initials where there is none. */
  readonly face?: { readonly initials: string; readonly picture: string | null }
}

const width = 760
const rowHeight = 26
const faceRowHeight = 36
const axisHeight = 44
const labelCharacters = 36
// Of the widest usual face at 12 px, so that no label is cut; a column of narrow letters leaves some room.
const characterWidth = 6.9
const heatSteps = 9

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

/** A number for an axis or a cell: `12,500`, `0.25`. */
export function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 })
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

/** Horizontal bars, longest first as given, with a value axis below. `unit` names the axis. */
export function barChart(name: string, unit: string, bars: readonly Bar[]): Html {
  const faces = bars.some((bar) => bar.face)
  const height = faces ? faceRowHeight : rowHeight
  const widest = Math.max(...bars.map((bar) => displayWidth(clipped(bar.label))), 8)
  const left = Math.ceil(widest * characterWidth) + (faces ? 56 : 16)
  const right = 60
  const scale = ticks(bars.map((bar) => bar.value))
  const max = scale.at(-1)!
  const plot = width - left - right
  const bottom = bars.length * height + 8
  const x = (value: number) => left + (value / max) * plot
  return html`<svg viewBox="0 0 ${width} ${bottom + axisHeight}" role="img" aria-label="${name}">
${scale.map((tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${bottom}"/><text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${shown(tick)}</text>`)}
<line class="axis" x1="${left}" x2="${left}" y1="4" y2="${bottom}"/>
<text class="unit" x="${left + plot / 2}" y="${bottom + 36}" text-anchor="middle">${unit}</text>
${bars.map((bar, i) => {
  const middle = 4 + i * height + height / 2
  const size = Math.min(20, height - 10)
  return html`<g><title>${bar.label}: ${shown(bar.value)} ${unit}</title>${bar.face && face(bar.face, left - 26, middle, 16)}<text class="label" x="${left - (faces ? 50 : 8)}" y="${middle + 4}" text-anchor="end">${clipped(bar.label)}</text><rect class="bar" rx="2" x="${left}" y="${middle - size / 2}" width="${Math.max(1, x(bar.value) - left).toFixed(1)}" height="${size}"/><text class="value" x="${(x(bar.value) + 5).toFixed(1)}" y="${middle + 4}">${shown(bar.value)}</text></g>
`
})}</svg>`
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
  const left = 70
  const height = 180
  const top = 12
  const plot = width - left - 20
  const scale = ticks(
    points.map((point) => point.value),
    4,
  )
  const max = scale.at(-1)!
  const y = (value: number) => top + height - (value / max) * height
  const step = plot / Math.max(1, points.length)
  const every = Math.max(1, Math.ceil(points.length / 8))
  return html`<svg viewBox="0 0 ${width} ${top + height + axisHeight}" role="img" aria-label="${name}">
${scale.map((tick) => html`<line class="grid" x1="${left}" x2="${left + plot}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${shown(tick)}</text>`)}
<text class="unit" x="16" y="${top + height / 2}" text-anchor="middle" transform="rotate(-90 16 ${top + height / 2})">${unit}</text>
${points.map((point, i) => html`<rect class="bar${point.isPartial && ' partial'}" rx="${step > 12 ? 2 : 0}" x="${(left + i * step + step * 0.1).toFixed(1)}" y="${y(point.value).toFixed(1)}" width="${Math.max(0.5, step * 0.8).toFixed(1)}" height="${(top + height - y(point.value)).toFixed(1)}"><title>${point.label}${point.isPartial && ' (partial)'}: ${shown(point.value)} ${unit}</title></rect>`)}
${points.map((point, i) => (i % every === 0 ? html`<text class="tick" x="${(left + (i + 0.5) * step).toFixed(1)}" y="${top + height + 16}" text-anchor="middle">${point.label}</text>` : null))}
<line class="axis" x1="${left}" x2="${left + plot}" y1="${top + height}" y2="${top + height}"/>
<text class="unit" x="${left + plot / 2}" y="${top + height + 36}" text-anchor="middle">${period}</text>
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

/** Cells in steps of one colour, with a legend. Column labels stand upright where there is room for them, else aslant. */
export function heatMap(name: string, heat: Heat): Html {
  const left = 96
  const slanted = heat.columns.some((column) => column.length > 2)
  const top = slanted ? 62 : 34
  const cell = Math.min(26, (width - left - 12) / heat.columns.length)
  const rowSize = Math.min(22, Math.max(14, cell))
  const low = heat.from ?? 0
  const high = heat.to ?? Math.max(...heat.values.flat().map((value) => value ?? 0), low + 1e-9)
  const step = (value: number) =>
    Math.max(0, Math.min(heatSteps - 1, Math.floor(((value - low) / (high - low || 1)) * heatSteps)))
  const bottom = top + heat.rows.length * rowSize
  const plot = heat.columns.length * cell
  return html`<svg viewBox="0 0 ${width} ${bottom + 52}" role="img" aria-label="${name}">
<text class="unit" x="${left + plot / 2}" y="12" text-anchor="middle">${heat.columnName}</text>
<text class="unit" x="8" y="${top - 6}">${heat.rowName}</text>
${heat.columns.map((column, i) => {
  const x = left + (i + 0.5) * cell
  return slanted
    ? html`<text class="tick" x="${x.toFixed(1)}" y="${top - 6}" transform="rotate(-45 ${x.toFixed(1)} ${top - 6})">${column}</text>`
    : html`<text class="tick" x="${x.toFixed(1)}" y="${top - 6}" text-anchor="middle">${column}</text>`
})}
${heat.rows.map(
  (
    row,
    r,
  ) => html`<text class="tick" x="${left - 8}" y="${(top + (r + 0.5) * rowSize + 4).toFixed(1)}" text-anchor="end">${clipped(row, 12)}</text>
${heat.values[r]!.map((value, c) => (value === null && heat.blank === undefined ? null : html`<rect class="${value === null ? 'blank' : `h${step(value)}`}" x="${(left + c * cell + 0.5).toFixed(1)}" y="${(top + r * rowSize + 0.5).toFixed(1)}" width="${(cell - 1).toFixed(1)}" height="${(rowSize - 1).toFixed(1)}"><title>${row}, ${heat.columns[c]}: ${value === null ? heat.blank! : `${shown(value)} ${heat.unit}`}</title></rect>`))}
`,
)}
${Array.from({ length: heatSteps }, (_, i) => html`<rect class="h${i}" x="${left + i * 26}" y="${bottom + 14}" width="26" height="12"/>`)}
<text class="tick" x="${left}" y="${bottom + 42}">${shown(low)}</text>
<text class="tick" x="${left + heatSteps * 26}" y="${bottom + 42}" text-anchor="end">${shown(high)}${heat.values.flat().some((value) => value !== null && value > high) ? ' or more' : ''}</text>
<text class="unit" x="${left + heatSteps * 26 + 12}" y="${bottom + 25}">${heat.unit}</text>
${heat.blank && html`<rect class="blank" x="${width - 150}" y="${bottom + 14}" width="25" height="12"/><text class="unit" x="${width - 118}" y="${bottom + 25}">${heat.blank}</text>`}
</svg>`
}

/** Two or more shares of a whole, one bar each from 0 to 100 %. */
export function shareChart(
  name: string,
  shares: readonly { readonly label: string; readonly share: number; readonly detail: string }[],
): Html {
  const widest = Math.max(...shares.map(({ label }) => displayWidth(label)), 8)
  const left = Math.ceil(widest * characterWidth) + 16
  const plot = width - left - 190
  const bottom = shares.length * rowHeight + 8
  const x = (share: number) => left + share * plot
  return html`<svg viewBox="0 0 ${width} ${bottom + axisHeight}" role="img" aria-label="${name}">
${[0, 0.25, 0.5, 0.75, 1].map((tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${bottom}"/><text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick * 100}</text>`)}
<text class="unit" x="${left + plot / 2}" y="${bottom + 36}" text-anchor="middle">percent</text>
${shares.map((each, i) => {
  const y = 4 + i * rowHeight
  return html`<g><title>${each.label}: ${shown(each.share * 100)} %, ${each.detail}</title><text class="label" x="${left - 8}" y="${y + 17}" text-anchor="end">${each.label}</text><rect class="rest" rx="2" x="${left}" y="${y + 6}" width="${plot}" height="14"/><rect class="bar" rx="2" x="${left}" y="${y + 6}" width="${(each.share * plot).toFixed(1)}" height="14"/><text class="value" x="${left + plot + 8}" y="${y + 17}">${shown(each.share * 100)} % · ${each.detail}</text></g>
`
})}
<line class="axis" x1="${left}" x2="${left}" y1="4" y2="${bottom}"/>
</svg>`
}
