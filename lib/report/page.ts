import { createHash } from 'node:crypto'
import { browse } from './browse.ts'
import { browseData, browseJson } from './browse-data.ts'
import type { ReportData } from './data.ts'
import { cssUrl, type Html, html } from './html.ts'
import { lives } from './lives.ts'
import { ownTables } from './own-tables.ts'
import { pageScript } from './page-script.ts'
import { credits, type ShownPicture, shownPictures } from './pictures.ts'
import { enriched, names, quality } from './quality.ts'
import { rankings, songs } from './rankings.ts'
import { repertoire } from './repertoire.ts'
import { alike, heat, overTime } from './rhythm.ts'
import { day, number, type Section, type SectionId, shortTitles } from './section.ts'
import { stations } from './stations.ts'
import { stylesheet } from './style.ts'

/** What the page shows besides the figures. */
export interface PageOptions {
  /** Whether pictures are linked. Default: true; false asks no other machine for anything. */
  readonly pictures?: boolean
  /** Default: Radio plays. */
  readonly title?: string
  /** Where the figures come from, for the last lines: database, run, version. */
  readonly origin?: readonly { readonly name: string; readonly value: string }[]
}

const reportMark = 'radio-plays report'
const maxBytes = 2_950_000
const minBlockBytes = 500_000

/** Whether a file that begins with these bytes is a report that we made. */
export function isReport(start: Buffer): boolean {
  const text = start.toString()
  // Versions before the mark had this title.
  return /^<!doctype html>/i.test(text) && (text.includes(reportMark) || text.includes('<title>Radio plays: '))
}

/**
 * The report as one HTML page of at most 3 MB: no outside request but the pictures.
 *
 * Whatever the data holds is shown as text. The content policy allows the page's own style sheet and script by their hashes and
 * the hosts of the pictures that it shows, nothing else. Without script the page still reads. The same data gives the same
 * bytes.
 */
export function renderReport(data: ReportData, options: PageOptions = {}): string {
  const withPictures = options.pictures ?? true
  const artists = [...data.topByPlays, ...data.topByListening]
  const pictures = shownPictures(withPictures ? artists : [])
  const hosts = [...new Set([...pictures.values()].map((picture) => new URL(picture.address).origin))].sort()
  const sections = [
    summary(data),
    ...rankings(data, pictures),
    songs(data),
    repertoire(data),
    overTime(data),
    heat(data),
    alike(data),
    stations(data),
    lives(data),
    enriched(data),
    quality(data),
    names(data),
    ...ownTables(data.ownTables),
    credits(pictures, withPictures),
  ]
  const style = styleOf(pictures)
  const script = pageScript()
  const title = options.title ?? 'Radio plays'
  const fixed = sections.map(sectionOf)
  const room = maxBytes - Buffer.byteLength(`${fixed.join('')}${style}${script}`)
  const block = data.totals.plays > 0 ? browseData(data.log, Math.max(room, minBlockBytes)) : null
  const browsed = block === null ? [] : [browse(block)]
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${reportMark}">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script, hosts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}: ${period(data)}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the figures</a>
<header>
<h1>${title}</h1>
<p>${headline(data)}</p>
</header>
<nav aria-label="Contents"><ul>${sections.toSpliced(1, 0, ...browsed).map(({ id }) => html`<li${hiddenIf(id)}><a href="#${id}">${shortTitles[id]}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${fixed[0]!}${browsed.map(sectionOf)}${fixed.slice(1)}</main>
<footer>
${options.origin && options.origin.length > 0 && html`<dl>${options.origin.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
<p>Times are in ${data.timezone}.${data.timezone === 'UTC' && html` <code>npm run report -- --timezone ZONE</code> shows them as the stations’ clocks do.`} This page asks no other machine for anything${hosts.length > 0 ? html` but for pictures from ${hosts.join(', ')}` : null}; its script searches and sorts what the page holds.</p>
</footer>
${
  block &&
  html`<script type="application/json" id="browse-data">${trusted(browseJson(block))}</script>
`
}<script>${trusted(script)}</script>
</body>
</html>
`
  return page.toString()
}

// Nothing would answer there without the script, which shows it.
const hiddenIf = (id: SectionId) => (id === 'browse' ? html` class="browse" hidden` : null)

/** The style sheet with a rule for each picture. */
function styleOf(pictures: ReadonlyMap<string, ShownPicture>): string {
  const rules = [...pictures.values()].map(
    ({ className, address }) => `.${className}{background-image:${cssUrl(address)}}`,
  )
  return [stylesheet.trim(), ...rules].join('\n')
}

/** The content policy: this style sheet, this script and the hosts of the pictures, nothing else. */
function policyOf(style: string, script: string, hosts: readonly string[]): string {
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    ...(hosts.length > 0 ? [`img-src ${hosts.join(' ')}`] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

const sectionOf = ({
  id,
  title,
  body,
}: Section): Html => html`<section id="${id}" aria-labelledby="${id}-title"${hiddenIf(id)}>
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`

// Style sheet, script and block are ours and must not be escaped; `html` has no other way in.
function trusted(text: string): Html {
  return html(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray)
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

function summary({ totals, methods }: ReportData): Section {
  const spellings = methods.reduce((sum, each) => sum + each.names, 0)
  const tiles: readonly (readonly [string, string])[] = [
    ['plays', number(totals.plays)],
    ['artists', number(totals.artists)],
    ['songs', number(totals.songs)],
    ['stations', number(totals.stations)],
    // Nothing is known before songs are looked up.
    ...(totals.listenedMs > 0 ? [['hours of music', number(totals.listenedMs / 3_600_000)] as const] : []),
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
