import { AppError } from '../../errors.ts'
import { type HtmlValue, html } from '../../report/index.ts'
import type { Filter } from '../../store/index.ts'
import { count } from '../../terminal.ts'
import { filterOf, sortOf } from '../actions.ts'
import { songLink, storedCell, tableAddress, timeMarkup, whereQuery } from '../cells.ts'
import { address, link } from '../document.ts'
import { resultOf } from '../render.ts'
import { clipped, type Grid, type View } from '../view.ts'
import { type Asked, given } from './asked.ts'

const pageRows = 50
/** CSV and JSON of a table: more is for `npm run export`. */
const dataRows = 5000
const facetValues = 200
const facetRows = 10
// Columns of few values, or whose values people look for first.
const telling =
  /^(callsign|artist_clean|song_clean|method|rule|reason|kind|level|verdict|version|first_play|repair_rule|source_file|outcome|job|provider|licence|country|act_type|match_method|\w*status)$/

/** The first page: totals, a search, the largest stations and artists, and all tables. */
export async function landingPage({ ask, database, timezone, clock }: Asked): Promise<View> {
  const { totals, stations, artists, counts } = await ask('overview', { limit: facetRows })
  const facts: [string, unknown][] = [
    ['plays', totals.plays],
    ['artists', totals.artists],
    ['songs', totals.songs],
    ['stations', totals.stations],
    ['first play', totals.firstPlayUnix],
    ['last play', totals.lastPlayUnix],
    ['repaired', totals.repaired],
    ['refused lines', totals.quarantined],
  ]
  const search = html`<form action="/search" class="large"><input name="q" aria-label="Search artists, songs and stations" placeholder="an artist, a song, a station" required maxlength="200"><button>Search</button></form>`
  const tables = Object.entries(counts).map(([table, rows]) => ({ table, rows }))
  const cell = storedCell(clock)
  const list = (name: string, caption: string, result: Grid['result']): Grid => ({
    ...{ name, caption, result },
    cell: (value, column, row) => cell(value, column, row, result.columns),
  })
  return {
    title: 'Overview',
    intro: html`<p>${database}. Times are in ${timezone}.</p>${search}`,
    grids: [
      {
        ...{ name: 'totals', caption: 'In all', result: { columns: ['what', 'value'], rows: facts, more: false } },
        cell: (value, column, row) =>
          column === 'value' && /^(first|last) play$/.test(String(row[0])) && value !== null
            ? timeMarkup(Number(value), clock)
            : undefined,
      },
      list('stations', 'Stations', stations),
      list('artists', 'Most played artists', artists),
      {
        ...{ name: 'tables', caption: 'Tables', result: resultOf(['table', 'rows'], tables) },
        cell: (value, column) =>
          column === 'table' ? link('/table', { name: String(value) }, String(value)) : undefined,
      },
    ],
  }
}

/** The filters of an address: `where=COLUMN=VALUE`, each; and `column`, `value`, `null`, of one that a form adds. */
function filtersOf({ url: { searchParams } }: Asked): readonly Filter[] {
  const column = searchParams.get('column')
  const value = searchParams.has('null') ? null : (searchParams.get('value') ?? '')
  return [...searchParams.getAll('where').map(filterOf), ...(column ? [{ column, value }] : [])]
}

