import { HoursOfDay } from './hours.ts'

/** The relations that a report is made of, and how they are read: what `lib/store` gives. */
export type ReportRelation =
  | 'plays'
  | 'artists'
  | 'songs'
  | 'stations'
  | 'plays_by_hour'
  | 'artist_names'
  | 'song_names'
  | 'quarantined_plays'
  | 'artist_images'
  | 'track_info'

export interface ReportSource {
  batches(
    relation: ReportRelation,
    options?: { readonly columns?: readonly string[] },
  ): AsyncIterable<{
    readonly numRows: number
    readonly names: readonly string[]
    readonly columns: readonly ArrayLike<unknown>[]
  }>
}

export interface GatherOptions {
  /** IANA zone of hours and days. Default: UTC. */
  readonly timezone?: string
  /** Names in each ranking. Default: 20. */
  readonly top?: number
  readonly signal?: AbortSignal
}

export interface ArtistPicture {
  readonly url: string
  readonly page: string | null
  readonly author: string | null
  readonly licence: string | null
  readonly licenceUrl: string | null
  readonly provider: string | null
}

export interface RankedArtist {
  readonly artist: string
  readonly plays: number
  readonly songs: number
  readonly stations: number
  /** Milliseconds of all plays whose song's duration is known; 0 if none is. */
  readonly listenedMs: number
  readonly picture: ArtistPicture | null
}

/** Everything that a report shows, of one frozen state of the database. */
export interface ReportData {
  readonly timezone: string
  readonly totals: {
    readonly plays: number
    readonly artists: number
    readonly songs: number
    readonly stations: number
    readonly repaired: number
    readonly quarantined: number
    readonly listenedMs: number
    /** Seconds since 1970, UTC; null where there is no play. */
    readonly firstUnix: number | null
    readonly lastUnix: number | null
  }
  readonly topByPlays: readonly RankedArtist[]
  readonly topByListening: readonly RankedArtist[]
  readonly bottomByPlays: readonly RankedArtist[]
  readonly topSongs: readonly {
    readonly song: string
    readonly artist: string
    readonly plays: number
    readonly stations: number
  }[]
  /** One entry for each day (or hour, or week) from the first to the last, also without plays. */
  readonly overTime: {
    readonly unit: 'hour' | 'day' | 'week'
    readonly points: readonly { readonly label: string; readonly plays: number }[]
  }
  /** Stations, most plays first, by hour of the day: plays per covered hour, null where no hour is covered. */
  readonly heat: {
    readonly stations: readonly string[]
    readonly perHour: readonly (readonly (number | null)[])[]
    readonly of: number
  }
  /** Cosine of the angle between two stations' plays by artist, stations in an order that keeps the like together. */
  readonly alike: {
    readonly stations: readonly string[]
    readonly cosine: readonly (readonly number[])[]
    readonly of: number
  }
  readonly enriched: readonly { readonly what: string; readonly found: number; readonly of: number }[]
  readonly repairs: readonly { readonly rule: string; readonly plays: number }[]
  readonly refusals: readonly {
    readonly reason: string
    readonly rows: number
    readonly samples: readonly { readonly line: string; readonly place: string }[]
  }[]
  readonly methods: readonly { readonly method: string; readonly names: number; readonly plays: number }[]
  readonly merges: readonly {
    readonly raw: string
    readonly clean: string
    readonly method: string
    readonly score: number | null
    readonly plays: number
  }[]
}

const heatStations = 40
const alikeStations = 30
const samplesPerReason = 3

/**
 * Reads the relations once each and keeps what a report shows.
 *
 * *Cost:* one scan of each relation; of `plays` four columns. *Memory:* in proportion to artists, songs with a known duration
 * and station-artist pairs, not to plays.
 */
