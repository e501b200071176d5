import { type DataFrame, expr, type SparkSession, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import {
  type ArtistEdge,
  type ArtistNode,
  artistBlocks,
  artistEdges,
  artistNodes,
  blockLimits,
  inLimit,
} from './artist-edges.ts'
import { artistName } from './artist-name.ts'
import { canonicalName } from './canonical.ts'
import { type Clusters, cluster, type Label } from './clusters.ts'
import { hold } from './hold.ts'
import { labelsOnServer } from './labels.ts'
import { type NamePair, settleOverrides } from './overrides.ts'
import { keepIds, type PreviousIds } from './previous-ids.ts'
import type { AcceptedPlay, ArtistName, SongName } from './schema.ts'
import { songEdges } from './song-edges.ts'
import { songName } from './song-name.ts'
import type { Sql } from './sql.ts'

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
  /** MusicBrainz ids by name as read, from earlier look-ups: one id joins, two ids keep apart. */
  readonly mbids?: DataFrame<{ artist: string; mbid: string }>
  /** Ids of the last run, so that they survive a change of the most played spelling. */
  readonly previous?: PreviousIds
  /** Told before any pair is compared. */
  readonly onEstimate?: (estimate: readonly PairEstimate[]) => void
  /** More pairs are refused. Default: 100 million. */
  readonly maxPairs?: number
  /** More edges than that are clustered on the server. Default: 200,000. */
  readonly maxEdges?: number
}

/** An edge that was not followed, or was followed on thin evidence: for a person to decide. */
export interface Doubt {
  readonly a: string
  readonly z: string
  readonly rule: string
  readonly score: number
  readonly plays: bigint
  readonly why: string
}

