import { html } from '../../report/index.ts'
import { rowsLink } from '../cells.ts'
import { lines, link } from '../document.ts'
import type { View } from '../view.ts'
import { type Asked, given } from './asked.ts'

/** The first view of a state reads every play. */
const stationMs = 60_000

/** How a station sounds: what `npm run stats -- --station` prints. */
export async function stationPage(asked: Asked): Promise<View> {
  const callsign = given(asked, 'name')
  const { timezone } = asked
  const found = await asked.ask('station', { callsign, timezone }, stationMs)
  if (found === null) return { title: `Station: ${callsign}`, intro: html`<p>No station has this name.</p>`, grids: [] }
  const facets = (column: string, text: string) =>
    link('/facets', { table: 'plays', column, where: `callsign=${callsign}` }, text)
  return {
    title: `Station: ${callsign}`,
    intro: html`<ul>${found.facts.map((fact) => html`<li>${fact}</li>`)}</ul>
      <p>${rowsLink('plays', { callsign }, 'Plays')} · ${facets('artist_clean', 'Artists')} · ${facets('song_clean', 'Songs')}</p>
      ${found.sections.map(([title, body]) => html`<h2>${title}</h2><pre class="scroll" tabindex="0">${lines(body)}</pre>`)}
      <p>Times are in ${timezone}.</p>`,
    grids: [{ name: 'volume', caption: 'As data', result: found.data }],
  }
}
