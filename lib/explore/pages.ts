import { Html, type HtmlValue, html } from '../report/index.ts'
import { count } from '../terminal.ts'
import { document, link } from './document.ts'
import { spellingsOf, stepsOf } from './explain.ts'
import type { Answer } from './operations.ts'
import { plain } from './render.ts'

/* The pages as text. */

function grid(caption: string, header: readonly HtmlValue[], rows: readonly (readonly unknown[])[]): Html {
  if (rows.length === 0) return html`<p>Nothing.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${header.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>`
}

function cell(value: unknown): Html {
  if (value === null || value === undefined) return html`<td class="null">–</td>`
  if (typeof value === 'number' || typeof value === 'bigint') return html`<td class="n">${count(value)}</td>`
  return html`<td>${value instanceof Html ? value : clip(plain(value))}</td>`
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}

export function tablesPage(counts: Answer<'counts'>, database: string): string {
  const rows = Object.entries(counts).map(([name, rows]) => [link('/table', { name }, name), rows])
  return document('Tables', html`<p>${database}, read only.</p>${grid('Tables', ['Table', 'Rows'], rows)}`)
}

export interface TablePage {
  readonly name: string
  readonly offset: number
  readonly pageRows: number
  readonly filter: { readonly column: string; readonly value: string | null } | undefined
}

export function tablePage(page: TablePage, { columns, rows, more }: Answer<'rows'>): string {
  const { name, offset, pageRows, filter } = page
  const kept: Record<string, string> = filter
    ? { column: filter.column, ...(filter.value === null ? { null: '1' } : { value: filter.value }) }
    : {}
  const turn = (to: number, text: string) => link('/table', { name, ...kept, offset: to }, text)
  const shown = rows.map((row) => row.map((value, i) => linked(name, columns[i]!, value)))
  const header = columns.map((column) => link('/facets', { table: name, column }, column))
  const only =
    filter && html`<p>Only where ${filter.column} is ${filter.value ?? 'null'}. ${link('/table', { name }, 'All')}</p>`
  const from = rows.length === 0 ? 'No rows.' : `Rows ${count(offset + 1)} to ${count(offset + rows.length)}.`
  return document(
    name,
    html`${only}<p>${from} ${offset > 0 && turn(Math.max(0, offset - pageRows), 'Before')} ${more && turn(offset + pageRows, 'Next')}</p><p>A column’s name leads to its values and their numbers.</p>${grid(name, header, shown)}`,
  )
}

function linked(table: string, column: string, value: unknown): unknown {
  // A moment in seconds is not an amount: its digits are not grouped.
  if (column.endsWith('_unix')) return plain(value)
  if (typeof value !== 'string' || value === '') return value
  if (column === 'unique_id') return link('/play', { id: value }, value)
  if (/^(artist_clean|raw_artist|artist_name)$/.test(column)) return link('/artist', { name: value }, clip(value))
  if (column === 'callsign' && table !== 'plays') return link('/table', { name: 'plays', column, value }, value)
  return value
}

export function facetsPage(table: string, column: string, { values, more }: Answer<'facets'>): string {
  const rows = values.map(({ value, rows }) => [
    link(
      '/table',
      { name: table, column, ...(value === null ? { null: 1 } : { value }) },
      value === null ? '–' : clip(String(value)),
    ),
    rows,
  ])
  const note = more && html`<p>The ${values.length} most frequent values.</p>`
  return document(`${table}: ${column}`, html`${note}${grid(column, [column, 'Rows'], rows)}`)
}

export function searchPage(text: string, hits: Answer<'search'>): string {
  const rows = hits.map(({ kind, name, of, plays }) => {
    const target =
      kind === 'station'
        ? link('/table', { name: 'plays', column: 'callsign', value: name }, name)
        : link('/artist', { name: kind === 'song' ? (of ?? name) : name }, name)
    return [kind, target, of, plays]
  })
  return document(`Search: ${text}`, grid('Results', ['Kind', 'Name', 'Of', 'Plays'], rows), { search: text })
}

export function artistPage(name: string, explained: Answer<'artist'>): string {
  const body = explained.map(({ artist, lookup, spellings }) => {
    const facts = [
      ['plays', artist.plays],
      ['songs', artist.songs],
      ['stations', artist.stations],
      ['known elsewhere as', lookup?.artist_lastfm ?? lookup?.canonical_name ?? null],
      ['MusicBrainz id', lookup?.mbid ?? null],
    ]
    const { columns, rows } = spellingsOf([{ artist, lookup, spellings }])
    return html`<h2>${artist.artist_clean}</h2>${grid('Facts', ['What', 'Value'], facts)}<p>${link('/table', { name: 'plays', column: 'artist_clean', value: artist.artist_clean }, 'Plays')} · ${link('/table', { name: 'songs', column: 'artist_clean', value: artist.artist_clean }, 'Songs')}</p><h3>Spellings, and why they are this artist</h3>${grid('Spellings', columns, rows)}`
  })
  return document(`Artist: ${name}`, explained.length === 0 ? html`<p>No artist has this name.</p>` : body)
}

export function playPage(id: string, explained: Answer<'play'>): string {
  if (explained === null) return document(`Play ${id}`, html`<p>No play has this id.</p>`)
  const steps = stepsOf(explained).map(({ step, artist, song, how }) => [step, artist, song, how])
  return document(`Play ${id}`, grid('Steps', ['Step', 'Artist', 'Song', 'How'], steps))
}

export function errorPage(title: string, message: string, remedy: string | undefined): string {
  return document(title, html`<p>${message}</p>${remedy && html`<p>${remedy}</p>`}`)
}
