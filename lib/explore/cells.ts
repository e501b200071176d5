import { type HtmlValue, html } from '../report/index.ts'
import { localText, type ZoneClock } from '../stations/index.ts'
import { address, link } from './document.ts'
import { clipped } from './view.ts'

/** A moment as people read it, in the zone of the pages. */
export function timeMarkup(unix: number, clock: ZoneClock): HtmlValue {
  const second = String(((unix % 60) + 60) % 60).padStart(2, '0')
  return html`<time datetime="${new Date(unix * 1000).toISOString()}">${localText(clock(unix))}:${second}</time>`
}

/** The cell of a stored column: times as times, and names, ids and stations as links to their pages. */
export function storedCell(clock: ZoneClock) {
  return (value: unknown, column: string, row: readonly unknown[], columns: readonly string[]): HtmlValue => {
    if (value === null || value === undefined || value === '') return undefined
    if (column.endsWith('_unix')) return timeMarkup(Number(value), clock)
    if (typeof value !== 'string') return undefined
    if (column === 'unique_id') return link('/play', { id: value }, value)
    if (column === 'callsign') return link('/station', { name: value }, value)
    if (/^(artist_clean|raw_artist|artist_name)$/.test(column)) return link('/artist', { name: value }, clipped(value))
    const artist = row[columns.indexOf('artist_clean')]
    if (column === 'song_clean' && typeof artist === 'string') return songLink(artist, value)
    return undefined
  }
}

/** A link to the page of a song. */
export function songLink(artist: string, title: string): HtmlValue {
  return link('/song', { artist, title }, clipped(title))
}

/** A link to rows of a table. */
export function rowsLink(table: string, where: Readonly<Record<string, string>>, text: string): HtmlValue {
  return html`<a href="${tableAddress(table, Object.entries(where))}">${text}</a>`
}

/** The address of rows of a table: `where` once for each filter, as on the command line. */
export function tableAddress(
  table: string,
  where: readonly (readonly [column: string, value: string | null])[],
  more: Readonly<Record<string, string | number>> = {},
): string {
  const query = whereQuery(where)
  const rest = address('/table', { name: table, ...more })
  return query.size === 0 ? rest : `${rest}&${query}`
}

/** Filters as parameters of an address. */
export function whereQuery(where: readonly (readonly [column: string, value: string | null])[]): URLSearchParams {
  return new URLSearchParams(where.map(([column, value]): [string, string] => ['where', `${column}=${value ?? ''}`]))
}
