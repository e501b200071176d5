import { dayOf, type PlayLog, type StationLog } from '../stations/index.ts'
import { printable } from '../terminal.ts'
import { type BrowseData, packed } from './browse-format.ts'
import { clip, order } from './scan.ts'

const longest = 120

interface Spins {
  /** Local seconds and numbers of stations. */
  readonly at: number[]
  readonly stations: number[]
}

/**
 * The plays for the page's script, in at most so many bytes: first names, most played first, in at most a third of them; then
 * the hours of their plays, most played first; then their minutes.
 */
export function browseData(log: PlayLog, maxBytes: number): BrowseData {
  const spins = spinsByTitle(log)
  const ranked = [...log.titles.keys()].sort((a, b) => {
    const [x, y] = [log.titles[a]!, log.titles[b]!]
    return spins[b]!.at.length - spins[a]!.at.length || order(x.artist, y.artist) || order(x.song, y.song)
  })
  const names = named(log, ranked, maxBytes / 3)
  const songs: [string, number, string | number][] = names.titles.map((title, i) => [
    names.songs[i]!,
    names.artistOf[i]!,
    spins[title]!.at.length,
  ])
  const days = daysOf(log)
  const start = days.firstDay * 86_400
  const covered = log.stations.map((station) => packedStretches(station, start))
  const stationBytes = log.stations.map(({ callsign }, i) => Buffer.byteLength(callsign) + covered[i]!.length + 6)
  let bytes = stationBytes.reduce((sum, each) => sum + each, names.bytes + 500)
  const fill = (secondsOfUnit: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const before = songs[i]![2]
      const text = packedSpins(spins[names.titles[i]!]!, start, secondsOfUnit, log.stations.length)
      bytes += text.length - (typeof before === 'string' ? before.length : 0)
      if (bytes > maxBytes) return i
      songs[i]![2] = text
    }
    return count
  }
  const withHours = fill(3600, songs.length)
  const withMinutes = withHours === songs.length ? fill(60, withHours) : 0
  const unnamed = ranked.slice(songs.length)
  return {
    ...days,
    stations: log.stations.map(({ callsign }) => nameOf(callsign)),
    covered,
    artists: names.artists,
    unranked: names.unranked,
    songs,
    withMinutes,
    left: { songs: unnamed.length, plays: unnamed.reduce((sum, title) => sum + spins[title]!.at.length, 0) },
  }
}

// As the page shows them elsewhere, so that the script finds them there.
const nameOf = (name: string) => clip(printable(name), longest)

function spinsByTitle({ stations, titles }: PlayLog): Spins[] {
  const spins: Spins[] = titles.map(() => ({ at: [], stations: [] }))
  for (const [number, { local, titles: played }] of stations.entries()) {
    for (let i = 0; i < played.length; i++) {
      const one = spins[played[i]!]!
      one.at.push(local[i]!)
      one.stations.push(number)
    }
  }
  return spins
}

function daysOf({ stations }: PlayLog): Pick<BrowseData, 'firstDay' | 'lastDay'> {
  let firstDay = Infinity
  let lastDay = -Infinity
  for (const { local } of stations) {
    firstDay = Math.min(firstDay, dayOf(local[0]!))
    lastDay = Math.max(lastDay, dayOf(local.at(-1)!))
  }
  return { firstDay, lastDay }
}

/** The stretches without a gap, by the local clock: where it is set back, one ends no earlier than it begins. */
function packedStretches({ local, coverage }: StationLog, start: number): string {
  const begins = [0, ...coverage.beforeGaps.map((position) => position + 1)]
  const ends = [...coverage.beforeGaps, local.length - 1]
  let text = ''
  let before = 0
  for (const [i, begin] of begins.entries()) {
    const from = Math.max(before, Math.floor((local[begin]! - start) / 60))
    const to = Math.max(from, Math.floor((local[ends[i]!]! - start) / 60))
    text += packed(from - before) + packed(to - from)
    before = to
  }
  return text
}

/** The names of as many titles as fit into so many bytes. */
function named({ titles, actOf }: PlayLog, ranked: readonly number[], maxBytes: number) {
  const numbers = new Map<string, number>()
  const unranked: number[] = []
  const kept = { titles: [] as number[], songs: [] as string[], artistOf: [] as number[] }
  let bytes = 0
  for (const title of ranked) {
    const artist = nameOf(titles[title]!.artist)
    const song = nameOf(titles[title]!.song)
    bytes += Buffer.byteLength(JSON.stringify(song)) + 12
    if (!numbers.has(artist)) bytes += Buffer.byteLength(JSON.stringify(artist)) + 1
    if (bytes > maxBytes) break
    if (!numbers.has(artist)) {
      if (actOf[title]! < 0) unranked.push(numbers.size)
      numbers.set(artist, numbers.size)
    }
    kept.titles.push(title)
    kept.songs.push(song)
    kept.artistOf.push(numbers.get(artist)!)
  }
  return { ...kept, artists: [...numbers.keys()], unranked, bytes }
}

/** Plays in the order of their time: the units since the play before times the number of stations, plus the station. */
function packedSpins({ at, stations }: Spins, start: number, seconds: number, ofStations: number): string {
  const keys = Float64Array.from(at, (local, i) => Math.floor((local - start) / seconds) * ofStations + stations[i]!)
  keys.sort()
  let before = 0
  let text = ''
  for (const key of keys) {
    const unit = Math.floor(key / ofStations)
    text += packed(key - before * ofStations)
    before = unit
  }
  return text
}

/** The block as JSON that ends no script element. */
export function browseJson(data: BrowseData): string {
  return JSON.stringify(data).replace(/[<\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
