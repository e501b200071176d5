import { createReadStream } from 'node:fs'
import { parse } from 'fast-csv'
import { type DataFrame, expr } from 'spark-connect-js'
import { runCommand } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { frameLines, type InputGroup, planInputs } from '../lib/input/index.ts'
import {
  acceptPlays,
  bareName,
  bCubed,
  type Impurity,
  type Labelled,
  type ParsedPlay,
  type Play,
  parsePlays,
  resolveNames,
  withNames,
  worstMerges,
  worstSplits,
} from '../lib/plays/index.ts'
import { openSpark, readLines, type SparkServer } from '../lib/spark/index.ts'
import { table } from '../lib/terminal.ts'
import { fingerprint } from './score/fingerprint.ts'

interface Options {
  readonly truth?: string
  readonly distinct?: true
  readonly worst: string
  readonly json?: true
  readonly minArtists?: string
  readonly minSongs?: string
}

/** Plays that are equal in everything a score looks at. */
interface Group {
  readonly rawArtist: string
  readonly rawSong: string
  readonly artist: string
  readonly song: string
  readonly labelArtist: string
  readonly labelSong: string
  readonly plays: number
}

const alternatives: readonly (readonly [string, ((name: string) => string) | null])[] = [
  ['resolved', null],
  ['raw strings', (name) => name],
  ['lower case', (name) => name.toLowerCase()],
  ['fingerprint', fingerprint],
]

await runCommand<Options>({
  name: 'score',
  summary:
    'Resolves the names of a labelled log and compares them with what a person (or the generator) says they mean.',
  examples: [
    'npm run -s score -- data/rock-plays-raw.txt',
    'npm run -s score -- sample/plays.csv --truth sample/truth.csv',
    'npm run -s score -- names.csv --truth names-truth.csv --distinct',
  ],
  settings: ['sparkRemote', 'sparkToken', 'sparkHome', 'sparkDriverMemory', 'timezone', 'fuzzyThreshold'],
  configure: (command) =>
    command
      .argument('<file>', 'a play log; its COMBINED column holds "song by artist" unless --truth is given')
      .option('--truth <file>', 'right names by id: a CSV with unique_id, artist and song')
      .option('--distinct', 'count each distinct name once, not once per play')
      .option('--worst <n>', 'how many of the worst splits and merges to show', '10')
      .option('--json', 'the scores as one line of JSON')
      .option('--min-artists <f1>', 'exit 1 if the F1 of artists is lower')
      .option('--min-songs <f1>', 'exit 1 if the F1 of songs is lower'),
  async run({ settings, options, args, log, progress, signal, print }) {
    const plan = await planInputs([args[0]!])
    await using server = await openSpark({
      remote: settings.sparkRemote,
      token: settings.sparkToken,
      sparkHome: settings.sparkHome,
      driverMemory: settings.sparkDriverMemory,
      inputBytes: plan.bytes,
      log,
      signal,
    })
    const parsed = await progress.stage('read', () => readPlays(server, plan.groups, settings.timezone, signal))
    const { plays, ledger } = await progress.stage('repair', () => acceptPlays(parsed))
    const names = await progress.stage('resolve', () =>
      resolveNames(server.session, plays, { fuzzyThreshold: settings.fuzzyThreshold }),
    )
    const named = plays.transform(withNames(names))
    const truth = options.truth === undefined ? null : await readTruth(options.truth)
    const groups = await progress.stage('compare', () =>
      truth ? labelledByTruth(named, truth) : labelledByCombined(named),
    )
    if (groups.length === 0) throw new AppError('input', 'no play of this file has a label', { remedy: 'give --truth' })

    const scores = score(options.distinct ? distinctNames(groups) : groups)
    if (options.json) print(JSON.stringify(scores.rows))
    else {
      print(
        `${ledger.plays} plays of ${ledger.rowsIn} lines, ${ledger.repaired} repaired, ${ledger.quarantined} refused\n`,
      )
      print(table([['', 'artists F1', 'P', 'R', 'songs F1', 'P', 'R', 'names right', 'songs right'], ...scores.table]))
      const worst = Number(options.worst)
      print(`\nWorst splits of artists\n${impurities(worstSplits(scores.artists, worst))}`)
      print(`\nWorst merges of artists\n${impurities(worstMerges(scores.artists, worst))}`)
      print(`\nWorst splits of songs\n${impurities(worstSplits(scores.songs, worst))}`)
      print(`\nWorst merges of songs\n${impurities(worstMerges(scores.songs, worst))}`)
    }
    const ours = scores.rows[0]!
    for (const [what, f1, bar] of [
      ['artists', ours.artists.f1, options.minArtists],
      ['songs', ours.songs.f1, options.minSongs],
    ] as const) {
      if (bar !== undefined && f1 < Number(bar)) {
        throw new AppError('check', `the F1 of ${what} is ${f1.toFixed(4)}, below ${bar}`, {
          remedy: 'see the worst splits and merges',
        })
      }
    }
  },
})

