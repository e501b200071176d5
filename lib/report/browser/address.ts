import type { Choice, Plays } from './plays.ts'

/** What the reader looks at; it stands in the address, so that it can be kept and gone back to. */
export interface View {
  readonly choice: Choice
  readonly query: string
  readonly artist: number | null
  readonly song: number | null
}

const prefix = '#browse'

export function isView(hash: string): boolean {
  return hash === prefix || hash.startsWith(`${prefix}&`)
}

/** What the address says, as far as it is in this page. */
export function viewOf(plays: Plays, hash: string): View {
  const { data } = plays
  const said = new URLSearchParams(isView(hash) ? hash.slice(prefix.length + 1) : '')
  const day = (name: string, usual: number) => {
    const number = dayNumber(said.get(name) ?? '')
    return number === null ? usual : Math.min(data.lastDay, Math.max(data.firstDay, number))
  }
  const artist = plays.artistOf.get(said.get('artist') ?? '') ?? null
  const title = said.get('song')
  const song = artist === null ? undefined : plays.songsOf[artist]!.find((each) => plays.songs[each]!.title === title)
  const from = day('from', data.firstDay)
  return {
    choice: {
      station: plays.stationOf.get(said.get('station') ?? '') ?? -1,
      from,
      to: Math.max(from, day('to', data.lastDay)),
    },
    query: said.get('search') ?? '',
    artist,
    song: song ?? null,
  }
}

export function addressOf({ data, songs }: Plays, { choice, query, artist, song }: View): string {
  const said = new URLSearchParams()
  if (choice.station >= 0) said.set('station', data.stations[choice.station]!)
  if (choice.from > data.firstDay) said.set('from', dayText(choice.from))
  if (choice.to < data.lastDay) said.set('to', dayText(choice.to))
  if (query !== '') said.set('search', query)
  if (artist !== null) said.set('artist', data.artists[artist]!)
  if (song !== null) said.set('song', songs[song]!.title)
  return said.size > 0 ? `${prefix}&${said}` : prefix
}

/** `2014-06-16`. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** Null: not a day. */
export function dayNumber(text: string): number | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? null : time / 86_400_000
}
