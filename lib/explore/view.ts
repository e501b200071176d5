import { formulaSafe } from '../export/index.ts'
import { Html, type HtmlValue, html } from '../report/index.ts'
import { count } from '../terminal.ts'
import { document, policyWith } from './document.ts'
import { plain, type Result, rendered } from './render.ts'
import type { Reply } from './reply.ts'

/** A table of a page; its values are what CSV and JSON give. */
export interface Grid {
  /** In addresses: `part=`. */
  readonly name: string
  readonly caption: string
  readonly result: Result
  /** How a value is shown; undefined: as text. */
  readonly cell?: (value: unknown, column: string, row: readonly unknown[]) => HtmlValue
  /** How the name of a column is shown. Default: as it is. */
  readonly head?: (column: string) => HtmlValue
  /** Above the table. */
  readonly note?: HtmlValue
}

/** What a page shows, before it is markup, CSV or JSON. */
export interface View {
  readonly title: string
  readonly intro?: HtmlValue
  readonly grids: readonly Grid[]
  readonly search?: string
  /** Hosts of the pictures of the page. */
  readonly pictures?: readonly string[]
  /** Of a page that says what went wrong. Default: 200. */
  readonly status?: number
}

/** The page, or with `format=csv` or `format=json` its data: of the table that `part` names, else of the first or of all. */
export function viewReply(view: View, url: URL): Reply {
  const format = url.searchParams.get('format')
  const named = view.grids.find(({ name }) => name === url.searchParams.get('part'))
  const single = named ?? (view.grids.length === 1 ? view.grids[0] : undefined)
  const status = view.status ?? 200
  if (format === 'json') {
    const parts = view.grids.map(({ name, result }) => [name, JSON.parse(rendered(result, 'json'))])
    const all = () => JSON.stringify({ version: 1, title: view.title, parts: Object.fromEntries(parts) })
    return { status, body: single === undefined ? all() : rendered(single.result, 'json'), type: 'application/json' }
  }
  const first = single ?? view.grids[0]
  if (format === 'csv' && first !== undefined) return { status, ...csvReply(first) }
  const body = html`${view.intro}${view.grids.map((grid) => gridMarkup(grid, url, view.grids.length > 1))}`
  return {
    status,
    body: document(view.title, body, view.search === undefined ? {} : { search: view.search }),
    ...(view.pictures?.length ? { policy: policyWith(undefined, view.pictures) } : {}),
  }
}

/** A spreadsheet opens a download by a click, and would run what looks like a formula. */
function csvReply({ name, result }: Grid): Omit<Reply, 'status'> {
  const rows = result.rows.map((row) => row.map((value) => (typeof value === 'string' ? formulaSafe(value) : value)))
  const headers = { 'content-disposition': `attachment; filename="${name.replace(/[^\w-]/g, '_')}.csv"` }
  return { body: `${rendered({ ...result, rows }, 'csv')}\r\n`, type: 'text/csv', headers }
}

function gridMarkup(grid: Grid, url: URL, hasTitle: boolean): Html {
  const { name, caption, result, note, head = (column: string) => column, cell } = grid
  const other = (format: string) => {
    const to = new URL(url)
    to.searchParams.set('format', format)
    to.searchParams.set('part', name)
    return html`<a href="${to.pathname}${to.search}">${format.toUpperCase()}</a>`
  }
  const title = hasTitle && html`<h2>${caption}</h2>`
  if (result.rows.length === 0) return html`${title}${note}<p>Nothing.</p>`
  const shown = (value: unknown, i: number, row: readonly unknown[]) => {
    const markup = cell?.(value, result.columns[i]!, row)
    return markup instanceof Html || typeof markup === 'string' ? html`<td>${markup}</td>` : cellMarkup(value)
  }
  return html`${title}${note}<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${result.columns.map(
    (column) => html`<th scope="col">${head(column)}</th>`,
  )}</tr></thead><tbody>${result.rows.map(
    (row) => html`<tr>${row.map((value, i) => shown(value, i, row))}</tr>`,
  )}</tbody></table></div><p class="as">${result.more && 'There are more. '}As ${other('csv')} · ${other('json')}</p>`
}

function cellMarkup(value: unknown): Html {
  if (value === null || value === undefined) return html`<td class="null">–</td>`
  if (typeof value === 'number' && Number.isInteger(value)) return html`<td class="n">${count(value)}</td>`
  if (typeof value === 'bigint') return html`<td class="n">${count(value)}</td>`
  if (typeof value === 'number') return html`<td class="n">${String(value)}</td>`
  return html`<td>${clipped(plain(value))}</td>`
}

/** As much of a text as a cell shows. */
export function clipped(text: string): string {
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}
