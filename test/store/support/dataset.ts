import { createHash } from 'node:crypto'
import type { ColumnBatch, Load, LoadTable, NameDoubt, PublishResult, Store } from '../../../lib/store/index.ts'

export type Row = Readonly<Record<string, string | bigint | number | boolean | null>>

/** What a run would load: consistent tables made in JavaScript, so that expected values come from a second way. */
export interface Dataset {
  readonly rowsIn: bigint
  readonly duplicates: bigint
  /** As `LedgerInput.append`. */
  readonly append?: boolean
  readonly tables: Readonly<Record<LoadTable, readonly Row[]>>
}

export interface DatasetOptions {
  readonly plays: number
  readonly seed: number
  /** First play's number; two data sets that overlap share the plays of the same number. */
  readonly from?: number
  /** Every n-th play says something else than without this. */
  readonly changeEvery?: number
}

const artists = [
  ...['AC/DC', 'Guns N’ Roses', 'Motörhead', '“Weird Al” Yankovic', '!!!', 'Sigur Rós', '椎名林檎', 'ＡＢＢＡ', 'Zoë'],
  ...[
    "Robert'); DROP TABLE plays;--",
    '$1',
    '\\N',
    'tab\there',
    'back\\slash',
    'line\nbreak',
    'cr\rhere',
    '🎸',
    '%s',
    '{{x}}',
  ],
]

/** mulberry32: small, seeded, and the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const id = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

export function dataset({ plays: count, seed, from = 0, changeEvery = 0 }: DatasetOptions): Dataset {
  const plays: Row[] = []
  for (let number = from; number < from + count; number += 1) {
    const next = random(seed * 1_000_003 + number)
    const artist = artists[Math.floor(next() ** 2 * artists.length)]!
    const spelling = next() < 0.2 ? ` ${artist.toUpperCase()}` : artist
    const songNumber = Math.floor(next() * 12)
    const song = `Song ${songNumber} – «x»`
    const changed = changeEvery > 0 && number % changeEvery === 0
    const repaired = next() < 0.05
    plays.push({
      unique_id: id(`play ${seed} ${number}`),
      raw_song: song,
      raw_artist: spelling,
      song_clean: song.trim(),
      artist_clean: artist,
      featured: songNumber === 3 ? 'A Guest' : null,
      version: songNumber === 4 ? 'live' : null,
      callsign: `K${'ABC'[Math.floor(next() * 3)]}`,
      time: String(1_400_000_000 + number * 60),
      time_unix: BigInt(1_400_000_000 + number * 60),
      combined: changed ? 'changed' : next() < 0.5 ? `${song} by ${spelling}` : null,
      first_play: next() < 0.3 ? null : Math.floor(next() * 2),
      repaired: repaired ? 1 : 0,
      repair_rule: repaired ? 'anchor' : null,
      original_line: repaired ? `"${song};${spelling}";;` : null,
      source_file: 'data/plays.csv',
      source_line: BigInt(number + 2),
    })
  }
  const quarantined = Array.from({ length: Math.ceil(count / 100) }, (_, i): Row => {
    const text = `broken line ${from + i};;;`
    return {
      quarantine_id: id(text),
      reason: 'time does not parse',
      line: text,
      source_file: null,
      source_line: BigInt(i),
    }
  })
  const duplicates = BigInt(count % 7)
  return {
    rowsIn: BigInt(plays.length + quarantined.length) + duplicates,
    duplicates,
    tables: { plays, quarantined_plays: quarantined, ...aggregated(plays) },
  }
}

/** The tables that follow from the plays. */
function aggregated(plays: readonly Row[]): Omit<Dataset['tables'], 'plays' | 'quarantined_plays'> {
  const by = (key: (play: Row) => string) => [...Map.groupBy(plays, key).values()]
  const distinct = (group: readonly Row[], key: (play: Row) => string) => BigInt(new Set(group.map(key)).size)
  const songKey = (play: Row) => `${play.artist_clean}\0${play.song_clean}`
  const times = (group: readonly Row[]) => {
    const all = group.map((play) => play.time_unix as bigint)
    return {
      first_play_unix: all.reduce((a, b) => (a < b ? a : b)),
      last_play_unix: all.reduce((a, b) => (a > b ? a : b)),
    }
  }
  const hour = (play: Row) => ((play.time_unix as bigint) / 3600n) * 3600n
  return {
    artist_names: by((p) => String(p.raw_artist)).map((group) => ({
      raw_artist: group[0]!.raw_artist!,
      artist_clean: group[0]!.artist_clean!,
      artist_id: id(`artist ${group[0]!.artist_clean}`),
      method: group[0]!.raw_artist === group[0]!.artist_clean ? 'exact' : 'key',
      score: group[0]!.raw_artist === group[0]!.artist_clean ? null : 0.975,
      plays: BigInt(group.length),
      cleaned: String(group[0]!.raw_artist).trim(),
      name_key: String(group[0]!.artist_clean).toLowerCase(),
      evidence: null,
    })),
    song_names: by((p) => `${p.raw_artist}\0${p.raw_song}`).map((group) => ({
      raw_artist: group[0]!.raw_artist!,
      raw_song: group[0]!.raw_song!,
      artist_clean: group[0]!.artist_clean!,
      song_clean: group[0]!.song_clean!,
      song_id: id(`song ${songKey(group[0]!)}`),
      method: 'exact',
      score: 1,
      plays: BigInt(group.length),
      cleaned: String(group[0]!.raw_song).trim(),
      name_key: String(group[0]!.song_clean).toLowerCase(),
      evidence: null,
    })),
    artists: by((p) => String(p.artist_clean)).map((group) => ({
      artist_id: id(`artist ${group[0]!.artist_clean}`),
      artist_clean: group[0]!.artist_clean!,
      plays: BigInt(group.length),
      songs: distinct(group, songKey),
      stations: distinct(group, (p) => String(p.callsign)),
      ...times(group),
    })),
    songs: by(songKey).map((group) => ({
      song_id: id(`song ${songKey(group[0]!)}`),
      artist_id: id(`artist ${group[0]!.artist_clean}`),
      artist_clean: group[0]!.artist_clean!,
      song_clean: group[0]!.song_clean!,
      plays: BigInt(group.length),
      stations: distinct(group, (p) => String(p.callsign)),
      ...times(group),
    })),
    stations: by((p) => String(p.callsign)).map((group) => ({
      callsign: group[0]!.callsign!,
      plays: BigInt(group.length),
      artists: distinct(group, (p) => String(p.artist_clean)),
      songs: distinct(group, songKey),
      ...times(group),
    })),
    plays_by_hour: by((p) => `${p.callsign} ${hour(p)}`).map((group) => ({
      callsign: group[0]!.callsign!,
      hour_unix: hour(group[0]!),
      plays: BigInt(group.length),
    })),
  }
}