/** Rows of a table, filtered and sorted. */
export async function tablePage(asked: Asked): Promise<View> {
  const { url, ask, clock, timezone } = asked
  const name = given(asked, 'name')
  const offset = Number(url.searchParams.get('offset') ?? 0)
  if (!Number.isSafeInteger(offset) || offset < 0) throw new AppError('usage', 'offset must be a whole number')
  const filters = filtersOf(asked)
  const sort = sortOf(url.searchParams.get('sort'))
  const limit = url.searchParams.has('format') ? dataRows : pageRows
  const result = await ask('rows', { table: name, offset, limit, filters, sort })
  const where = filters.map(({ column, value }) => [column, value] as const)
  const sorted = sort === undefined ? {} : { sort: `${sort.descending ? '-' : ''}${sort.column}` }
  const to = (text: HtmlValue, more: Record<string, string | number>, some = where) =>
    html`<a href="${tableAddress(name, some, more)}">${text}</a>`
  const active = filters.map(({ column, value }, i) => {
    const others = where.filter((_, at) => at !== i)
    return html`<li>${column} is ${value ?? 'null'} ${to('remove', sorted, others)}</li>`
  })
  const from =
    result.rows.length === 0 ? 'No rows.' : `Rows ${count(offset + 1)} to ${count(offset + result.rows.length)}.`
  const facets = result.columns.filter(
    (column) => telling.test(column) && !filters.some((each) => each.column === column),
  )
  const facetsOf = (column: string, text: string) =>
    html`<a href="${facetsAddress(name, column, where)}" title="values of ${column}">${text}</a>`
  const cell = storedCell(clock)
  return {
    title: name,
    intro: html`${active.length > 0 && html`<p>Only where</p><ul>${active}</ul>`}${filterForm(name, result.columns, where, sorted)}
      ${facets.length > 0 && html`<p>Values of ${facets.map((column, i) => html`${i > 0 && ' · '}${facetsOf(column, column)}`)}</p>`}
      <p>${from} ${offset > 0 && to('Before', { ...sorted, offset: Math.max(0, offset - pageRows) })} ${result.more && to('Next', { ...sorted, offset: offset + pageRows })}
      Times are in ${timezone}. A column’s name sorts, its ▾ shows its values.</p>`,
    grids: [
      {
        ...{ name, caption: name, result },
        head: (column) => {
          const isUp = sort?.column === column && !sort.descending
          const arrow = sort?.column === column ? (sort.descending ? ' ↓' : ' ↑') : ''
          return html`${to(`${column}${arrow}`, { sort: isUp ? `-${column}` : column })} ${facetsOf(column, '▾')}`
        },
        cell: (value, column, row) => cell(value, column, row, result.columns),
      },
    ],
  }
}

type Where = readonly (readonly [string, string | null])[]

function filterForm(name: string, columns: readonly string[], where: Where, sorted: Record<string, string>): HtmlValue {
  const kept = where.map(([column, value]) => html`<input type="hidden" name="where" value="${column}=${value}">`)
  const hidden = Object.entries(sorted).map(
    ([key, value]) => html`<input type="hidden" name="${key}" value="${value}">`,
  )
  return html`<form action="/table"><input type="hidden" name="name" value="${name}">${kept}${hidden}<select name="column" aria-label="Column">${columns.map((column) => html`<option>${column}</option>`)}</select> is <input name="value" aria-label="Value"><button>Filter</button></form>`
}

function facetsAddress(table: string, column: string, where: Where): string {
  const query = whereQuery(where)
  const rest = address('/facets', { table, column })
  return query.size === 0 ? rest : `${rest}&${query}`
}

/** The values of a column with their numbers. */
export async function facetsPage(asked: Asked): Promise<View> {
  const [table, column] = [given(asked, 'table'), given(asked, 'column')]
  const where = asked.url.searchParams.getAll('where').map(filterOf)
  const { values, more } = await asked.ask('facets', { table, column, limit: facetValues, filters: where })
  const pairs = where.map((each) => [each.column, each.value] as const)
  const only = where.map((each) => `${each.column} is ${each.value ?? 'null'}`).join(', ')
  return {
    title: `${table}: ${column}`,
    intro: html`${only !== '' && html`<p>Only where ${only}.</p>`}${more && html`<p>The ${values.length} most frequent values.</p>`}`,
    grids: [
      {
        ...{ name: column, caption: column, result: resultOf(['value', 'rows'], values, more) },
        cell: (value, of) =>
          of === 'value' &&
          html`<a href="${tableAddress(table, [...pairs, [column, value === null ? null : String(value)]])}">${value === null ? '–' : clipped(String(value))}</a>`,
      },
    ],
  }
}

/** Names that contain a text. */
export async function searchPage(asked: Asked): Promise<View> {
  const text = given(asked, 'q').slice(0, 200)
  const hits = await asked.ask('search', { text, limit: 100 })
  const result = resultOf(['kind', 'name', 'of', 'plays'], hits)
  return {
    title: `Search: ${text}`,
    search: text,
    grids: [
      {
        ...{ name: 'results', caption: 'Results', result },
        cell: (value, column, [kind, name, of]) => {
          if (column === 'of' && value !== null) return link('/artist', { name: String(value) }, String(value))
          if (column !== 'name') return undefined
          if (kind === 'song') return songLink(String(of), String(name))
          return link(kind === 'station' ? '/station' : '/artist', { name: String(name) }, String(name))
        },
      },
    ],
  }
}
