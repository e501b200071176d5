import { createHash } from 'node:crypto'
import { silent } from '../../lib/log.ts'
import { type LoadTable, type NameDoubt, openStore } from '../../lib/store/index.ts'
import { staged } from '../store/support/dataset.ts'

/** One play as a test states it; names are as read unless a clean form is given. */
export interface GivenPlay {
  readonly artist: string
  readonly song: string
  readonly callsign: string
  readonly timeUnix: number
  readonly artistClean?: string
  readonly songClean?: string
  readonly method?: string
  readonly repairRule?: string
}

export interface Filling {
  readonly plays: readonly GivenPlay[]
  readonly doubts?: readonly NameDoubt[]
  readonly refused?: readonly { readonly reason: string; readonly line: string }[]
}

const id = (...parts: string[]) => createHash('sha256').update(parts.join('\u001f')).digest('hex').slice(0, 32)

type Row = Record<string, unknown>

/** The tables that a load of these plays writes, by a plain way of counting that knows nothing of Spark. */
export function tablesOf(filling: Filling): Record<LoadTable, Row[]> {
  const plays = filling.plays.map((play, i) => ({
    ...play,
    uniqueId: `${play.callsign}${String(i).padStart(6, '0')}`,
    artistClean: play.artistClean ?? play.artist,
    songClean: play.songClean ?? play.song,
  }))
  type Play = (typeof plays)[number]
  const grouped = (key: (play: Play) => string) => [...Map.groupBy(plays, key).values()]
  const distinct = (some: readonly Play[], key: (play: Play) => string) => new Set(some.map(key)).size
  const span = (some: readonly Play[]) => {
    const times = some.map((play) => play.timeUnix).sort((a, b) => a - b)
    return { first_play_unix: times[0]!, last_play_unix: times.at(-1)! }
  }
  const songId = (play: Play) => id(play.artistClean, play.songClean)
  return {
    plays: plays.map((play, i) => ({
      unique_id: play.uniqueId,
      raw_song: play.song,
      raw_artist: play.artist,
      song_clean: play.songClean,
      artist_clean: play.artistClean,
      featured: null,
      version: null,
      callsign: play.callsign,
      time: String(play.timeUnix),
      time_unix: play.timeUnix,
      combined: null,
      first_play: null,
      repaired: play.repairRule ? 1 : 0,
      repair_rule: play.repairRule ?? null,
      original_line: play.repairRule ? `${play.song};${play.artist}` : null,
      source_file: 'plays.csv',
      source_line: i + 2,
    })),
    quarantined_plays: (filling.refused ?? []).map(({ reason, line }, i) => ({
      quarantine_id: id(reason, line, String(i)),
      reason,
      line,
      source_file: 'plays.csv',
      source_line: plays.length + i + 2,
    })),
    artist_names: grouped((play) => play.artist).map((some) => ({
      raw_artist: some[0]!.artist,
      artist_clean: some[0]!.artistClean,
      artist_id: id(some[0]!.artistClean),
      method: some[0]!.method ?? (some[0]!.artist === some[0]!.artistClean ? 'exact' : 'key'),
      score: null,
      plays: some.length,
      cleaned: some[0]!.artist,
      name_key: some[0]!.artist.toLowerCase(),
      evidence: !['exact', 'key'].includes(some[0]!.method ?? 'key')
        ? `${some[0]!.artist} ~ ${some[0]!.artistClean}`
        : null,
    })),
    song_names: grouped((play) => `${play.artist}\u001f${play.song}`).map((some) => ({
      raw_artist: some[0]!.artist,
      raw_song: some[0]!.song,
      artist_clean: some[0]!.artistClean,
      song_clean: some[0]!.songClean,
      song_id: songId(some[0]!),
      method: 'exact',
      score: null,
      plays: some.length,
      cleaned: some[0]!.song,
      name_key: some[0]!.song.toLowerCase(),
      evidence: null,
    })),
    artists: grouped((play) => play.artistClean).map((some) => ({
      artist_id: id(some[0]!.artistClean),
      artist_clean: some[0]!.artistClean,
      plays: some.length,
      songs: distinct(some, songId),
      stations: distinct(some, (play) => play.callsign),
      ...span(some),
    })),
    songs: grouped(songId).map((some) => ({
      song_id: songId(some[0]!),
      artist_id: id(some[0]!.artistClean),
      artist_clean: some[0]!.artistClean,
      song_clean: some[0]!.songClean,
      plays: some.length,
      stations: distinct(some, (play) => play.callsign),
      ...span(some),
    })),
    stations: grouped((play) => play.callsign).map((some) => ({
      callsign: some[0]!.callsign,
      plays: some.length,
      artists: distinct(some, (play) => play.artistClean),
      songs: distinct(some, songId),
      ...span(some),
    })),
    plays_by_hour: grouped((play) => `${play.callsign} ${Math.floor(play.timeUnix / 3600)}`).map((some) => ({
      callsign: some[0]!.callsign,
      hour_unix: Math.floor(some[0]!.timeUnix / 3600) * 3600,
      plays: some.length,
    })),
  }
}

/** Loads the plays into the database at the address, as a run of the main job would. */
export async function fillStore(url: string, filling: Filling): Promise<void> {
  const store = await openStore(url, { log: silent, clock: () => new Date('2026-03-01T12:00:00Z') })
  try {
    const lock = await store.lock({ runId: 'test', job: 'job:aggregate' })
    const load = await store.startLoad({
      runId: 'test',
      job: 'job:aggregate',
      startedAt: new Date('2026-03-01T11:59:00Z'),
      inputs: [],
      versions: {},
      settings: {},
    })
    for (const [table, rows] of Object.entries(staged(tablesOf(filling) as never)) as [LoadTable, Row[]][]) {
      const names = Object.keys(rows[0] ?? {})
      const batch = { numRows: rows.length, names, columns: names.map((name) => rows.map((row) => row[name])) }
      await load.write(
        table,
        (async function* () {
          if (rows.length > 0) yield batch
        })(),
      )
    }
    const rowsIn = BigInt(filling.plays.length + (filling.refused?.length ?? 0))
    await load.publish({ rowsIn, duplicates: 0n, doubts: filling.doubts ?? [] })
    await lock.release()
  } finally {
    await store.close()
  }
}