/** Plays of one spelling of artist and title on one station. Aggregates and names are made of these, not of the plays. */
export type NameTally = {
  raw_artist: string
  raw_song: string
  callsign: string
  plays: bigint
  first_play_unix: bigint
  last_play_unix: bigint
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

/** An id that changed its meaning since the last run. */
export type IdEvent = { kind: 'split' | 'merged'; id: string; into: string; name: string }

export interface ResolvedNames {
  readonly artistNames: DataFrame<ArtistName>
  readonly songNames: DataFrame<SongName>
  readonly meanings: DataFrame<Meaning>
  readonly tallies: DataFrame<NameTally>
  readonly estimate: readonly PairEstimate[]
  readonly doubts: readonly Doubt[]
  readonly idEvents: DataFrame<IdEvent> | null
}

// Joined to every play: so many names fit beside each task, and the plays need not be moved to them.
const mostBroadcast = 500_000n
// Between an artist's key and a title's: keys hold letters and digits only, or are behind `=` as they are read.
const keyMark = '\u001f'

/**
 * What each artist's name and each title means: distinct names cleaned, compared within blocks, clustered, and named by their
 * most played attested spelling.
 *
 * Plays stay on the server; up to `maxEdges` edges between names come here. *Cost:* grows with distinct names, not plays,
 * but for one aggregate. *Errors:* `AppError('input')` above `maxPairs`, `AppError('usage')` for overrides that contradict.
 */
export async function resolveNames(
  spark: SparkSession,
  plays: DataFrame<AcceptedPlay>,
  options: ResolveOptions = {},
): Promise<ResolvedNames> {
  const fuzzyThreshold = options.fuzzyThreshold ?? 90
  const tallies = await hold(
    plays.groupBy('raw_artist', 'raw_song', 'callsign').agg({
      plays: expr<bigint>('count(*)'),
      first_play_unix: expr<bigint>('min(time_unix)'),
      last_play_unix: expr<bigint>('max(time_unix)'),
    }),
  )
  const names: UntypedFrame = await hold(
    tallies
      .groupBy('raw_artist', 'raw_song')
      .agg({ plays: expr<bigint>('sum(plays)') })
      .selectExpr(
        'raw_artist',
        'raw_song',
        'plays',
        `${artistName('raw_artist')} as a`,
        `${songName('raw_song')} as s`,
      ),
  )

  const ids =
    options.mbids
      ?.selectExpr(`${artistName('artist')}.key as key`, 'mbid as id')
      .$castTo<{ key: string; id: string }>() ?? null
  const nodes = await hold(artistNodes(names, ids))
  const overrides = await settleOverrides(spark, options.overrides ?? [], nodes)
  const { estimate, edges } = await compareArtists(nodes, fuzzyThreshold, options)
  const artists = await clusterArtists(edges, options.maxEdges ?? 200_000, overrides)

  const byArtist = names
    .join(await artists.frame(spark), expr<boolean>('a.key = member'), 'left')
    .selectExpr('*', 'coalesce(canonical, a.key) as artist')
    .withColumnsRenamed({ method: 'artist_method', score: 'artist_score' })
    .drop('member', 'canonical')
  const heldByArtist: UntypedFrame = await hold(byArtist)
  const songs = await clusterSongs(heldByArtist, fuzzyThreshold, options.maxEdges ?? 200_000)
  const artistNamed = heldByArtist
    .groupBy({ artist: expr('artist'), name_key: expr('a.key'), display: expr('a.display') })
    .agg({ plays: expr('sum(plays)'), method: expr('max(artist_method)'), score: expr('max(artist_score)') })
    .groupBy('artist')
    .agg({ rows: expr('collect_list(struct(name_key, display, plays, method, score))') })
    .selectExpr('artist', `${canonicalName('rows')} as artist_best`)
  // A title's spellings are few: they are brought together, named, and parted again, which saves a join.
  const named: UntypedFrame = heldByArtist
    .join(await songs.frame(spark), expr<boolean>(`concat(artist, '${keyMark}', s.key) = member`), 'left')
    .groupBy({ artist: expr('artist'), song: expr(`coalesce(split_part(canonical, '${keyMark}', 2), s.key)`) })
    .agg({
      rows: expr(`collect_list(struct(raw_artist, raw_song, plays, a.key as artist_key, s.key as name_key, s.display,
        nullif(concat_ws(', ', a.featured, s.featured), '') as featured, s.version, artist_method, artist_score, method, score))`),
    })
    .selectExpr('artist', 'song', `${canonicalName('rows')} as song_best`, 'rows')
    .selectExpr('artist', 'song', 'song_best', 'inline(rows)')
    .join(artistNamed, 'artist')
    .selectExpr(
      'raw_artist',
      'raw_song',
      'plays',
      'artist_best.name as artist_clean',
      'song_best.name as song_clean',
      'featured',
      'version',
      "left(sha2(concat('artist', artist), 256), 32) as artist_id",
      `left(sha2(concat('song', artist, '${keyMark}', song), 256), 32) as song_id`,
      `${explained('raw_artist', 'artist_key', 'artist_method', 'artist_score', 'artist_best')} as artist_why`,
      `${explained('raw_song', 'name_key', 'method', 'score', 'song_best')} as song_why`,
    )
  const kept = options.previous ? await keepIds(await hold(named), options.previous) : { named, events: null }
  const final: UntypedFrame = await hold(kept.named)
  const spellings = await final.count()
  return {
    artistNames: final
      .groupBy('raw_artist')
      .agg({
        artist_clean: expr<string>('min(artist_clean)'),
        artist_id: expr<string>('min(artist_id)'),
        why: expr('min(artist_why)'),
        plays: expr<bigint>('sum(plays)'),
      })
      .selectExpr('raw_artist', 'artist_clean', 'artist_id', 'why.method', 'why.score', 'plays')
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
      )
      .$castTo<SongName>(),
    meanings: (spellings <= mostBroadcast ? final.hint('broadcast') : final)
      .selectExpr('raw_artist', 'raw_song', 'artist_id', 'artist_clean', 'song_id', 'song_clean', 'featured', 'version')
      .$castTo<Meaning>(),
    tallies,
    estimate,
    doubts: artists.doubts,
    idEvents: kept.events,
  }
}

/**
 * Why a name has its canonical one. The tree of a cluster hangs on its most played key, which need not be the key of the name
 * that is shown: then the way leads from one to the other, and the weaker part explains it.
 */
