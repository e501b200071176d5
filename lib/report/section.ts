import { shown } from './charts.ts'
import { type Html, type HtmlValue, html } from './html.ts'

// What the line of links calls the sections; it has to fit one line.
export const shortTitles = {
  summary: 'In short',
  browse: 'Look closer',
  plays: 'Artists',
  listening: 'Listening',
  rare: 'Rare',
  songs: 'Songs',
  repertoire: 'Music',
  time: 'Time',
  hours: 'Hours',
  alike: 'Alike',
  stations: 'Stations',
  lives: 'Lives',
  enriched: 'Sources',
  quality: 'Quality',
  names: 'Names',
  own: 'Own tables',
  credits: 'Pictures',
}
export type SectionId = keyof typeof shortTitles

/** One part of the page. */
export interface Section {
  readonly id: SectionId
  readonly title: string
  readonly body: HtmlValue
}

export type Cell = string | number | Html | null

/** A chart with what it says in words and the table behind it. */
export function figure(
  chart: HtmlValue,
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  return html`<figure>
<figcaption>${caption}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="Chart: ${caption}">${chart}</div>
<details><summary>As a table<span class="unseen">: ${caption}</span></summary>
${table(caption, head, rows)}
</details>
</figure>`
}

export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: ${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((name, i) => html`<th scope="col"${typeof rows[0]?.[i] === 'number' ? html` class="n"` : null}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, i) => {
      const value = typeof cell === 'number' ? shown(cell) : cell
      if (i === 0) return html`<th scope="row">${isolated(value)}</th>`
      return typeof cell === 'number' ? html`<td class="n">${value}</td>` : html`<td>${isolated(value)}</td>`
    })}</tr>
`,
  )}</tbody>
</table></div>`
}

// Names in right-to-left scripts must not turn the cells around them.
function isolated(value: string | Html | null): HtmlValue {
  return typeof value === 'string' ? html`<bdi>${value}</bdi>` : value
}

export function empty(id: SectionId, title: string, why: string): Section {
  return { id, title, body: html`<p>${why}</p>` }
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function day(unix: number): string {
  return new Date(unix * 1000).toISOString().slice(0, 10)
}
