import { createHash } from 'node:crypto'
import { type Bar, barChart, heatMap, shareChart, shown, timeChart } from './charts.ts'
import type { ArtistPicture, RankedArtist, ReportData } from './gather.ts'
import { cssUrl, type Html, type HtmlValue, html, safeUrl } from './html.ts'
import { stylesheet } from './style.ts'

export interface PageOptions {
  /** Whether pictures are linked. Default: true; false asks no other machine for anything. */
  readonly pictures?: boolean
  /** Where the figures come from, for the last lines: database, run, version. */
  readonly origin?: readonly { readonly name: string; readonly value: string }[]
}

const reportMark = 'radio-plays report'

/** Whether a file that begins with these bytes is a report that we made. */
export function isReport(start: Buffer): boolean {
  const text = start.toString()
  // Versions before the mark had this title.
  return /^<!doctype html>/i.test(text) && (text.includes(reportMark) || text.includes('<title>Radio plays: '))
}

/**
 * The report as one HTML page: no script, no outside request but the pictures.
 *
 * Whatever the data holds is shown as text. The content policy allows the page's own style sheet and the hosts of the pictures
 * that it shows, nothing else. The same data gives the same bytes.
 */
export function renderReport(data: ReportData, options: PageOptions = {}): string {
  const withPictures = options.pictures ?? true
  const artists = [...data.topByPlays, ...data.topByListening, ...data.bottomByPlays]
  const shownPictures = new Map<string, ArtistPicture & { readonly address: string; readonly className: string }>()
  if (withPictures) {
    for (const { artist, picture } of artists) {
      const address = safeUrl(picture?.url)
      if (picture && address && !shownPictures.has(artist)) {
        shownPictures.set(artist, { ...picture, address, className: `p${shownPictures.size}` })
      }
    }
  }
  const hosts = [...new Set([...shownPictures.values()].map((picture) => new URL(picture.address).origin))].sort()
  const pictureRules = [...shownPictures.values()].map(
    ({ className, address }) => `.${className}{background-image:${cssUrl(address)}}`,
  )
  const style = [stylesheet.trim(), ...pictureRules].join('\n')
  const styleHash = createHash('sha256').update(style).digest('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    ...(hosts.length > 0 ? [`img-src ${hosts.join(' ')}`] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const sections = [
    summary(data),
    ranking(
      'plays',
      'Most played artists',
      'most plays',
      data.topByPlays,
      'plays',
      (each) => each.plays,
      shownPictures,
    ),
    data.topByListening.length > 0
      ? ranking(
          'listening',
          'Most listened-to artists',
          'most hours',
          data.topByListening,
          'hours',
          (each) => each.listenedMs / 3_600_000,
          shownPictures,
          listeningNote(data),
        )
      : empty(
          'listening',
          'Most listened-to artists',
          'No song has a known duration yet. npm run job:enrich looks them up.',
        ),
    ranking(
      'least',
      'Least played artists',
      'fewest plays',
      data.bottomByPlays,
      'plays',
      (each) => each.plays,
      shownPictures,
    ),
    songs(data),
    overTime(data),
    heat(data),
    alike(data),
    enriched(data),
    quality(data),
    names(data),
    credits(shownPictures, withPictures),
  ]
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${reportMark}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Radio plays: ${period(data)}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the figures</a>
<header>
<h1>Radio plays</h1>
<p>${headline(data)}</p>
</header>
<nav aria-label="Contents"><ul>${sections.map(({ id }) => html`<li><a href="#${id}">${shortTitles[id]}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${sections.map(
  ({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}</main>
<footer>
${options.origin && options.origin.length > 0 && html`<dl>${options.origin.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
<p>Times are in ${data.timezone}. This page runs no script and asks no other machine for anything${hosts.length > 0 ? html` but for pictures from ${hosts.join(', ')}` : null}.</p>
</footer>
</body>
</html>
`
  return page.toString()
}

// What the line of links calls the sections; it has to fit one line.
const shortTitles = {
  summary: 'In short',
  plays: 'Artists',
  listening: 'Listening',
  least: 'Least played',
  songs: 'Songs',
  time: 'Time',
  hours: 'Hours',
  alike: 'Alike',
  enriched: 'Sources',
  quality: 'Quality',
  names: 'Names',
  credits: 'Pictures',
}
type SectionId = keyof typeof shortTitles

interface Section {
  readonly id: SectionId
  readonly title: string
  readonly body: HtmlValue
}

// The style sheet is ours and must not be escaped; `html` has no other way in.
function trusted(text: string): Html {
  return html(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray)
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function day(unix: number): string {
  return new Date(unix * 1000).toISOString().slice(0, 10)
}

function period({ totals: { firstUnix, lastUnix } }: ReportData): string {
  if (firstUnix === null || lastUnix === null) return 'no plays'
  return day(firstUnix) === day(lastUnix) ? day(firstUnix) : `${day(firstUnix)} to ${day(lastUnix)}`
}

/** The page in one sentence. */
function headline(data: ReportData): string {
  const { stations, artists, songs, plays } = data.totals
  const few = (count: number, what: string) => `${number(count)} ${what}${count === 1 ? '' : 's'}`
  return `${period(data)}: ${few(stations, 'station')} played ${few(songs, 'song')} by ${few(artists, 'artist')}, ${few(plays, 'play')} in all.`
}

type Cell = string | number | Html | null

/** A chart with what it says in words and the table behind it. */
function figure(chart: HtmlValue, caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<figure>
<figcaption>${caption}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="Chart: ${caption}">${chart}</div>
<details><summary>As a table<span class="unseen">: ${caption}</span></summary>
${table(caption, head, rows)}
</details>
</figure>`
}

function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
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

function empty(id: SectionId, title: string, why: string): Section {
  return { id, title, body: html`<p>${why}</p>` }
}

function summary({ totals, methods }: ReportData): Section {
  const spellings = methods.reduce((sum, each) => sum + each.names, 0)
  const tiles: readonly [string, string][] = [
    ['plays', number(totals.plays)],
    ['artists', number(totals.artists)],
    ['songs', number(totals.songs)],
    ['stations', number(totals.stations)],
    ['hours of music', totals.listenedMs > 0 ? number(totals.listenedMs / 3_600_000) : '–'],
    ['spellings of artists', number(spellings)],
    ['rows repaired', number(totals.repaired)],
    ['rows refused', number(totals.quarantined)],
  ]
  return {
    id: 'summary',
    title: 'In short',
    body: html`<dl class="tiles">${tiles.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
  }
}

function ranking(
  id: SectionId,
  title: string,
  by: string,
  artists: readonly RankedArtist[],
  unit: string,
  value: (artist: RankedArtist) => number,
  pictures: ReadonlyMap<string, { readonly className: string }>,
  note?: string,
): Section {
  if (artists.length === 0) return empty(id, title, 'There are no plays.')
  const bars: Bar[] = artists.map((each) => ({
    label: each.artist,
    value: value(each),
    face: { initials: initials(each.artist), picture: pictures.get(each.artist)?.className ?? null },
  }))
  const caption = `The ${artists.length} artists with the ${by}`
  const rows = artists.map((each, i) => [
    each.artist,
    i + 1,
    each.plays,
    each.songs,
    each.stations,
    Math.round(each.listenedMs / 36_000) / 100,
  ])
  return {
    id,
    title,
    body: html`${note && html`<p>${note}</p>`}${figure(barChart(caption, unit, bars), caption, ['Artist', 'Rank', 'Plays', 'Songs', 'Stations', 'Hours'], rows)}`,
  }
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** One or two letters for an artist: the first of the first and the last word that has one. */
export function initials(name: string): string {
  const words = name
    .split(/[\s/&,.-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word) && !/^(the|and|feat)$/i.test(word))
  const firsts = (words.length > 1 ? [words[0]!, words.at(-1)!] : words).map(
    (word) => segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? '',
  )
  return firsts.join('').toUpperCase() || '?'
}

function listeningNote({ enriched }: ReportData): string {
  const known = enriched.find((each) => each.what === 'plays of songs with a duration')
  return known && known.of > 0
    ? `Plays times duration. Durations are known for ${shown((known.found / known.of) * 100)} % of the plays; the others count as nothing.`
    : ''
}

function songs({ topSongs }: ReportData): Section {
  const title = 'Most played songs'
  if (topSongs.length === 0) return empty('songs', title, 'There are no plays.')
  const bars = topSongs.map((each) => ({ label: `${each.song} – ${each.artist}`, value: each.plays }))
  const caption = `The ${topSongs.length} songs with the most plays`
  const rows = topSongs.map((each, i) => [each.song, each.artist, i + 1, each.plays, each.stations])
  return {
    id: 'songs',
    title,
    body: figure(barChart(caption, 'plays', bars), caption, ['Song', 'Artist', 'Rank', 'Plays', 'Stations'], rows),
  }
}

function overTime({ overTime: { unit, points }, timezone }: ReportData): Section {
  const title = 'Plays over time'
  if (points.length === 0) return empty('time', title, 'There are no plays.')
  const caption = `Plays by ${unit}`
  const chart = timeChart(
    caption,
    'plays',
    `${unit} (${timezone})`,
    points.map((point) => ({ label: point.label, value: point.plays })),
  )
  return {
    id: 'time',
    title,
    body: figure(
      chart,
      caption,
      [unit === 'week' ? 'Week from' : unit === 'day' ? 'Day' : 'Hour', 'Plays'],
      points.map((point) => [point.label, point.plays]),
    ),
  }
}

function heat({ heat: each, timezone }: ReportData): Section {
  const title = 'Stations by hour of the day'
  if (each.stations.length === 0) return empty('hours', title, 'There are no plays.')
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour))
  const caption = 'Plays per hour, by station and hour of the day'
  const chart = heatMap(caption, {
    rows: each.stations,
    columns: hours,
    values: each.perHour,
    rowName: 'station',
    columnName: `hour of the day (${timezone})`,
    unit: 'plays per hour',
    to: usualMost(each.perHour.flat().filter((value) => value !== null)),
  })
  return {
    id: 'hours',
    title,
    body: html`<p>The mean over the hours that a station’s log covers, from its first play to its last, without gaps of a day or more.${each.of > each.stations.length && html` The ${each.stations.length} stations with the most plays, of ${each.of}.`}</p>${figure(
      chart,
      caption,
      ['Station', ...hours],
      each.stations.map((name, i) => [name, ...each.perHour[i]!]),
    )}`,
  }
}

/** The value that 98 in 100 do not exceed: stations that log a day's plays at midnight must not make all others look empty. */
function usualMost(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const most = sorted.at(-1) ?? 0
  const usual = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 0
  return usual > 0 && most > 3 * usual ? usual : most
}

const pairsShown = 40

function alike({ alike: each }: ReportData): Section {
  const title = 'Stations that sound alike'
  if (each.stations.length < 2) return empty('alike', title, 'It takes two stations to compare.')
  const pairs = each.stations
    .flatMap((a, i) => each.stations.slice(i + 1).map((b, j) => [a, b, each.cosine[i]![i + 1 + j]!] as const))
    .sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1))
  const low = Math.floor(Math.min(...pairs.map((pair) => pair[2])) * 20) / 20
  const caption = 'How alike two stations are in the artists that they play'
  const chart = heatMap(caption, {
    rows: each.stations,
    columns: each.stations,
    values: each.cosine.map((row, i) => row.map((value, j) => (i === j ? null : value))),
    rowName: 'station',
    columnName: '',
    unit: 'alikeness (1 = the same artists equally often)',
    from: low,
    to: 1,
  })
  const closest = pairs[0]!
  return {
    id: 'alike',
    title,
    body: html`<p>The cosine between the stations’ plays by artist. Closest: ${closest[0]} and ${closest[1]} (${shown(closest[2])}).${each.of > each.stations.length && html` The ${each.stations.length} stations with the most plays, of ${each.of}.`}</p>${figure(
      chart,
      caption,
      ['Station', 'Other station', 'Alikeness'],
      pairs.slice(0, pairsShown).map(([a, b, value]) => [a, b, value]),
    )}${pairs.length > pairsShown && html`<p>The table has the ${pairsShown} closest of ${number(pairs.length)} pairs.</p>`}`,
  }
}

function enriched({ enriched: each }: ReportData): Section {
  const shares = each.map(({ what, found, of }) => ({
    label: what,
    share: of > 0 ? found / of : 0,
    detail: `${number(found)} of ${number(of)}`,
  }))
  const caption = 'Share of the data that public sources know'
  return {
    id: 'enriched',
    title: 'What public sources know',
    body: figure(
      shareChart(caption, shares),
      caption,
      ['What', 'Known', 'Of', 'Percent'],
      each.map(({ what, found, of }) => [what, found, of, of > 0 ? Math.round((found / of) * 1000) / 10 : 0]),
    ),
  }
}

function quality({ repairs, refusals, totals }: ReportData): Section {
  const read = totals.plays + totals.quarantined
  const shares = [
    { label: 'rows read as they were', rows: totals.plays - totals.repaired },
    { label: 'rows repaired', rows: totals.repaired },
    { label: 'rows refused', rows: totals.quarantined },
  ].map(({ label, rows }) => ({
    label,
    share: read > 0 ? rows / read : 0,
    detail: `${number(rows)} of ${number(read)}`,
    rows,
  }))
  const caption = 'What became of the rows'
  const repairedBy =
    repairs.length > 0 &&
    figure(
      barChart(
        'Repaired rows by rule',
        'rows',
        repairs.map(({ rule, plays }) => ({ label: rule, value: plays })),
      ),
      'Repaired rows by rule',
      ['Rule', 'Rows'],
      repairs.map(({ rule, plays }) => [rule, plays]),
    )
  const refusedBy =
    refusals.length > 0 &&
    figure(
      barChart(
        'Refused rows by reason',
        'rows',
        refusals.map(({ reason, rows }) => ({ label: reason, value: rows })),
      ),
      'Refused rows by reason',
      ['Reason', 'Rows'],
      refusals.map(({ reason, rows }) => [reason, rows]),
    )
  const samples = refusals.flatMap(({ reason, samples: some }) =>
    some.map(({ line, place }) => [reason, place, html`<code>${line}</code>`] as const),
  )
  return {
    id: 'quality',
    title: 'Quality of the data',
    body: html`${figure(
      shareChart(caption, shares),
      caption,
      ['Rows', 'Number'],
      shares.map(({ label, rows }) => [label, rows]),
    )}${repairedBy}${refusedBy}${samples.length > 0 && html`<h3>Refused rows, for example</h3>${table('Refused rows, for example', ['Reason', 'Place', 'Row as it was read'], samples)}`}`,
  }
}

function names({ methods, merges }: ReportData): Section {
  const title = 'Names that were brought together'
  if (methods.length === 0) return empty('names', title, 'There are no names.')
  const caption = 'Spellings of artists by how their name was found'
  return {
    id: 'names',
    title,
    body: html`${figure(
      barChart(
        caption,
        'spellings',
        methods.map(({ method, names: count }) => ({ label: method, value: count })),
      ),
      caption,
      ['Method', 'Spellings', 'Plays'],
      methods.map(({ method, names: count, plays }) => [method, count, plays]),
    )}${
      merges.length > 0 &&
      html`<h3>The most played spellings that became another name</h3>${table(
        'The most played spellings that became another name',
        ['As read', 'Name', 'Method', 'Score', 'Plays'],
        merges.map((each) => [each.raw, each.clean, each.method, each.score, each.plays]),
      )}`
    }`,
  }
}

function credits(pictures: ReadonlyMap<string, ArtistPicture>, wanted: boolean): Section {
  const title = 'Pictures: authors and licences'
  if (!wanted) return empty('credits', title, 'This report was made without pictures.')
  if (pictures.size === 0)
    return empty('credits', title, 'No artist of this report has a picture yet. npm run job:enrich looks for them.')
  const rows = [...pictures]
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([artist, picture]) => [
      artist,
      picture.author ?? 'not given',
      linked(picture.licence ?? 'not given', picture.licenceUrl),
      linked(picture.provider ?? 'source', picture.page),
    ])
  return { id: 'credits', title, body: table(title, ['Artist', 'Author', 'Licence', 'Source'], rows) }
}

function linked(label: string, address: string | null): Html {
  const url = safeUrl(address)
  return url ? html`<a href="${url}" rel="noreferrer">${label}</a>` : html`${label}`
}
