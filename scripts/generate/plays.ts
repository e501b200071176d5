import { type Damage, type DamageKind, misspell, type Spelling } from './damage.ts'
import { inventWorld, type Language, type World } from './names.ts'
import { hash, type Random, random, weighted } from './random.ts'

/**
 * How the log is written.
 *
 * - `real`: as the real file: `;`, 14 columns, CRLF, rows with commas in their names torn apart.
 * - `publisher`: as its publisher has it: `,`, RFC 4180, with the cleaned columns.
 * - `plain`: `played_at,station,artist,title,id`, each station with a time format of its own.
 */
export type Form = 'real' | 'publisher' | 'plain'

export interface PlaysOptions {
  readonly plays: number
  readonly seed: number
  readonly form: Form
  readonly damage: Damage
  readonly stations: number
  readonly artists: number
  readonly languages: ReadonlyMap<Language, number>
}

/** A piece of the log and of the truth beside it; the header lines are in the first. */
export interface Part {
  readonly log: Buffer
  readonly truth: string
}

/** What was written: rows of the log, and how many of them have each kind of damage. */
export interface Written {
  rows: number
  readonly damaged: Record<DamageKind, number>
}

export const truthHeader = 'unique_id,artist,song,featured,version,damage\n'

// Monday, 2014-06-16 00:00:00 UTC: the week of the real file.
const firstSecond = 1_402_876_800
// The real file's pace: 37,673 plays of 25 stations in a week.
const playsPerStationAndDay = 215
const partBytes = 1 << 18
const spellingsKept = 300_000
const badTimes = ['', 'N/A', '0000-00-00 00:00:00', '31/31/2014 25:61', '99999999999999999', '-1', 'yesterday']

/** The sizes that suit so many plays: a station has a week's worth, an act about a hundredth of a station's. */
export function suitableSizes(plays: number): { stations: number; artists: number } {
  const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, Math.round(value)))
  return { stations: clamp(plays / 1500, 10, 100), artists: clamp(3 * Math.sqrt(plays), 30, 50_000) }
}

/**
 * A play log with its truth, part by part; a later part never changes with the number of parts that are taken.
 *
 * Plays follow a Zipf-like law over songs; stations have a taste (a quarter of the acts is played three times as much), keep
 * to one spelling of each song, and rest at some hours. Rows are in the order of time. `written` counts along.
 */
export function* generatePlays(options: PlaysOptions, written: Written): Generator<Part, void, undefined> {
  const radio = new Radio(options)
  let log: string[] = [writers[options.form].header]
  let truth: string[] = [truthHeader]
  let length = 0
  for (let play = 0; play < options.plays; play++) {
    const row = radio.row(play)
    written.rows++
    for (const kind of row.kinds) written.damaged[kind]++
    if (row.kinds.includes('bytes')) {
      // Bytes that are no UTF-8 cannot be in a string: what is there so far goes first.
      yield part(log, truth, damagedBytes(row.line))
      log = []
      truth = []
      length = 0
    } else {
      log.push(row.line)
      length += row.line.length
    }
    if (row.truth !== undefined) truth.push(row.truth)
    if (length >= partBytes) {
      yield part(log, truth)
      log = []
      truth = []
      length = 0
    }
  }
  yield part(log, truth)
}

function part(log: readonly string[], truth: readonly string[], last?: Buffer): Part {
  const text = Buffer.from(log.join(''))
  return { log: last ? Buffer.concat([text, last]) : text, truth: truth.join('') }
}

/** A row of the log, and its row in the truth: rows that no play can be read from have none. */
interface Row {
  readonly line: string
  readonly truth?: string
  readonly kinds: readonly DamageKind[]
}

/** A play before it is written down. */
interface Draw {
  readonly moment: number
  readonly station: number
  readonly cells: Cells
  readonly shifted: boolean
  readonly first: number
}

