import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../../lib/log.ts'
import { type ColumnBatch, type LoadTable, openStore, type Store } from '../../lib/store/index.ts'
import { inSeconds, median } from './measure.ts'

interface StoreBenchOptions {
  readonly plays: number
  /** An empty database; default: a new SQLite file. */
  readonly database?: string
}

const batchRows = 10_000
const artistCount = 2_000
const songCount = 20_000
const stationCount = 25
const start = 1_402_943_314

/**
 * The database alone, without Spark: rows/s into staging, and seconds of a first publish, of one that changes nothing and
 * of one in which every hundredth play differs; then rows/s of reading out.
 */
export async function benchStore(options: StoreBenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'radio-plays-bench-'))
  const store = await openStore(options.database ?? `sqlite:${join(folder, 'plays.db')}`, { log: silent })
  try {
    const { plays: present } = await store.totals()
    if (present > 0) throw new Error(`${store.address} is not empty`)
    const data = new Plays(options.plays)
    const derived = data.derived()
    const rates: number[] = []
    process.stdout.write(`${store.address}, ${options.plays} plays of 17 columns\n`)
    for (const [what, changeEvery] of [
      ['first publish', 0],
      ['nothing changed', 0],
      ['1 in 100 changed', 100],
    ] as const) {
      const { rowsPerSecond, publishSeconds, changed } = await load(store, data, derived, what, changeEvery)
      rates.push(rowsPerSecond)
      process.stdout.write(
        `${what.padEnd(18)} publish ${inSeconds(publishSeconds)} s  plays ${JSON.stringify(changed)}\n`,
      )
    }
    process.stdout.write(`load into staging  ${Math.round(median(rates))} rows/s\n`)
    for (const relation of ['plays', 'music_records'] as const) {
      const started = performance.now()
      let rows = 0
      await store.snapshot(async (reader) => {
        for await (const batch of reader.batches(relation)) rows += batch.numRows
      })
      const seconds = (performance.now() - started) / 1000
      process.stdout.write(`read ${relation.padEnd(13)} ${Math.round(rows / seconds)} rows/s\n`)
    }
    process.stdout.write(`peak memory        ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Derived = Readonly<Record<Exclude<LoadTable, 'plays'>, ColumnBatch>>

/** Loads the made-up plays; gives the rows/s of staging and the seconds of publishing. */
export async function load(store: Store, data: Plays, derived: Derived, runId: string, changeEvery: number) {
  const lock = await store.lock({ runId, job: 'bench' })
  try {
    const info = { runId, job: 'bench', startedAt: new Date(), inputs: [], versions: {}, settings: {} }
    const staged = await store.startLoad(info)
    let seconds = 0
    // Making the batches is not the database's time.
    for (const batch of data.batches(changeEvery)) {
      const started = performance.now()
      await staged.write('plays', only(batch))
      seconds += (performance.now() - started) / 1000
    }
    for (const [table, batch] of Object.entries(derived)) await staged.write(table as LoadTable, only(batch))
    const started = performance.now()
    const { changed } = await staged.publish({ rowsIn: BigInt(data.count), duplicates: 0n })
    const publishSeconds = (performance.now() - started) / 1000
    return { rowsPerSecond: data.count / seconds, publishSeconds, changed: changed.plays }
  } finally {
    await lock.release()
  }
}

async function* only(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
  yield batch
}

function batch(count: number, columns: Readonly<Record<string, (row: number) => unknown>>): ColumnBatch {
  const rows = Array.from({ length: count }, (_, row) => row)
  return {
    numRows: count,
    names: Object.keys(columns),
    columns: Object.values(columns).map((value) => rows.map(value)),
  }
}

const id = (text: string) => createHash('md5').update(text).digest('hex')
const artist = (song: number) => `Some Artist ${song % artistCount}`
const title = (song: number) => `The Title of a Song ${song}`
const callsign = (play: number) => `K${100 + (play % stationCount)}`

/** Plays that are cheap to make and shaped like real ones; song, artist and station follow from the play's number. */
export class Plays {
  readonly count: number

  constructor(count: number) {
    this.count = count
  }

  song(play: number): number {
    return (play * 7919) % songCount
  }

  *batches(changeEvery: number): Generator<ColumnBatch> {
    for (let from = 0; from < this.count; from += batchRows) {
      const song = (row: number) => this.song(from + row)
      const repaired = (row: number) => (from + row) % 45 === 0
      yield batch(Math.min(batchRows, this.count - from), {
        unique_id: (row) => id(`play ${from + row}`),
        raw_song: (row) => title(song(row)),
        raw_artist: (row) => artist(song(row)),
        callsign: (row) => callsign(from + row),
        time: (row) => String(start + from + row),
        time_unix: (row) => BigInt(start + from + row),
        combined: (row) =>
          `${title(song(row))} by ${artist(song(row))}${changeEvery > 0 && (from + row) % changeEvery === 0 ? '!' : ''}`,
        first_play: () => 1,
        repaired: (row) => (repaired(row) ? 1 : 0),
        repair_rule: (row) => (repaired(row) ? 'anchor' : null),
        original_line: (row) => (repaired(row) ? 'x'.repeat(100) : null),
        source_file: () => 'data/plays.csv',
        source_line: (row) => BigInt(from + row + 2),
      })
    }
  }

  /** The other tables, as the checks of a publish want them. */
  derived(): Derived {
    return derivedFrom(this.#counted(), this.count)
  }

  #counted() {
    const songs = new Map<number, number>()
    const artists = new Map<number, { plays: number; songs: Set<number> }>()
    const stations = new Map<string, number>()
    const hours = new Map<string, { callsign: string; hour: number; plays: number }>()
    for (let play = 0; play < this.count; play += 1) {
      const song = this.song(play)
      const of = artists.get(song % artistCount) ?? { plays: 0, songs: new Set() }
      const hour = Math.floor((start + play) / 3600) * 3600
      const key = `${callsign(play)} ${hour}`
      const byHour = hours.get(key) ?? { callsign: callsign(play), hour, plays: 0 }
      songs.set(song, (songs.get(song) ?? 0) + 1)
      artists.set(song % artistCount, { plays: of.plays + 1, songs: of.songs.add(song) })
      stations.set(callsign(play), (stations.get(callsign(play)) ?? 0) + 1)
      hours.set(key, { ...byHour, plays: byHour.plays + 1 })
    }
    return { songs, artists, stations, hours }
  }
}

type Counted = {
  readonly songs: ReadonlyMap<number, number>
  readonly artists: ReadonlyMap<number, { readonly plays: number; readonly songs: ReadonlySet<number> }>
  readonly stations: ReadonlyMap<string, number>
  readonly hours: ReadonlyMap<string, { readonly callsign: string; readonly hour: number; readonly plays: number }>
}

const exact = { method: () => 'exact', score: () => 1, evidence: () => null }

function derivedFrom({ songs, artists, stations, hours }: Counted, plays: number): Derived {
  const [song, artistOf] = [[...songs], [...artists]]
  const [station, hour] = [[...stations], [...hours.values()]]
  const span = { first_play_unix: () => start, last_play_unix: () => start + plays }
  return {
    quarantined_plays: batch(0, {
      ...{ quarantine_id: String, reason: String, line: String, source_file: String, source_line: String },
    }),
    artist_names: batch(artistOf.length, {
      raw_artist: (row) => artist(artistOf[row]![0]),
      artist_clean: (row) => artist(artistOf[row]![0]),
      artist_id: (row) => id(artist(artistOf[row]![0])),
      ...exact,
      plays: (row) => artistOf[row]![1].plays,
      cleaned: (row) => artist(artistOf[row]![0]),
      name_key: (row) => artist(artistOf[row]![0]),
    }),
    song_names: batch(song.length, {
      raw_artist: (row) => artist(song[row]![0]),
      raw_song: (row) => title(song[row]![0]),
      artist_clean: (row) => artist(song[row]![0]),
      song_clean: (row) => title(song[row]![0]),
      song_id: (row) => id(title(song[row]![0])),
      ...exact,
      plays: (row) => song[row]![1],
      cleaned: (row) => title(song[row]![0]),
      name_key: (row) => title(song[row]![0]),
      featured: (row) => (song[row]![0] % 50 === 0 ? 'A Guest' : null),
      version: () => null,
    }),
    artists: batch(artistOf.length, {
      artist_id: (row) => id(artist(artistOf[row]![0])),
      artist_clean: (row) => artist(artistOf[row]![0]),
      plays: (row) => artistOf[row]![1].plays,
      songs: (row) => artistOf[row]![1].songs.size,
      stations: () => stationCount,
      ...span,
    }),
    songs: batch(song.length, {
      song_id: (row) => id(title(song[row]![0])),
      artist_id: (row) => id(artist(song[row]![0])),
      artist_clean: (row) => artist(song[row]![0]),
      song_clean: (row) => title(song[row]![0]),
      plays: (row) => song[row]![1],
      stations: () => stationCount,
      ...span,
    }),
    stations: batch(station.length, {
      callsign: (row) => station[row]![0],
      plays: (row) => station[row]![1],
      artists: () => artistOf.length,
      songs: () => song.length,
      ...span,
    }),
    plays_by_hour: batch(hour.length, {
      callsign: (row) => hour[row]!.callsign,
      hour_unix: (row) => hour[row]!.hour,
      plays: (row) => hour[row]!.plays,
    }),
  }
}
