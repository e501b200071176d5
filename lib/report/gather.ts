import { isNoAct } from '../model/no-act.ts'
import {
  hoursOfDay,
  lifeOf,
  type PlayLog,
  PlayLogBuilder,
  readMusicFacts,
  stationViews,
  zoneClock,
} from '../stations/index.ts'
import { alikeness } from './alike.ts'
import type { ArtistPicture, RankedArtist, ReportData, ReportRelation, ReportSource } from './data.ts'
import { OverTime } from './over-time.ts'
import { gatherOwnTables } from './own-tables.ts'
import { Repertoire } from './repertoire.ts'
import { Best, clip, order, type Row, scan, songKey, text } from './scan.ts'

/** How the figures of a report are gathered. */
export interface GatherOptions {
  /** IANA zone of hours and days. Default: UTC. */
  readonly timezone?: string
  /** Names in each ranking. Default: 20. */
  readonly top?: number
  readonly signal?: AbortSignal
}

const heatStations = 40
const alikeStations = 30
const viewedStations = 12
const songsWithLives = 3
const samplesPerReason = 3

/** Reads columns of a relation, row by row. */
type Rows = (relation: ReportRelation, columns: readonly string[]) => AsyncIterable<Row>

/**
 * Reads the relations once each and keeps what a report shows.
 *
 * *Cost:* one scan of each relation; of `plays` seven columns, and three more where songs were new in some of their plays. *Memory:* in proportion to names, and some 50 bytes a play.
 */
export async function gatherReport(source: ReportSource, options: GatherOptions = {}): Promise<ReportData> {
  const timezone = options.timezone ?? 'UTC'
  const top = options.top ?? 20
  const rows: Rows = (relation, columns) => scan(source, relation, columns, options.signal)

  const lookedUp = await gatherPictures(rows)
  const repertoire = new Repertoire(timezone, lookedUp.genres)
  const songs = await gatherSongs(rows, top, repertoire)
  await repertoire.countTurning(rows)
  const artists = await gatherArtists(rows, top, songs.listened, lookedUp.pictures)
  const stations = await gatherStations(rows)
  const overTime = await gatherTime(rows, timezone, stations)
  const { repaired, repairs, log } = await gatherPlays(source, options)
  const view = stationViews(log, { facts: await readMusicFacts(source) })
  const lives = await gatherLives(rows, log, songs.top)
  const { quarantined, refusals } = await gatherRefusals(rows)
  const { methods, merges } = await gatherNames(rows, top)
  const ownTables = await gatherOwnTables(source)

  return {
    timezone,
    log,
    totals: {
      plays: stations.plays,
      artists: artists.count,
      songs: songs.count,
      stations: stations.names.length,
      repaired,
      quarantined,
      listenedMs: artists.listenedMs,
      firstUnix: stations.firstUnix,
      lastUnix: stations.lastUnix,
    },
    topByPlays: artists.byPlays,
    topByListening: artists.byListening,
    playedOnce: artists.once,
    topSongs: songs.top,
    overTime,
    heat: heatOf(log),
    alike: alikeOf(log),
    stationViews: { views: log.stations.slice(0, viewedStations).map(view), of: log.stations.length },
    lives,
    enriched: [
      { what: 'artists looked up', found: lookedUp.asked, of: Math.max(artists.count, lookedUp.asked) },
      { what: 'artists identified', found: lookedUp.known, of: Math.max(artists.count, lookedUp.known) },
      { what: 'artists with a picture', found: artists.pictured, of: artists.count },
      { what: 'plays of artists with a picture', found: artists.picturedPlays, of: stations.plays },
      { what: 'songs with a duration', found: songs.timed, of: songs.count },
      { what: 'plays of songs with a duration', found: songs.timedPlays, of: songs.plays },
    ],
    repertoire: repertoire.figures(),
    repairs,
    refusals,
    methods,
    merges,
    ownTables,
  }
}