/** Rows as batches of columns, in an order of their own; an empty list is one batch with no row. */
export async function* batchesOf(
  rows: readonly Row[],
  names: readonly string[],
  size = 700,
): AsyncGenerator<ColumnBatch> {
  for (let start = 0; start < rows.length || start === 0; start += size) {
    const part = rows.slice(start, start + size)
    yield { numRows: part.length, names, columns: names.map((name) => part.map((row) => row[name])) }
  }
}

const meaning = ['song_clean', 'artist_clean', 'featured', 'version']

/** What is staged of the tables: plays without what their names mean, and that beside `song_names`. */
export function staged(tables: Dataset['tables']): Dataset['tables'] {
  const key = (row: Row) => `${row.raw_artist}\0${row.raw_song}`
  const byKey = new Map(tables.plays.map((play) => [key(play), play]))
  const without = (row: Row) => Object.fromEntries(Object.entries(row).filter(([name]) => !meaning.includes(name)))
  return {
    ...tables,
    plays: tables.plays.map(without),
    song_names: tables.song_names.map((row) => {
      const { featured = null, version = null } = byKey.get(key(row)) ?? {}
      return { ...row, featured, version }
    }),
  }
}

/** The columns of what is staged. */
export const columnNames: Readonly<Record<LoadTable, readonly string[]>> = Object.fromEntries(
  Object.entries(staged(dataset({ plays: 100, seed: 1 }).tables)).map(([table, rows]) => [
    table,
    Object.keys(rows[0]!),
  ]),
) as never

/** All tables at once, as the job writes them. */
export async function writeAll(load: Load, data: Dataset): Promise<void> {
  const tables = Object.entries(staged(data.tables)) as [LoadTable, readonly Row[]][]
  await Promise.all(tables.map(([table, rows]) => load.write(table, batchesOf(rows, columnNames[table]))))
}

/** A whole run: lock, load, publish, release. */
export async function run(
  store: Store,
  data: Dataset,
  runId: string,
  startedAt = new Date(0),
  doubts: readonly NameDoubt[] = [],
): Promise<PublishResult> {
  const lock = await store.lock({ runId, job: 'test' })
  try {
    const load = await store.startLoad({ runId, job: 'test', startedAt, inputs: [], versions: {}, settings: {} })
    try {
      await writeAll(load, data)
      return await load.publish({ ...data, doubts })
    } catch (error) {
      await load.abandon(error)
      throw error
    }
  } finally {
    await lock.release()
  }
}