function explained(raw: Sql, key: Sql, method: Sql, score: Sql, best: Sql): Sql {
  const why = (rule: Sql, sure: Sql) => `named_struct('method', ${rule}, 'score', cast(${sure} as double))`
  return `case when ${raw} = ${best}.name then ${why("'exact'", '1')}
    when ${key} = ${best}.name_key then ${why("'key'", '1')}
    when ${method} is not null and (${best}.method is null or ${score} <= ${best}.score) then ${why(method, score)}
    else ${why(`${best}.method`, `${best}.score`)} end`
}

async function compareArtists(
  nodes: DataFrame<ArtistNode>,
  fuzzyThreshold: number,
  options: ResolveOptions,
): Promise<{ estimate: PairEstimate[]; edges: DataFrame<ArtistEdge> }> {
  const blocks = await hold(artistBlocks(nodes))
  const counted = await blocks
    .groupBy('rule')
    .agg({
      pairs: expr<bigint>(`coalesce(sum(if(${inLimit}, cast(names as bigint) * (names - 1) div 2, 0)), 0)`),
      droppedBlocks: expr<bigint>(`count_if(not ${inLimit})`),
    })
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
  return { estimate, edges: artistEdges(blocks, nodes, { fuzzyThreshold }) }
}

interface Labels {
  frame(spark: SparkSession): Promise<DataFrame<{ member: string; canonical: string; method: string; score: number }>>
  readonly doubts: readonly Doubt[]
}

const labelSchema = 'member string, canonical string, method string, score double'

function labelsOf(clusters: Clusters, plays: ReadonlyMap<string, bigint>, thin: readonly Doubt[]): Labels {
  const rows = [...clusters.labels].map(([member, label]: [string, Label]) => ({ member, ...label }))
  return {
    frame: (spark) => spark.createDataFrame(rows, labelSchema),
    doubts: [
      ...clusters.refused.map(({ edge, why }) => ({
        a: edge.a,
        z: edge.z,
        rule: edge.rule,
        score: edge.score,
        plays: (plays.get(edge.a) ?? 0n) + (plays.get(edge.z) ?? 0n),
        why,
      })),
      ...thin,
    ].sort((x, y) => Number(y.plays - x.plays) || (x.a < y.a ? -1 : 1)),
  }
}

async function clusterArtists(
  edges: DataFrame<ArtistEdge>,
  maxEdges: number,
  overrides: Awaited<ReturnType<typeof settleOverrides>>,
): Promise<Labels> {
  const rows = await edges.limit(maxEdges + 1).collect()
  if (rows.length > maxEdges) {
    const labels = await labelsOnServer(edges)
    return { frame: async () => labels, doubts: [] }
  }
  const members = new Map<string, { key: string; plays: bigint; id: string | null }>(
    overrides.members.map((m) => [m.key, m]),
  )
  for (const row of rows) {
    members.set(row.a, { key: row.a, plays: row.a_plays, id: row.a_id })
    members.set(row.z, { key: row.z, plays: row.z_plays, id: row.z_id })
  }
  const plays = new Map([...members.values()].map((m) => [m.key, m.plays]))
  // Two acts that are both played a lot and are alike in spelling alone: merged, and shown.
  const thin = rows
    .filter((row) => row.rule.startsWith('spelling') && row.a_plays >= 50n && row.z_plays >= 50n)
    .map((row) => ({
      a: row.a,
      z: row.z,
      rule: row.rule,
      score: row.score,
      plays: row.a_plays + row.z_plays,
      why: 'both played a lot',
    }))
  return labelsOf(
    cluster([...members.values()], [...overrides.edges, ...rows], { different: overrides.different }),
    plays,
    thin,
  )
}

async function clusterSongs(names: UntypedFrame, fuzzyThreshold: number, maxEdges: number): Promise<Labels> {
  const edges = songEdges(names, { fuzzyThreshold }).selectExpr(
    `concat(artist, '${keyMark}', a) as a`,
    `concat(artist, '${keyMark}', z) as z`,
    'a_plays',
    'z_plays',
    'rule',
    'score',
    '1 as shared',
    'cast(null as string) as a_id',
    'cast(null as string) as z_id',
  )
  return clusterArtists(edges.$castTo<ArtistEdge>(), maxEdges, { members: [], edges: [], different: [] })
}
