import { addressOf, type View } from './address.ts'
import { element, isolatedName } from './element.ts'
import type { Choice, Plays } from './plays.ts'

/** Links to what the page knows of a name; each has a card (`cards.ts`). */
export class Links {
  readonly #plays: Plays
  readonly #choice: Choice

  constructor(plays: Plays, choice: Choice) {
    this.#plays = plays
    this.#choice = choice
  }

  artist(artist: number): HTMLElement {
    const name = this.#plays.data.artists[artist]!
    return this.#link(name, { artist }, { 'data-artist': String(artist) })
  }

  song(song: number): HTMLElement {
    const { title, artist } = this.#plays.songs[song]!
    return this.#link(title, { artist, song }, { 'data-song': String(song) })
  }

  station(station: number): HTMLElement {
    const name = this.#plays.data.stations[station]!
    return this.#link(name, { choice: { ...this.#choice, station } }, { 'data-station': String(station) })
  }

  #link(name: string, to: Partial<View>, card: Readonly<Record<string, string>>): HTMLElement {
    const view = { choice: this.#choice, query: '', artist: null, song: null, ...to }
    return element('a', { href: addressOf(this.#plays, view), ...card }, isolatedName(name))
  }
}

/** Makes links of the names in a table of the page, as its headers say what they are. */
export function linkNames(table: HTMLTableElement, plays: Plays): void {
  const { data } = plays
  const links = new Links(plays, { station: -1, from: data.firstDay, to: data.lastDay })
  const heads = [...table.tHead!.rows[0]!.cells].map((cell) => cell.textContent)
  const [artistAt, songAt, stationAt] = ['Artist', 'Song', 'Station'].map((name) => heads.indexOf(name))
  const put = (cell: HTMLTableCellElement | undefined, link: HTMLElement | null) => {
    if (cell && link && cell.querySelector('a') === null) cell.replaceChildren(link)
  }
  for (const { cells } of table.tBodies[0]!.rows) {
    const artist = plays.artistOf.get(cells[artistAt!]?.textContent ?? '')
    const station = plays.stationOf.get(cells[stationAt!]?.textContent ?? '')
    const title = cells[songAt!]?.textContent
    const song =
      artist === undefined ? undefined : plays.songsOf[artist]!.find((each) => plays.songs[each]!.title === title)
    put(cells[artistAt!], artist === undefined ? null : links.artist(artist))
    put(cells[songAt!], song === undefined ? null : links.song(song))
    put(cells[stationAt!], station === undefined ? null : links.station(station))
  }
}