/** The stations, what they play and how they spell it: all that later rows depend on. */
class Radio {
  readonly #options: PlaysOptions
  readonly #world: World
  readonly #from: Random
  readonly #stations: readonly string[]
  readonly #tastes: readonly ((from: Random) => number)[]
  readonly #torn: (from: Random) => number
  readonly #seconds: number
  readonly #spellings = new Map<number, Cells>()
  readonly #counters: Uint32Array
  readonly #heard: Uint8Array
  /** Rows that a later one may repeat or contradict. */
  readonly #recent: { readonly line: string; readonly id: string; readonly station: number }[] = []

  constructor(options: PlaysOptions) {
    const world = inventWorld(options.seed, options.artists, options.languages)
    this.#options = options
    this.#world = world
    this.#from = random(hash('plays', options.seed))
    this.#stations = callSigns(options.stations, options.seed)
    this.#tastes = drawSongs(world)
    this.#torn = weighted(Float64Array.from(world.withComma.length > 0 ? world.withComma : [0], () => 1))
    this.#seconds = (options.plays / (this.#stations.length * playsPerStationAndDay)) * 86_400
    this.#counters = new Uint32Array(this.#stations.length)
    this.#heard = new Uint8Array(this.#stations.length * world.songs.length)
  }

  row(play: number): Row {
    const { damage, plays, form } = this.#options
    const from = this.#from
    const moment = firstSecond + warpDay(((play + from.next()) / plays) * this.#seconds)
    let station = from.below(this.#stations.length)
    while (restsAt(station, moment)) station = from.below(this.#stations.length)
    if (this.#recent.length > 0 && from.chance(damage.duplicate)) {
      return { line: from.pick(this.#recent).line, kinds: ['duplicate'] }
    }
    const shifted = form === 'real' && this.#world.withComma.length > 0 && from.chance(damage.shifted)
    const song = shifted ? this.#world.withComma[this.#torn(from)]! : this.#tastes[station % this.#tastes.length]!(from)
    const key = station * this.#world.songs.length + song
    const cells = this.#spelled(key, song)
    if (from.chance(damage.cut_row)) return { line: writers[form].cut(cells), kinds: ['cut_row'] }
    const first = this.#heard[key] === 0 ? 1 : 0
    this.#heard[key] = 1
    return this.#played(play, { moment, station, cells, shifted, first })
  }

  #spelled(key: number, song: number): Cells {
    const known = this.#spellings.get(key)
    if (known !== undefined) return known
    if (this.#spellings.size >= spellingsKept) this.#spellings.clear()
    const { seed, damage } = this.#options
    const cells = spell(this.#world, song, hash('spelling', seed, key), damage)
    this.#spellings.set(key, cells)
    return cells
  }

  #played(play: number, { moment, station, cells, shifted, first }: Draw): Row {
    const { damage, form } = this.#options
    const from = this.#from
    const kinds: DamageKind[] = []
    const callsign = this.#stations[station]!
    let id = `${callsign}${String(this.#counters[station]!++).padStart(4, '0')}`
    let time = writers[form].time(Math.floor(moment), station)
    let rawSong = cells.song
    let rawArtist = cells.artist
    const conflict = from.chance(damage.conflict) ? this.#recent.find((each) => each.station === station) : undefined
    if (conflict) {
      id = conflict.id
      kinds.push('conflict')
    }
    if (from.chance(damage.bad_time)) {
      time = from.pick(badTimes)
      kinds.push('bad_time')
    }
    if (from.chance(damage.missing)) {
      if (from.chance(0.5)) rawSong = ''
      else rawArtist = ''
      kinds.push('missing')
    }
    if (shifted) kinds.push('shifted')
    else kinds.push(...cells.kinds)
    const line = shifted
      ? tornRow(cells, callsign, time, id, first, from)
      : writers[form].row(cells, rawSong, rawArtist, callsign, time, id, first)
    if (from.chance(damage.bytes)) kinds.push('bytes')
    if (conflict) return { line, kinds }
    this.#recent[this.#recent.length < 64 ? this.#recent.length : play % 64] = { line, id, station }
    return { line, kinds, truth: truthRow(id, cells, shifted, kinds) }
  }
}

/** What the rows of one song at one station have in common. */
interface Cells extends Spelling {
  readonly trueSong: string
  readonly trueArtist: string
  readonly combined: string
}

function spell(world: World, song: number, seed: number, damage: Damage): Cells {
  const from = random(seed)
  const { title, artist } = world.songs[song]!
  const act = world.artists[artist]!
  let guest = world.artists[from.below(world.artists.length)]!
  for (let tries = 0; tries < 8 && guest.language !== act.language; tries++) {
    guest = world.artists[from.below(world.artists.length)]!
  }
  const spelling = misspell(title, act.name, act.person, guest.name, damage, from)
  return { ...spelling, trueSong: title, trueArtist: act.name, combined: `${title} by ${act.name}` }
}

function drawSongs(world: World): ((from: Random) => number)[] {
  // Zipf with the exponent of the real file's songs (the most played song has 0.4 % of the plays there).
  const songsOfArtist = new Map<number, number>()
  const base = Float64Array.from(world.songs, ({ artist }) => {
    const rank = (songsOfArtist.get(artist) ?? 0) + 1
    songsOfArtist.set(artist, rank)
    return 1 / ((artist + 8) ** 0.9 * (rank + 1) ** 0.8)
  })
  return [0, 1, 2, 3].map((taste) =>
    weighted(base.map((weight, i) => (world.songs[i]!.artist % 4 === taste ? weight * 3 : weight))),
  )
}

function callSigns(count: number, seed: number): string[] {
  const from = random(hash('stations', seed))
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const signs = new Set<string>()
  while (signs.size < count) {
    let sign = from.chance(0.5) ? 'K' : 'W'
    for (let i = 0; i < 3; i++) sign += letters[from.below(26)]
    signs.add(sign)
  }
  return [...signs]
}

// Plays per hour of a day, relative: less music in the morning shows and in the dead of night.
const hourWeights = [4, 4, 3, 3, 3, 3, 2, 2, 2, 3, 4, 5, 5, 5, 5, 5, 4, 4, 5, 5, 5, 5, 5, 4]
const hourEnds = hourWeights.map((_, hour) => hourWeights.slice(0, hour + 1).reduce((sum, weight) => sum + weight, 0))

/** Seconds since the start, moved within their day so that hours have their weights. */
function warpDay(second: number): number {
  const day = Math.floor(second / 86_400)
  const total = hourEnds.at(-1)!
  const at = ((second - day * 86_400) / 86_400) * total
  const hour = hourEnds.findIndex((end) => at < end)
  const before = hourEnds[hour - 1] ?? 0
  return day * 86_400 + (hour + (at - before) / hourWeights[hour]!) * 3600
}

/** Every third station talks instead of playing for three hours of the day. */
function restsAt(station: number, moment: number): boolean {
  if (station % 3 !== 2) return false
  const hour = Math.floor(moment / 3600) % 24
  return (hour + station) % 24 < 3
}

interface Writer {
  readonly header: string
  time(second: number, station: number): string
  row(cells: Cells, song: string, artist: string, callsign: string, time: string, id: string, first: number): string
  cut(cells: Cells): string
}

function quoteFor(delimiter: string): (cell: string) => string {
  return (cell) => (cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell)
}
const semicolons = quoteFor(';')
const commas = quoteFor(',')

const writers: Readonly<Record<Form, Writer>> = {
  real: {
    header: 'RAW_SONG;RAW_ARTIST;CALLSIGN;TIME;UNIQUE_ID;COMBINED;First?;;;;;;;\r\n',
    time: String,
    row: (cells, song, artist, callsign, time, id, first) =>
      `${semicolons(song)};${semicolons(artist)};${callsign};${time};${id};${semicolons(cells.combined)};${first};;;;;;;\r\n`,
    cut: (cells) => `${cells.song.replaceAll(';', '')};;;;;;;;;;;;;\r\n`,
  },
  publisher: {
    header: 'RAW_SONG,Song Clean,RAW_ARTIST,ARTIST CLEAN,CALLSIGN,TIME,UNIQUE_ID,COMBINED,First?\r\n',
    time: String,
    row: (cells, song, artist, callsign, time, id, first) =>
      `${commas(song)},${commas(cells.trueSong)},${commas(artist)},${commas(cells.trueArtist)},${callsign},${time},${id},${commas(cells.combined)},${first}\r\n`,
    cut: (cells) => `${commas(cells.song)}\r\n`,
  },
  plain: {
    header: 'played_at,station,artist,title,id\n',
    time: (second, station) => timeFormats[station % timeFormats.length]!(new Date(second * 1000)),
    row: (_cells, song, artist, callsign, time, id) =>
      `${commas(time)},${callsign},${commas(artist)},${commas(song)},${id}\n`,
    cut: (cells) => `2014-06-16 0,${commas(cells.artist)}\n`,
  },
}

const timeFormats: readonly ((date: Date) => string)[] = [
  (date) => date.toISOString().slice(0, 19).replace('T', ' '),
  (date) => String(date.getTime() / 1000),
  (date) => date.toISOString(),
  (date) => {
    const [year, month, day] = date.toISOString().slice(0, 10).split('-')
    const hour = date.getUTCHours()
    const rest = date.toISOString().slice(13, 19)
    return `${month}/${day}/${year} ${String(hour % 12 || 12).padStart(2, '0')}${rest} ${hour < 12 ? 'AM' : 'PM'}`
  },
  (date) => String(date.getTime()),
  (date) => date.toISOString().slice(0, 16).replace('T', ' '),
]

/**
 * The row as the real file has those with commas: written with commas and quotes, then each comma made a semicolon also
 * inside quotes, the pieces quoted anew, a column of the wrong place dropped, and filled up to 14 columns.
 */
function tornRow(cells: Cells, callsign: string, time: string, id: string, first: number, from: Random): string {
  const tear = (line: string) => line.split(',').map(semicolons)
  const head = tear([cells.trueSong, cells.trueSong, cells.trueArtist, cells.trueArtist].map(commas).join(','))
  if (from.chance(0.7)) head.splice(2, 1)
  else head.splice(1, 1)
  // Two fields before the call sign would be a whole row.
  if (head.length === 2) head.splice(1, 0, '')
  const pieces = [...head, callsign, time, id, ...tear(commas(cells.combined)), String(first)]
  while (pieces.length < 14) pieces.push('')
  return `${pieces.join(';')}\r\n`
}

function damagedBytes(line: string): Buffer {
  const bytes = Buffer.from(line)
  const high = bytes.findLastIndex((byte) => (byte & 0xc0) === 0x80)
  // A cut character, as after a field of fixed width; a line of plain letters gets one of Latin-1.
  if (high >= 0) return Buffer.concat([bytes.subarray(0, high), bytes.subarray(high + 1)])
  const vowel = bytes.findIndex((byte, i) => i > 0 && 'aeiou'.includes(String.fromCharCode(byte)))
  if (vowel < 0) return bytes
  bytes[vowel] = { a: 0xe4, e: 0xe9, i: 0xed, o: 0xf6, u: 0xfc }[String.fromCharCode(bytes[vowel]!)]!
  return bytes
}

function truthRow(id: string, cells: Cells, shifted: boolean, kinds: readonly DamageKind[]): string {
  // A torn row keeps neither guest nor version: only COMBINED, which has none, can be put together again.
  const featured = shifted ? '' : (cells.featured ?? '')
  const version = shifted ? '' : (cells.version ?? '')
  return `${id},${commas(cells.trueArtist)},${commas(cells.trueSong)},${commas(featured)},${version},${kinds.join('+')}\n`
}
