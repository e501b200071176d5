import { type DataFrame, expr, type SparkSession, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import {
  artistBlocks,
  artistEdges,
  artistNodes,
  type Block,
  blockLimits,
  inLimit,
  type NameEdge,
} from './artist-edges.ts'
import { artistName } from './artist-name.ts'
import { canonicalName } from './canonical.ts'
import { type Doubt, groupNames, keyMark } from './group-names.ts'
import { hold } from './hold.ts'
import { type NamePair, settleArtistOverrides, settleSongOverrides } from './overrides.ts'
import type { AcceptedPlay, ArtistName, SongName } from './schema.ts'
import { songEdges } from './song-edges.ts'
import { songName } from './song-name.ts'
import type { Sql } from './sql.ts'
import { guestsBehind, versionBehind } from './version.ts'

/** How many pairs of names each way to find them gives. */
export interface PairEstimate {
  readonly rule: string
  readonly pairs: bigint
  /** Blocks that are too large to say anything; their pairs are not compared. */
  readonly droppedBlocks: bigint
}

export interface ResolveOptions {
  /** Percent of likeness that a spelling variant needs; 50 to 100. Default: 90. */
  readonly fuzzyThreshold?: number
  /** Pairs that a person decided; applied first. */
  readonly overrides?: readonly NamePair[]
  /** MusicBrainz ids by name, from earlier look-ups: one id joins, two ids keep apart. */
  readonly mbids?: DataFrame<{ artist: string; mbid: string }>
  /** Told before any pair is compared. */
  readonly onEstimate?: (estimate: readonly PairEstimate[]) => void
  /** More pairs are refused. Default: 100 million. */
  readonly maxPairs?: number
}

/** What one spelling of artist and title means. Grain (`raw_artist`, `raw_song`). */
export type Meaning = {
  raw_artist: string
  raw_song: string
  artist_id: string
  artist_clean: string
  song_id: string
  song_clean: string
  featured: string | null
  version: string | null
}

/**
 * Plays of one spelling of artist and title on one station. Grain (spelling, `callsign`). Aggregates are made of these, not of
 * the plays.
 */
export type NameTally = {
  artist_id: string
  artist_clean: string
  song_id: string
  song_clean: string
  callsign: string
  plays: bigint
  first_play_unix: bigint
  last_play_unix: bigint
}

export interface ResolvedNames {
  readonly artistNames: DataFrame<ArtistName>
  readonly songNames: DataFrame<SongName>
  readonly meanings: DataFrame<Meaning>
  readonly tallies: DataFrame<NameTally>
  readonly estimate: readonly PairEstimate[]
  /** Of artists and of titles, some hundred of each kind, the most played ones. */
  readonly doubts: readonly Doubt[]
  /** Overrides that do nothing, since nobody plays one of the names. */
  readonly unheardOverrides: readonly NamePair[]
}

// Joined to every play: so many names fit beside each task, and the plays need not be moved to them.
const mostBroadcast = 500_000n

/**
 * What each artist's name and each title means: distinct names cleaned, compared within blocks, clustered, and named by their
 * most played attested spelling.
 *
 * Plays stay on the server; the edges between names come here. *Cost:* grows with distinct names, not plays,
 * but for one aggregate. *Errors:* `AppError('input')` above `maxPairs`, `AppError('usage')` for overrides that contradict.
 */
export async function resolveNames(
  spark: SparkSession,
  plays: DataFrame<AcceptedPlay>,
  options: ResolveOptions = {},
): Promise<ResolvedNames> {
  const fuzzyThreshold = options.fuzzyThreshold ?? 90
  const spelled = plays
    .groupBy('raw_artist', 'raw_song', 'callsign')
    .agg({
      plays: expr<bigint>('count(*)'),
      first_play_unix: expr<bigint>('min(time_unix)'),
      last_play_unix: expr<bigint>('max(time_unix)'),
    })
    // The next two groupings find their rows together; each would move them.
    .repartition('raw_song')
    .groupBy('raw_artist', 'raw_song')
    .agg({
      stations: expr('collect_list(struct(callsign, plays, first_play_unix, last_play_unix))'),
      plays: expr<bigint>('sum(plays)'),
    })
  // Each title and each artist is cleaned once, however many go together: cleaning is what costs. Held in between, since the
  // rules for both are more than Spark resolves in one plan.
  const titled: UntypedFrame = await hold(
    spelled
      .groupBy('raw_song')
      .agg({ rows: expr('collect_list(struct(raw_artist, stations, plays))') })
      .selectExpr('raw_song', 'rows', `${songName('raw_song')} as s`),
  )
  const names: UntypedFrame = await hold(
    titled
      .selectExpr('raw_song', 's', 'inline(rows)')
      .groupBy('raw_artist')
      .agg({ rows: expr('collect_list(struct(raw_song, s, stations, plays))') })
      .selectExpr('raw_artist', 'rows', `${artistName('raw_artist')} as a`)
      .selectExpr('raw_artist', 'a', 'inline(rows)'),
  )

  const ids =
    options.mbids
      ?.selectExpr(`${artistName('artist')}.key as key`, 'mbid as id')
      .$castTo<{ key: string; id: string }>() ?? null
  const nodes = await hold(artistNodes(names, ids))
  const pairs = options.overrides ?? []
  const artistOverrides = await settleArtistOverrides(spark, pairs, nodes)
  const blocks = await hold(artistBlocks(nodes))
  const refused = new AbortController()
  const [{ estimate, spellings }, artists] = await Promise.all([
    estimatePairs(blocks, names, options).catch((error) => {
      refused.abort(error)
      throw error
    }),
    // Begun at once: what waits for the other is only what a run has too many pairs for.
    groupNames(spark, 'artist', artistEdges(blocks, nodes, { fuzzyThreshold }), artistOverrides, refused.signal),
  ])

  const byArtist = names
    .join(await artists.frame(), expr<boolean>('a.key = member'), 'left')
    .selectExpr('*', 'coalesce(canonical, a.key) as artist')
    .withColumnsRenamed({ method: 'artist_method', score: 'artist_score', evidence: 'artist_evidence' })
    .drop('member', 'canonical')
  const heldByArtist: UntypedFrame = await hold(byArtist)
  const songOverrides = await settleSongOverrides(spark, pairs, heldByArtist, songMember)
  const artistNamed = heldByArtist
    .groupBy({ artist: expr('artist'), name_key: expr('a.key'), display: expr('a.display') })
    .agg({
      plays: expr('sum(plays)'),
      method: expr('max(artist_method)'),
      score: expr('max(artist_score)'),
      evidence: expr('max(artist_evidence)'),
    })
    .groupBy('artist')
    .agg({ rows: expr('collect_list(struct(name_key, display, plays, method, score, evidence))') })
    .selectExpr('artist', `${canonicalName('rows')} as artist_best`)
  const [songs, artistBest] = await Promise.all([
    groupNames(spark, 'song', songPairs(heldByArtist, fuzzyThreshold), songOverrides),
    hold(artistNamed),
  ])
  // A title's spellings are few: they are brought together, named, and parted again, which saves a join.
  const named: UntypedFrame = heldByArtist
    .join(await songs.frame(), expr<boolean>(`${songMember('artist', 's.key')} = member`), 'left')
    .groupBy({ artist: expr('artist'), song: expr(`coalesce(split_part(canonical, '${keyMark}', 2), s.key)`) })
    .agg({
      rows: expr(`collect_list(struct(raw_artist, raw_song, plays, stations, a.display as artist_cleaned, a.key as artist_key,
        s.key as name_key, s.display, nullif(concat_ws(', ', a.featured, s.featured), '') as featured, s.version,
        artist_method, artist_score, artist_evidence, method, score, evidence))`),
    })
    .selectExpr('artist', 'song', `${canonicalName('rows')} as song_best`, 'rows')
    .selectExpr('artist', 'song', 'song_best', 'inline(rows)')
    .join(artistBest, 'artist')
    .selectExpr(
      'raw_artist',
      'raw_song',
      'plays',
      'stations',
      'artist_best.name as artist_clean',
      'song_best.name as song_clean',
      `nullif(concat_ws(', ', ${guestsBehind('artist_cleaned', 'artist_best.name')}, featured), '') as featured`,
      `coalesce(version, ${versionBehind('display', 'song_best.name')}) as version`,
      "left(sha2(concat('artist', artist), 256), 32) as artist_id",
      `left(sha2(concat('song', artist, '${keyMark}', song), 256), 32) as song_id`,
      'artist_cleaned',
      'artist_key',
      'display as song_cleaned',
      'name_key as song_key',
      `${explained('raw_artist', 'artist_key', 'artist_', 'artist_best')} as artist_why`,
      `${explained('raw_song', 'name_key', '', 'song_best')} as song_why`,
    )
  const final: UntypedFrame = await hold(named)
  return {
    artistNames: final
      .groupBy('raw_artist')
      .agg({
        artist_clean: expr<string>('min(artist_clean)'),
        artist_id: expr<string>('min(artist_id)'),
        cleaned: expr<string>('min(artist_cleaned)'),
        name_key: expr<string>('min(artist_key)'),
        why: expr('min(artist_why)'),
        plays: expr<bigint>('sum(plays)'),
      })
      .selectExpr(
        'raw_artist',
        'artist_clean',
        'artist_id',
        'why.method',
        'why.score',
        'plays',
        'cleaned',
        'name_key',
        'why.evidence',
      )
      .$castTo<ArtistName>(),
    songNames: final
      .selectExpr(
        'raw_artist',
        'raw_song',
        'artist_clean',
        'song_clean',
        'song_id',
        'song_why.method',
        'song_why.score',
        'plays',
        'song_cleaned as cleaned',
        'song_key as name_key',
        'song_why.evidence',
        'featured',
        'version',
      )
      .$castTo<SongName>(),
    meanings: (spellings <= mostBroadcast ? final.hint('broadcast') : final)
      .selectExpr('raw_artist', 'raw_song', 'artist_id', 'artist_clean', 'song_id', 'song_clean', 'featured', 'version')
      .$castTo<Meaning>(),
    tallies: final
      .selectExpr('artist_id', 'artist_clean', 'song_id', 'song_clean', 'inline(stations)')
      .$castTo<NameTally>(),
    estimate,
    doubts: [...artists.doubts, ...songs.doubts],
    unheardOverrides: [...artistOverrides.unheard, ...songOverrides.unheard],
  }
}

/** A title of an artist as one key. */
function songMember(artist: Sql, title: Sql): Sql {
  return `concat(${artist}, '${keyMark}', ${title})`
}

/**
 * Why a name has its canonical one. The tree of a cluster hangs on its most played key, which need not be the key of the name
 * that is shown: then the way leads from one to the other, and the weaker part explains it.
 */
function explained(raw: Sql, key: Sql, prefix: Sql, best: Sql): Sql {
  const why = (method: Sql, score: Sql, evidence: Sql) =>
    `named_struct('method', ${method}, 'score', cast(${score} as double), 'evidence', cast(${evidence} as string))`
  const [method, score, evidence] = [`${prefix}method`, `${prefix}score`, `${prefix}evidence`]
  return `case when ${raw} = ${best}.name then ${why("'exact'", '1', 'null')}
    when ${key} = ${best}.name_key then ${why("'key'", '1', 'null')}
    when ${method} is not null and (${best}.method is null or ${score} <= ${best}.score)
      then ${why(method, score, evidence)}
    else ${why(`${best}.method`, `${best}.score`, `${best}.evidence`)} end`
}

/** Counts what would be compared, and the spellings with it, which saves a query. *Errors:* see `resolveNames`. */
async function estimatePairs(
  blocks: DataFrame<Block>,
  names: UntypedFrame,
  options: ResolveOptions,
): Promise<{ estimate: PairEstimate[]; spellings: bigint }> {
  const counted = await blocks
    .groupBy('rule')
    .agg({
      pairs: expr<bigint>('sum(pairs)'),
      droppedBlocks: expr<bigint>(`count_if(not ${inLimit})`),
    })
    .union(
      names.agg({
        rule: expr<string>("'spellings'"),
        pairs: expr<bigint>('count(*)'),
        droppedBlocks: expr<bigint>('0L'),
      }),
    )
    .collect()
  const estimate = Object.keys(blockLimits).map(
    (rule) => counted.find((row) => row.rule === rule) ?? { rule, pairs: 0n, droppedBlocks: 0n },
  )
  options.onEstimate?.(estimate)
  const pairs = estimate.reduce((sum, row) => sum + row.pairs, 0n)
  const maxPairs = options.maxPairs ?? 100_000_000
  if (pairs > maxPairs) {
    throw new AppError('input', `resolving the artists would compare ${pairs} pairs of names, more than ${maxPairs}`, {
      place: estimate.map((row) => `${row.rule}: ${row.pairs}`).join(', '),
      remedy: 'load the files in several runs, or look for a column that is no artist (an id, a date)',
    })
  }
  return { estimate, spellings: counted.find((row) => row.rule === 'spellings')?.pairs ?? 0n }
}

/** The edges between titles, each within one artist. */
function songPairs(names: UntypedFrame, fuzzyThreshold: number): DataFrame<NameEdge> {
  return songEdges(names, { fuzzyThreshold })
    .selectExpr(
      `${songMember('artist', 'a')} as a`,
      `${songMember('artist', 'z')} as z`,
      'a_plays',
      'z_plays',
      'rule',
      'score',
      '0 as shared',
      'cast(null as string) as a_id',
      'cast(null as string) as z_id',
      'near',
      'cast(null as array<string>) as sides',
    )
    .$castTo<NameEdge>()
}