export async function gatherReport(source: ReportSource, options: GatherOptions = {}): Promise<ReportData> {
  const timezone = options.timezone ?? 'UTC'
  const top = options.top ?? 20
  const each = (relation: ReportRelation, columns: readonly string[]) => scan(source, relation, columns, options.signal)

  const pictures = new Map<string, ArtistPicture>()
  let artistsAsked = 0
  let artistsKnown = 0
  for await (const row of each('artist_images', [
    'artist_clean',
    'identity_status',
    'image_status',
    'image_url',
    'image_thumb_url',
    'image_page_url',
    'attribution',
    'licence',
    'licence_url',
    'image_provider',
  ])) {
    artistsAsked++
    if (row.identity_status === 'found') artistsKnown++
    const url = text(row.image_thumb_url) ?? text(row.image_url)
    if (row.image_status !== 'found' || url === null) continue
    pictures.set(String(row.artist_clean), {
      url,
      page: text(row.image_page_url),
      author: text(row.attribution),
      licence: text(row.licence),
      licenceUrl: text(row.licence_url),
      provider: text(row.image_provider),
    })
  }

  const durations = new Map<string, number>()
  for await (const row of each('track_info', ['artist_clean', 'song_clean', 'duration_ms'])) {
    if (row.duration_ms !== null) durations.set(songKey(row), Number(row.duration_ms))
  }
  const listened = new Map<string, number>()
  const songs = new Best<{ song: string; artist: string; plays: number; stations: number }>(
    top,
    (a, b) => b.plays - a.plays || order(a.song, b.song) || order(a.artist, b.artist),
  )
  let songCount = 0
  let timedSongs = 0
  let timedPlays = 0
  let songPlays = 0
  for await (const row of each('songs', ['artist_clean', 'song_clean', 'plays', 'stations'])) {
    const plays = Number(row.plays)
    songCount++
    songPlays += plays
    songs.add({ song: String(row.song_clean), artist: String(row.artist_clean), plays, stations: Number(row.stations) })
    const ms = durations.get(songKey(row))
    if (ms === undefined) continue
    timedSongs++
    timedPlays += plays
    const artist = String(row.artist_clean)
    listened.set(artist, (listened.get(artist) ?? 0) + plays * ms)
  }

  const byPlays = new Best<RankedArtist>(top, (a, b) => b.plays - a.plays || order(a.artist, b.artist))
  const byListening = new Best<RankedArtist>(top, (a, b) => b.listenedMs - a.listenedMs || order(a.artist, b.artist))
  const bottom = new Best<RankedArtist>(top, (a, b) => a.plays - b.plays || order(a.artist, b.artist))
  let artists = 0
  let picturedPlays = 0
  let pictured = 0
  let listenedMs = 0
  for await (const row of each('artists', ['artist_clean', 'plays', 'songs', 'stations'])) {
    const artist = String(row.artist_clean)
    const ranked: RankedArtist = {
      artist,
      plays: Number(row.plays),
      songs: Number(row.songs),
      stations: Number(row.stations),
      listenedMs: listened.get(artist) ?? 0,
      picture: pictures.get(artist) ?? null,
    }
    artists++
    listenedMs += ranked.listenedMs
    if (ranked.picture) {
      pictured++
      picturedPlays += ranked.plays
    }
    byPlays.add(ranked)
    if (ranked.listenedMs > 0) byListening.add(ranked)
    bottom.add(ranked)
  }

  const stations: { callsign: string; plays: number }[] = []
  let plays = 0
  let firstUnix: number | null = null
  let lastUnix: number | null = null
  for await (const row of each('stations', ['callsign', 'plays', 'first_play_unix', 'last_play_unix'])) {
    stations.push({ callsign: String(row.callsign), plays: Number(row.plays) })
    plays += Number(row.plays)
    firstUnix = Math.min(firstUnix ?? Infinity, Number(row.first_play_unix))
    lastUnix = Math.max(lastUnix ?? -Infinity, Number(row.last_play_unix))
  }
  stations.sort((a, b) => b.plays - a.plays || order(a.callsign, b.callsign))

  const clock = zoneClock(timezone)
  const time = new OverTime(clock, firstUnix, lastUnix)
  const hours = new Map<string, HoursOfDay>()
  for await (const row of each('plays_by_hour', ['callsign', 'hour_unix', 'plays'])) {
    const local = clock(Number(row.hour_unix))
    const count = Number(row.plays)
    time.add(local, count)
    const station = hours.get(String(row.callsign)) ?? new HoursOfDay()
    hours.set(String(row.callsign), station)
    station.add(Number(row.hour_unix), count)
  }
  const heatOf = stations.slice(0, heatStations).map((station) => station.callsign)

  const shownAlike = new Set(stations.slice(0, alikeStations).map((station) => station.callsign))
  const byStation = new Map([...shownAlike].map((callsign) => [callsign, new Map<string, number>()]))
  const repairs = new Map<string, number>()
  let repaired = 0
  for await (const row of each('plays', ['callsign', 'artist_clean', 'repaired', 'repair_rule'])) {
    const counts = byStation.get(row.callsign as string)
    if (counts) counts.set(row.artist_clean as string, (counts.get(row.artist_clean as string) ?? 0) + 1)
    if (Number(row.repaired) === 1) {
      repaired++
      const rule = text(row.repair_rule) ?? 'unknown'
      repairs.set(rule, (repairs.get(rule) ?? 0) + 1)
    }
  }

  const refusals = new Map<string, { rows: number; samples: { line: string; place: string }[] }>()
  let quarantined = 0
  for await (const row of each('quarantined_plays', ['reason', 'line', 'source_file', 'source_line'])) {
    quarantined++
    const entry = refusals.get(String(row.reason)) ?? { rows: 0, samples: [] }
    refusals.set(String(row.reason), entry)
    entry.rows++
    if (entry.samples.length < samplesPerReason) {
      const place = text(row.source_file)
        ? `${row.source_file}${row.source_line === null ? '' : `:${row.source_line}`}`
        : ''
      entry.samples.push({ line: clip(String(row.line), 200), place })
    }
  }

  const methods = new Map<string, { names: number; plays: number }>()
  const merges = new Best<ReportData['merges'][number]>(top, (a, b) => b.plays - a.plays || order(a.raw, b.raw))
  for await (const row of each('artist_names', ['raw_artist', 'artist_clean', 'method', 'score', 'plays'])) {
    const count = Number(row.plays)
    const method = String(row.method)
    const entry = methods.get(method) ?? { names: 0, plays: 0 }
    methods.set(method, { names: entry.names + 1, plays: entry.plays + count })
    if (row.raw_artist !== row.artist_clean && method !== 'exact') {
      merges.add({
        raw: String(row.raw_artist),
        clean: String(row.artist_clean),
        method,
        score: row.score === null ? null : Number(row.score),
        plays: count,
      })
    }
  }

  return {
    timezone,
    totals: {
      plays,
      artists,
      songs: songCount,
      stations: stations.length,
      repaired,
      quarantined,
      listenedMs,
      firstUnix,
      lastUnix,
    },
    topByPlays: byPlays.sorted(),
    topByListening: byListening.sorted(),
    bottomByPlays: bottom.sorted(),
    topSongs: songs.sorted(),
    overTime: time.points(),
    heat: {
      stations: heatOf,
      perHour: heatOf.map((callsign) => (hours.get(callsign) ?? new HoursOfDay()).perHour(clock)),
      of: stations.length,
    },
    alike: { ...alikeness(byStation), of: stations.length },
    enriched: [
      { what: 'artists looked up', found: artistsAsked, of: Math.max(artists, artistsAsked) },
      { what: 'artists identified', found: artistsKnown, of: Math.max(artists, artistsKnown) },
      { what: 'artists with a picture', found: pictured, of: artists },
      { what: 'plays of artists with a picture', found: picturedPlays, of: plays },
      { what: 'songs with a duration', found: timedSongs, of: songCount },
      { what: 'plays of songs with a duration', found: timedPlays, of: songPlays },
    ],
    repairs: [...repairs]
      .map(([rule, count]) => ({ rule, plays: count }))
      .sort((a, b) => b.plays - a.plays || order(a.rule, b.rule)),
    refusals: [...refusals]
      .map(([reason, entry]) => ({ reason, ...entry }))
      .sort((a, b) => b.rows - a.rows || order(a.reason, b.reason)),
    methods: [...methods]
      .map(([method, entry]) => ({ method, ...entry }))
      .sort((a, b) => b.names - a.names || order(a.method, b.method)),
    merges: merges.sorted(),
  }
}