async function gatherPictures(rows: Rows) {
  const pictures = new Map<string, ArtistPicture>()
  const genres = new Map<string, string>()
  let asked = 0
  let known = 0
  for await (const row of rows('artist_images', [
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
    'genres',
  ])) {
    asked++
    const named = text(row.genres)
    if (named !== null) genres.set(String(row.artist_clean), named)
    if (row.identity_status === 'found') known++
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
  return { pictures, genres, asked, known }
}

async function gatherSongs(rows: Rows, size: number, repertoire: Repertoire) {
  const durations = new Map<string, number>()
  const facts = ['artist_clean', 'song_clean', 'duration_ms', 'first_release_year', 'genres']
  for await (const row of rows('track_info', facts)) {
    repertoire.addFacts(row)
    if (row.duration_ms !== null) durations.set(songKey(row), Number(row.duration_ms))
  }
  /** Per artist, milliseconds of all plays whose song's duration is known. */
  const listened = new Map<string, number>()
  const best = new Best<ReportData['topSongs'][number]>(
    size,
    (a, b) => b.plays - a.plays || order(a.song, b.song) || order(a.artist, b.artist),
  )
  const totals = { count: 0, plays: 0, timed: 0, timedPlays: 0 }
  const columns = ['artist_clean', 'song_clean', 'plays', 'stations', 'first_play_unix', 'last_play_unix']
  for await (const row of rows('songs', columns)) {
    repertoire.addSong(row)
    const plays = Number(row.plays)
    const artist = String(row.artist_clean)
    totals.count++
    totals.plays += plays
    if (!isNoAct(artist)) best.add({ song: String(row.song_clean), artist, plays, stations: Number(row.stations) })
    const ms = durations.get(songKey(row))
    if (ms === undefined) continue
    totals.timed++
    totals.timedPlays += plays
    listened.set(artist, (listened.get(artist) ?? 0) + plays * ms)
  }
  return { ...totals, listened, top: best.sorted() }
}

async function gatherArtists(
  rows: Rows,
  size: number,
  listened: ReadonlyMap<string, number>,
  pictures: ReadonlyMap<string, ArtistPicture>,
) {
  const byPlays = new Best<RankedArtist>(size, (a, b) => b.plays - a.plays || order(a.artist, b.artist))
  const byListening = new Best<RankedArtist>(size, (a, b) => b.listenedMs - a.listenedMs || order(a.artist, b.artist))
  const totals = { count: 0, once: 0, listenedMs: 0, pictured: 0, picturedPlays: 0 }
  for await (const row of rows('artists', ['artist_clean', 'plays', 'songs', 'stations'])) {
    const artist = String(row.artist_clean)
    const ranked: RankedArtist = {
      artist,
      plays: Number(row.plays),
      songs: Number(row.songs),
      stations: Number(row.stations),
      listenedMs: listened.get(artist) ?? 0,
      picture: pictures.get(artist) ?? null,
    }
    totals.count++
    totals.listenedMs += ranked.listenedMs
    if (ranked.picture) {
      totals.pictured++
      totals.picturedPlays += ranked.plays
    }
    if (isNoAct(artist)) continue
    byPlays.add(ranked)
    if (ranked.listenedMs > 0) byListening.add(ranked)
    if (ranked.plays === 1) totals.once++
  }
  return { ...totals, byPlays: byPlays.sorted(), byListening: byListening.sorted() }
}

interface Stations {
  /** Most plays first. */
  readonly names: readonly string[]
  readonly plays: number
  readonly firstUnix: number | null
  readonly lastUnix: number | null
}

async function gatherStations(rows: Rows): Promise<Stations> {
  const stations: { callsign: string; plays: number }[] = []
  let plays = 0
  let firstUnix: number | null = null
  let lastUnix: number | null = null
  for await (const row of rows('stations', ['callsign', 'plays', 'first_play_unix', 'last_play_unix'])) {
    stations.push({ callsign: String(row.callsign), plays: Number(row.plays) })
    plays += Number(row.plays)
    firstUnix = Math.min(firstUnix ?? Infinity, Number(row.first_play_unix))
    lastUnix = Math.max(lastUnix ?? -Infinity, Number(row.last_play_unix))
  }
  stations.sort((a, b) => b.plays - a.plays || order(a.callsign, b.callsign))
  return { names: stations.map(({ callsign }) => callsign), plays, firstUnix, lastUnix }
}

async function gatherTime(
  rows: Rows,
  timezone: string,
  { firstUnix, lastUnix }: Stations,
): Promise<ReportData['overTime']> {
  const clock = zoneClock(timezone)
  const time = new OverTime(clock, firstUnix, lastUnix)
  for await (const row of rows('plays_by_hour', ['hour_unix', 'plays'])) {
    time.add(clock(Number(row.hour_unix)), Number(row.plays))
  }
  return time.points()
}

function heatOf({ stations }: PlayLog): ReportData['heat'] {
  const shown = stations.slice(0, heatStations)
  return { stations: shown.map(({ callsign }) => callsign), perHour: shown.map(hoursOfDay), of: stations.length }
}

/** By columns: an object for each of a million plays costs more than reading them. */
async function gatherPlays(source: ReportSource, { timezone = 'UTC', signal }: GatherOptions) {
  const builder = new PlayLogBuilder()
  const byRule = new Map<string, number>()
  let repaired = 0
  const columns = ['callsign', 'artist_clean', 'song_clean', 'time_unix', 'featured', 'repaired', 'repair_rule']
  for await (const { numRows, columns: batch } of source.batches('plays', { columns })) {
    signal?.throwIfAborted()
    const [callsigns, artists, songs, times, guests] = batch as [string[], string[], string[], bigint[], unknown[]]
    const [isRepaired, rules] = [batch[5]!, batch[6]!]
    for (let r = 0; r < numRows; r++) {
      builder.add(callsigns[r]!, artists[r]!, songs[r]!, Number(times[r]), text(guests[r]))
      if (Number(isRepaired[r]) !== 1) continue
      repaired++
      const rule = text(rules[r]) ?? 'unknown'
      byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
    }
  }
  const repairs = [...byRule]
    .map(([rule, plays]) => ({ rule, plays }))
    .sort((a, b) => b.plays - a.plays || order(a.rule, b.rule))
  return { repaired, repairs, log: builder.build(timezone) }
}

function alikeOf({ stations, titles }: PlayLog): ReportData['alike'] {
  const byStation = new Map<string, ReadonlyMap<string, number>>()
  for (const { callsign, spinsOf } of stations.slice(0, alikeStations)) {
    const counts = new Map<string, number>()
    for (const [title, spins] of spinsOf) {
      const { artist } = titles[title]!
      counts.set(artist, (counts.get(artist) ?? 0) + spins.length)
    }
    byStation.set(callsign, counts)
  }
  return { ...alikeness(byStation), of: stations.length }
}

async function gatherLives(rows: Rows, log: PlayLog, songs: ReportData['topSongs']): Promise<ReportData['lives']> {
  const lives = songs
    .slice(0, songsWithLives)
    .map(({ artist, song }) => lifeOf(log, artist, song))
    .filter((life) => life !== null)
    .map((life) => ({ ...life, spellings: [] as string[] }))
  const columns = ['raw_artist', 'raw_song', 'artist_clean', 'song_clean']
  for await (const row of rows('song_names', columns)) {
    const life = lives.find(({ artist, song }) => artist === row.artist_clean && song === row.song_clean)
    life?.spellings.push(`${row.raw_song} – ${row.raw_artist}`)
  }
  return lives
}

async function gatherRefusals(rows: Rows) {
  const byReason = new Map<string, { rows: number; samples: { line: string; place: string }[] }>()
  let quarantined = 0
  for await (const row of rows('quarantined_plays', ['reason', 'line', 'source_file', 'source_line'])) {
    quarantined++
    const entry = byReason.get(String(row.reason)) ?? { rows: 0, samples: [] }
    byReason.set(String(row.reason), entry)
    entry.rows++
    if (entry.samples.length >= samplesPerReason) continue
    const line = row.source_line === null ? '' : `:${row.source_line}`
    const place = text(row.source_file) ? `${row.source_file}${line}` : ''
    entry.samples.push({ line: clip(String(row.line), 200), place })
  }
  const refusals = [...byReason]
    .map(([reason, entry]) => ({ reason, ...entry }))
    .sort((a, b) => b.rows - a.rows || order(a.reason, b.reason))
  return { quarantined, refusals }
}

async function gatherNames(rows: Rows, size: number) {
  const byMethod = new Map<string, { names: number; plays: number }>()
  const merges = new Best<ReportData['merges'][number]>(size, (a, b) => b.plays - a.plays || order(a.raw, b.raw))
  for await (const row of rows('artist_names', ['raw_artist', 'artist_clean', 'method', 'score', 'plays'])) {
    const plays = Number(row.plays)
    const method = String(row.method)
    const entry = byMethod.get(method) ?? { names: 0, plays: 0 }
    byMethod.set(method, { names: entry.names + 1, plays: entry.plays + plays })
    if (row.raw_artist === row.artist_clean || method === 'exact') continue
    merges.add({
      raw: String(row.raw_artist),
      clean: String(row.artist_clean),
      method,
      score: row.score === null ? null : Number(row.score),
      plays,
    })
  }
  const methods = [...byMethod]
    .map(([method, entry]) => ({ method, ...entry }))
    .sort((a, b) => b.names - a.names || order(a.method, b.method))
  return { methods, merges: merges.sorted() }
}
