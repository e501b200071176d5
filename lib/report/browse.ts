import type { BrowseData } from './browse-format.ts'
import { type Html, html } from './html.ts'
import { number, type Section } from './section.ts'

/** The part that the page's script answers in: the choices, and a place for the answer. Without script it is hidden. */
export function browse(data: BrowseData): Section {
  const isoDay = (local: number) => new Date(local * 86_400_000).toISOString().slice(0, 10)
  const [first, last] = [isoDay(data.firstDay), isoDay(data.lastDay)]
  const date = (id: string, name: string, value: string) =>
    html`<label>${name} <input type="date" id="browse-${id}" min="${first}" max="${last}" value="${value}"></label>`
  return {
    id: 'browse',
    title: 'Look closer',
    body: html`${limits(data)}
<div class="choices" role="search" aria-label="Choose plays">
<label>Station <select id="browse-station"><option value="">All stations</option>${data.stations.toSorted().map((name) => html`<option value="${name}">${name}</option>`)}</select></label>
${date('from', 'From', first)}${date('to', 'To', last)}
<label>Artist or song <input type="search" id="browse-search" autocomplete="off" spellcheck="false"></label>
<button type="button" id="browse-reset">Show all</button>
</div>
<p id="browse-said" role="status"></p>
<div id="browse-answer"></div>`,
  }
}

/** What the page does not have, where it does not have all. */
function limits({ songs, withMinutes, left }: BrowseData): Html | null {
  const counts = songs.filter(([, , plays]) => typeof plays === 'number')
  const said = [
    counts.length > 0 &&
      `Of the ${number(songs.length - counts.length)} songs with the most plays this page has the station and time of each play; of ${number(counts.length)} others, with ${number(counts.reduce((sum, [, , plays]) => sum + Number(plays), 0))} plays, how many there are.`,
    left.songs > 0 &&
      `It does not name the ${number(left.songs)} songs with the fewest plays (${number(left.plays)} in all).`,
    songs.length - counts.length > withMinutes &&
      (withMinutes === 0
        ? 'Times are to the hour.'
        : `Times are to the minute for the first ${number(withMinutes)} songs and to the hour for the others.`),
  ].filter((sentence) => sentence !== false)
  if (said.length === 0) return null
  return html`<p>${said.join(' ')} <code>npm run explore -- serve</code> has everything.</p>`
}