type Row = Readonly<Record<string, unknown>>

async function* scan(
  source: ReportSource,
  relation: ReportRelation,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Row, void, undefined> {
  for await (const batch of source.batches(relation, { columns })) {
    signal?.throwIfAborted()
    for (let r = 0; r < batch.numRows; r++) {
      const row: Record<string, unknown> = {}
      for (let c = 0; c < batch.names.length; c++) row[batch.names[c]!] = batch.columns[c]![r] ?? null
      yield row
    }
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function songKey(row: Row): string {
  return `${row.artist_clean}\u0000${row.song_clean}`
}

function clip(line: string, characters: number): string {
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line
}

// By code unit: the same order on every machine.
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first `size` of what is added, by a total order. */
class Best<T> {
  readonly #size: number
  readonly #compare: (a: T, b: T) => number
  #kept: T[] = []

  constructor(size: number, compare: (a: T, b: T) => number) {
    this.#size = size
    this.#compare = compare
  }

  add(item: T): void {
    this.#kept.push(item)
    if (this.#kept.length >= 64 * this.#size) this.#kept = this.sorted()
  }

  sorted(): T[] {
    return this.#kept.sort(this.#compare).slice(0, this.#size)
  }
}

/** Local seconds (as if the zone were UTC) of a UTC second; the offset is asked once an hour. */
function zoneClock(timezone: string): (unix: number) => number {
  if (timezone === 'UTC') return (unix) => unix
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsets = new Map<number, number>()
  return (unix) => {
    const hour = Math.floor(unix / 3600)
    let offset = offsets.get(hour)
    if (offset === undefined) {
      const parts = Object.fromEntries(
        format.formatToParts(hour * 3_600_000).map((part) => [part.type, Number(part.value)]),
      )
      offset =
        Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000 - hour * 3600
      offsets.set(hour, offset)
    }
    return unix + offset
  }
}

/** Plays by hour, day or week, whichever gives a chart that can be read. */
class OverTime {
  readonly #unit: 'hour' | 'day' | 'week'
  readonly #seconds: number
  readonly #counts = new Map<number, number>()

  constructor(clock: (unix: number) => number, firstUnix: number | null, lastUnix: number | null) {
    const days = firstUnix === null || lastUnix === null ? 0 : (clock(lastUnix) - clock(firstUnix)) / 86_400
    this.#unit = days < 4 ? 'hour' : days <= 370 ? 'day' : 'week'
    this.#seconds = { hour: 3600, day: 86_400, week: 604_800 }[this.#unit]
  }

  add(local: number, plays: number): void {
    const slot = this.#slot(local)
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + plays)
  }

  // Weeks begin on Mondays; day 0 of the epoch was a Thursday.
  #slot(local: number): number {
    return Math.floor((this.#unit === 'week' ? local + 3 * 86_400 : local) / this.#seconds)
  }

  points(): ReportData['overTime'] {
    const slots = [...this.#counts.keys()]
    const points: { label: string; plays: number }[] = []
    if (slots.length > 0) {
      let first = Infinity
      let last = -Infinity
      for (const slot of slots) {
        first = Math.min(first, slot)
        last = Math.max(last, slot)
      }
      // A play in a wrong century must not make a million empty columns.
      for (let slot = Math.max(first, last - 2000); slot <= last; slot++) {
        const start = slot * this.#seconds - (this.#unit === 'week' ? 3 * 86_400 : 0)
        const iso = new Date(start * 1000).toISOString()
        points.push({
          label: this.#unit === 'hour' ? `${iso.slice(5, 10)} ${iso.slice(11, 13)}h` : iso.slice(0, 10),
          plays: this.#counts.get(slot) ?? 0,
        })
      }
    }
    return { unit: this.#unit, points }
  }
}

function alikeness(byStation: ReadonlyMap<string, ReadonlyMap<string, number>>): {
  stations: string[]
  cosine: number[][]
} {
  const names = [...byStation.keys()]
  const norms = names.map((name) => {
    let squares = 0
    for (const count of byStation.get(name)!.values()) squares += count * count
    return Math.sqrt(squares)
  })
  const cosine = names.map((a, i) =>
    names.map((b, j) => {
      if (i === j) return 1
      const [few, many] =
        byStation.get(a)!.size < byStation.get(b)!.size
          ? [byStation.get(a)!, byStation.get(b)!]
          : [byStation.get(b)!, byStation.get(a)!]
      let dot = 0
      for (const [artist, count] of few) dot += count * (many.get(artist) ?? 0)
      return norms[i]! * norms[j]! === 0 ? 0 : dot / (norms[i]! * norms[j]!)
    }),
  )
  const leaves = clustered(cosine)
  return { stations: leaves.map((i) => names[i]!), cosine: leaves.map((i) => leaves.map((j) => cosine[i]![j]!)) }
}

/** An order of the items in which the like stand together: leaves of average-linkage clustering. At most some tens of items. */
function clustered(similarity: readonly (readonly number[])[]): number[] {
  let groups = similarity.map((_, i) => [i])
  while (groups.length > 1) {
    let best: [number, number, number] = [-1, 0, 1]
    for (let a = 0; a < groups.length; a++) {
      for (let b = a + 1; b < groups.length; b++) {
        let sum = 0
        for (const i of groups[a]!) for (const j of groups[b]!) sum += similarity[i]![j]!
        const mean = sum / (groups[a]!.length * groups[b]!.length)
        if (mean > best[0]) best = [mean, a, b]
      }
    }
    const [, a, b] = best
    const joined = [...groups[a]!, ...groups[b]!]
    groups = groups.filter((_, i) => i !== a && i !== b)
    groups.push(joined)
  }
  return groups[0] ?? []
}
