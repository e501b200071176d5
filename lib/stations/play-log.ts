import { isNoAct } from '../model/no-act.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { type ZoneClock, zoneClock } from './zone-clock.ts'

/** A song of an act. */
export interface Title {
  readonly artist: string
  readonly song: string
}

/** The spins of one station in the order of their time; `times[i]`, `titles[i]` and so on are of one spin. */
export interface StationLog {
  readonly callsign: string
  /** Seconds since 1970, UTC. */
  readonly times: Float64Array
  /** The same in the zone. */
  readonly local: Float64Array
  /** Numbers of titles. */
  readonly titles: Int32Array
  readonly coverage: Coverage
  /** The positions of each title's spins, ascending. */
  readonly spinsOf: ReadonlyMap<number, readonly number[]>
  /** The same of each act. */
  readonly spinsOfAct: ReadonlyMap<number, readonly number[]>
  /** Numbers of the acts that are guests of a spin; undefined: none. */
  guests(position: number): readonly number[] | undefined
}

/** All plays of a log, names as numbers. */
export interface PlayLog {
  readonly timezone: string
  readonly clock: ZoneClock
  /** Most spins first, then by call sign. */
  readonly stations: readonly StationLog[]
  readonly titles: readonly Title[]
  /** By title: the number of its act; -1 where no act is known, whose spins count and are ranked nowhere. */
  readonly actOf: Int32Array
  readonly acts: readonly string[]
}

interface Spins {
  readonly times: number[]
  readonly titles: number[]
  readonly guests: Map<number, string>
}

/**
 * Gathers plays in any order.
 *
 * *Memory:* some 50 bytes a play, and the names once each.
 */
export class PlayLogBuilder {
  readonly #stations = new Map<string, Spins>()
  readonly #songs = new Map<string, Map<string, number>>()
  readonly #titles: Title[] = []

  /** @param featured the guests, with `, ` between them */
  add(callsign: string, artist: string, song: string, unix: number, featured: string | null): void {
    let spins = this.#stations.get(callsign)
    if (spins === undefined) {
      spins = { times: [], titles: [], guests: new Map() }
      this.#stations.set(callsign, spins)
    }
    if (featured !== null) spins.guests.set(spins.times.length, featured)
    spins.times.push(unix)
    spins.titles.push(this.#title(artist, song))
  }

  #title(artist: string, song: string): number {
    let songs = this.#songs.get(artist)
    if (songs === undefined) {
      songs = new Map()
      this.#songs.set(artist, songs)
    }
    let title = songs.get(song)
    if (title === undefined) {
      title = this.#titles.length
      songs.set(song, title)
      this.#titles.push({ artist, song })
    }
    return title
  }

  build(timezone = 'UTC'): PlayLog {
    const clock = zoneClock(timezone)
    const acts = new ActNumbers()
    const actOf = Int32Array.from(this.#titles, ({ artist }) => (isNoAct(artist) ? -1 : acts.of(artist)))
    const stations = [...this.#stations]
      .sort(([a, x], [b, y]) => y.times.length - x.times.length || (a < b ? -1 : 1))
      .map(([callsign, spins]) => stationLog(callsign, spins, clock, acts, actOf))
    return { timezone, clock, stations, titles: this.#titles, actOf, acts: acts.names }
  }
}

class ActNumbers {
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()

  of(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.names.length
      this.names.push(name)
      this.#numbers.set(name, number)
    }
    return number
  }

  /** A group whose name holds a comma is one act where it is known as such. */
  guests(text: string): readonly number[] {
    if (this.#numbers.has(text)) return [this.of(text)]
    return text.split(', ').map((name) => this.of(name))
  }
}

function stationLog(callsign: string, spins: Spins, clock: ZoneClock, acts: ActNumbers, actOf: Int32Array): StationLog {
  const order = orderOf(spins.times)
  const times = Float64Array.from(order, (i) => spins.times[i]!)
  const titles = Int32Array.from(order, (i) => spins.titles[i]!)
  const actsOfSpins = titles.map((title) => actOf[title]!)
  const guests = new Map<number, readonly number[]>()
  for (const [i, position] of order.entries()) {
    const text = spins.guests.get(position)
    if (text !== undefined) guests.set(i, acts.guests(text))
  }
  return {
    callsign,
    times,
    local: times.map(clock),
    titles,
    coverage: coverageOf(times, clock),
    spinsOf: positionsOf(titles),
    spinsOfAct: positionsOf(actsOfSpins),
    guests: (position) => guests.get(position),
  }
}

/** The positions in the order of their times, and of themselves where these are equal. */
function orderOf(times: readonly number[]): Uint32Array {
  // One number of both sorts many times faster than a comparison of two, as long as it is exact.
  const keys = Float64Array.from(times, (time, i) => time * times.length + i)
  if (keys.every(Number.isSafeInteger)) return Uint32Array.from(keys.sort(), (key) => modulo(key, times.length))
  return Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b)
}

const modulo = (value: number, by: number) => ((value % by) + by) % by

/** Where each number from 0 on stands. */
function positionsOf(numbers: Int32Array): Map<number, number[]> {
  const positions = new Map<number, number[]>()
  numbers.forEach((number, i) => {
    if (number < 0) return
    const known = positions.get(number)
    if (known) known.push(i)
    else positions.set(number, [i])
  })
  return positions
}
