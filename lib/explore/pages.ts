import { createHash } from 'node:crypto'
import { Html, type HtmlValue, html } from '../report/index.ts'
import { count } from '../terminal.ts'
import { spellingsOf, stepsOf } from './explain.ts'
import type { Answer } from './operations.ts'
import { plain } from './render.ts'

/*
 * The pages as text. Whatever comes from the data goes through `html`, which escapes; the pages have no scripts at all, so that
 * even a hole in the escaping could run nothing.
 */

const style = `
:root{color-scheme:light dark;--line:light-dark(#ccd,#445);--soft:light-dark(#f4f5f9,#1d2029);--text:light-dark(#161a26,#e8eaf2);--link:light-dark(#1c4fc4,#8db4ff)}
body{margin:0 auto;max-width:90rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:light-dark(#fff,#12141b)}
a{color:var(--link)}nav{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;border-bottom:1px solid var(--line);padding-bottom:.5rem}
input,button{font:inherit;padding:.2rem .5rem}form{display:flex;gap:.5rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}
th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top;max-width:30rem;overflow-wrap:break-word}th,td.n{white-space:nowrap}
th{background:var(--soft)}td.n{text-align:right;font-variant-numeric:tabular-nums}td.null{opacity:.5}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
`.trim()

/** The policy under which our pages run: no script, no picture, nothing from elsewhere. */
export const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

function document(title: string, body: HtmlValue, search = ''): string {
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${style}</style>`
  return `${head}${html`<title>${title} – radio-plays</title></head><body>
<nav aria-label="Pages"><a href="/">Tables</a><a href="/review">Doubtful names</a><a href="/report">Report</a>
<form action="/search" role="search"><input name="q" value="${search}" aria-label="Search artists, songs and stations" required maxlength="200"><button>Search</button></form></nav>
<main><h1>${title}</h1>${body}</main></body></html>`}`
}

function link(path: string, query: Readonly<Record<string, string | number>>, text: HtmlValue): Html {
  return html`<a href="${address(path, query)}">${text}</a>`
}

function address(path: string, query: Readonly<Record<string, string | number>>): string {
  return `${path}?${new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]))}`
}

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
  return document(`Search: ${text}`, grid('Results', ['Kind', 'Name', 'Of', 'Plays'], rows), text)
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

export function reviewPage(pairs: Answer<'review'>): string {
  const rows = pairs.map(({ kind, verdict, a, b, artist, method, score, plays, why }) => [
    kind,
    a,
    verdict,
    kind === 'artist' ? link('/artist', { name: verdict === 'different' ? b : a }, b) : b,
    artist,
    method,
    score === null ? null : score.toFixed(3),
    plays,
    why,
  ])
  const header = ['Kind', 'A', 'Taken as', 'B', 'Artist', 'Method', 'Score', 'Plays', 'Why']
  return document(
    'Doubtful names',
    html`<p>Names that were taken as the same by more than equal letters, the riskiest first: where
      both sides are played most; then pairs that nearly were.
      What is wrong here goes into the overrides.</p>${grid('Doubtful names', header, rows)}`,
  )
}

export function errorPage(title: string, message: string, remedy: string | undefined): string {
  return document(title, html`<p>${message}</p>${remedy && html`<p>${remedy}</p>`}`)
}
