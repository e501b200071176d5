import { type BrowseData, unpacked } from '../browse-format.ts'

/** A song of the page. */
export interface Song {
  readonly title: string
  readonly artist: number
  readonly plays: number
  /** Local minutes since 1970 of its plays, ascending, and the numbers of their stations; null: the page does not have them. */
  readonly spins: { readonly minutes: Int32Array; readonly stations: Uint16Array } | null
  /** Whether `minutes` are of whole hours. */
  readonly hoursOnly: boolean
}

/** Everything that the page can answer from. */
export interface Plays {
  readonly data: BrowseData
  readonly songs: readonly Song[]
  /** Of each station, beginnings and ends of what its log covers, in local minutes since 1970. */
  readonly covered: readonly (readonly number[])[]
  /** Of each artist, the positions of its songs. */
  readonly songsOf: readonly (readonly number[])[]
  /** Names of artists and songs in small letters without accents, as the search compares them. */
  readonly foldedArtists: readonly string[]
  readonly foldedSongs: readonly string[]
  readonly unranked: ReadonlySet<number>
  readonly artistOf: ReadonlyMap<string, number>
  readonly stationOf: ReadonlyMap<string, number>
}

/** Which plays are chosen. */
export interface Choice {
  /** -1: all. */
  readonly station: number
  /** Local days since 1970, both included. */
  readonly from: number
  readonly to: number
}

export const minutesOfDay = 1440

/** Small letters without accents. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

export function readPlays(data: BrowseData): Plays {
  const songs = data.songs.map(([title, artist, plays], i): Song => {
    if (typeof plays === 'number') return { title, artist, plays, spins: null, hoursOnly: false }
    const hoursOnly = i >= data.withMinutes
    const spins = spinsOf(plays, data, hoursOnly ? 60 : 1)
    return { title, artist, plays: spins.minutes.length, spins, hoursOnly }
  })
  const songsOf: number[][] = data.artists.map(() => [])
  for (const [i, { artist }] of songs.entries()) songsOf[artist]!.push(i)
  return {
    data,
    songs,
    covered: data.covered.map((text) => stretchesOf(text, data.firstDay * minutesOfDay)),
    songsOf,
    foldedArtists: data.artists.map(folded),
    foldedSongs: songs.map(({ title }) => folded(title)),
    unranked: new Set(data.unranked),
    artistOf: new Map(data.artists.map((name, i) => [name, i])),
    stationOf: new Map(data.stations.map((name, i) => [name, i])),
  }
}

function spinsOf(text: string, data: BrowseData, minutesOfUnit: number): NonNullable<Song['spins']> {
  const keys = unpacked(text)
  const minutes = new Int32Array(keys.length)
  const stations = new Uint16Array(keys.length)
  const ofStations = data.stations.length
  let minute = data.firstDay * minutesOfDay
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const station = key % ofStations
    minute += ((key - station) / ofStations) * minutesOfUnit
    minutes[i] = minute
    stations[i] = station
  }
  return { minutes, stations }
}

function stretchesOf(text: string, start: number): number[] {
  let minute = start
  return unpacked(text).map((step) => {
    minute += step
    return minute
  })
}

/** Minutes of each hour of the day that the logs of the chosen stations cover on the chosen days. */
export function coveredByHour({ covered }: Plays, { station, from, to }: Choice): Float64Array {
  const byHour = new Float64Array(24)
  for (const stretches of station < 0 ? covered : [covered[station]!]) {
    for (let i = 0; i < stretches.length; i += 2) {
      const end = Math.min(stretches[i + 1]!, (to + 1) * minutesOfDay)
      let minute = Math.max(stretches[i]!, from * minutesOfDay)
      const days = Math.max(0, Math.floor((end - minute) / minutesOfDay))
      for (let hour = 0; days > 0 && hour < 24; hour++) byHour[hour]! += days * 60
      minute += days * minutesOfDay
      while (minute < end) {
        const next = Math.min(end, (Math.floor(minute / 60) + 1) * 60)
        byHour[Math.floor((minute % minutesOfDay) / 60)]! += next - minute
        minute = next
      }
    }
  }
  return byHour
}

/** Whether the choice leaves nothing out. */
export function isEverything({ data }: Plays, { station, from, to }: Choice): boolean {
  return station < 0 && from <= data.firstDay && to >= data.lastDay
}

/** Calls for each chosen spin of a song. */
export function eachSpin(song: Song, choice: Choice, visit: (minute: number, station: number) => void): void {
  if (song.spins === null) return
  const { minutes, stations } = song.spins
  const [from, to] = [choice.from * minutesOfDay, (choice.to + 1) * minutesOfDay]
  for (let i = 0; i < minutes.length; i++) {
    const minute = minutes[i]!
    if (minute < from || minute >= to) continue
    if (choice.station < 0 || stations[i] === choice.station) visit(minute, stations[i]!)
  }
}

/** The chosen plays of each song, of each artist, of each day, of each hour of the day and of each station. */
export function countAll(plays: Plays, choice: Choice, among: readonly number[] | null) {
  const { data, songs } = plays
  const everything = isEverything(plays, choice)
  const bySong = new Int32Array(songs.length)
  const stationsOfSong = new Int32Array(songs.length)
  const byArtist = new Int32Array(data.artists.length)
  const songsOfArtist = new Int32Array(data.artists.length)
  const byDay = new Int32Array(data.lastDay - data.firstDay + 1)
  const byHour = new Int32Array(24)
  const byStation = new Int32Array(data.stations.length)
  const lastSong = new Int32Array(data.stations.length).fill(-1)
  let total = 0
  let withoutSpins = 0
  for (const number of among ?? songs.keys()) {
    const song = songs[number]!
    let count = 0
    let stations = 0
    eachSpin(song, choice, (minute, station) => {
      count++
      byDay[Math.floor(minute / minutesOfDay) - data.firstDay]!++
      byHour[Math.floor((minute % minutesOfDay) / 60)]!++
      byStation[station]!++
      if (lastSong[station] !== number) stations++
      lastSong[station] = number
    })
    if (song.spins === null) {
      withoutSpins += song.plays
      if (everything) count = song.plays
    }
    bySong[number] = count
    stationsOfSong[number] = stations
    total += count
    byArtist[song.artist]! += count
    if (count > 0) songsOfArtist[song.artist]!++
  }
  return { bySong, stationsOfSong, byArtist, songsOfArtist, byDay, byHour, byStation, total, withoutSpins }
}