async function readPlays(
  server: SparkServer,
  groups: readonly InputGroup[],
  timezone: string,
  signal: AbortSignal,
): Promise<DataFrame<ParsedPlay>> {
  const parsed: DataFrame<ParsedPlay>[] = []
  for (const group of groups) {
    const slices = frameLines(group.files, { signal })
    const lines = await readLines(server.session, slices, { scratch: server.scratch, signal })
    parsed.push(lines.transform(parsePlays(group.dialect, { timezone })))
  }
  return parsed.reduce((all, next) => all.unionByName(next))
}

async function labelledByCombined(named: DataFrame<Play>): Promise<Group[]> {
  const rows = await named
    .where('combined is not null')
    .groupBy('raw_artist', 'raw_song', 'artist_clean', 'song_clean', 'combined')
    .agg({ plays: expr<bigint>('count(*)') })
    .collect()
  return rows.map((row) => {
    const [, song = '', artist = ''] = /^(.*) by (.*)$/s.exec(row.combined!) ?? []
    return group(row, artist, song, Number(row.plays))
  })
}

async function labelledByTruth(
  named: DataFrame<Play>,
  truth: ReadonlyMap<string, { artist: string; song: string }>,
): Promise<Group[]> {
  const groups: Group[] = []
  const rows = named.select('unique_id', 'raw_artist', 'raw_song', 'artist_clean', 'song_clean')
  for await (const row of rows.toLocalIterator()) {
    const right = truth.get(row.unique_id)
    if (right) groups.push(group(row, right.artist, right.song, 1))
  }
  return groups
}

function group(
  row: { raw_artist: string; raw_song: string; artist_clean: string; song_clean: string },
  labelArtist: string,
  labelSong: string,
  plays: number,
): Group {
  return {
    rawArtist: row.raw_artist,
    rawSong: row.raw_song,
    artist: row.artist_clean,
    song: row.song_clean,
    labelArtist,
    labelSong,
    plays,
  }
}

async function readTruth(path: string): Promise<Map<string, { artist: string; song: string }>> {
  const truth = new Map<string, { artist: string; song: string }>()
  const rows: AsyncIterable<Record<string, string>> = createReadStream(path).pipe(parse({ headers: true }))
  for await (const row of rows) truth.set(row.unique_id!, { artist: row.artist!, song: row.song! })
  return truth
}

/** Each distinct pair of names once; a pair with two labels has the more played one. */
function distinctNames(groups: readonly Group[]): Group[] {
  const best = new Map<string, Group>()
  for (const each of groups) {
    const key = JSON.stringify([each.rawArtist, each.rawSong])
    if ((best.get(key)?.plays ?? 0) < each.plays) best.set(key, each)
  }
  return [...best.values()].map((each) => ({ ...each, plays: 1 }))
}

// What one would try first, to compare with.
function score(groups: readonly Group[]) {
  const plays = groups.reduce((sum, each) => sum + each.plays, 0)
  const rows = alternatives.map(([method, key]) => {
    const artistOf = (each: Group) => (key ? key(each.rawArtist) : each.artist)
    const songOf = (each: Group) => (key ? key(each.rawSong) : each.song)
    const artists = groups.map(
      (each): Labelled => ({ cluster: artistOf(each), label: each.labelArtist, plays: each.plays }),
    )
    const songs = groups.map(
      (each): Labelled => ({
        cluster: `${songOf(each)} — ${artistOf(each)}`,
        label: `${each.labelSong} — ${each.labelArtist}`,
        plays: each.plays,
      }),
    )
    const right = (name: (each: Group) => string, label: (each: Group) => string) =>
      groups.reduce((sum, each) => sum + (bareName(name(each)) === bareName(label(each)) ? each.plays : 0), 0) / plays
    return {
      method,
      artists: bCubed(artists),
      songs: bCubed(songs),
      artistsRight:
        key && method !== 'raw strings'
          ? null
          : right(
              (e) => (key ? e.rawArtist : e.artist),
              (e) => e.labelArtist,
            ),
      songsRight:
        key && method !== 'raw strings'
          ? null
          : right(
              (e) => (key ? e.rawSong : e.song),
              (e) => e.labelSong,
            ),
      clusters: { artists, songs },
    }
  })
  const digits = (value: number | null) => (value === null ? '' : value.toFixed(4))
  return {
    rows: rows.map(({ clusters: _, ...row }) => row),
    table: rows.map(({ method, artists, songs, artistsRight, songsRight }) => [
      method,
      ...[artists.f1, artists.precision, artists.recall, songs.f1, songs.precision, songs.recall].map(digits),
      digits(artistsRight),
      digits(songsRight),
    ]),
    artists: rows[0]!.clusters.artists,
    songs: rows[0]!.clusters.songs,
  }
}

function impurities(list: readonly Impurity[]): string {
  if (list.length === 0) return '  none'
  return table(
    list.map(({ name, cost, parts }) => [
      `  ${name}`,
      cost.toFixed(1),
      parts
        .slice(0, 6)
        .map((part) => `${part.name} (${part.plays})`)
        .join(' · '),
    ]),
    110,
  )
}
