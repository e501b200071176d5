import { coalesce, type DataFrame, fieldsOf, type SparkSession } from 'spark-connect-js'
import { artistName } from '../clean/artist-name.ts'
import { pin } from '../pin.ts'
import type { AcceptedPlay, ArtistName, SongName } from '../schema.ts'
import { artistBlocks } from './artist-blocks.ts'
import { artistEdges } from './artist-edges.ts'
import { artistNodes } from './artist-nodes.ts'
import { cleanSpellings } from './clean-spellings.ts'
import { type EstimateOptions, estimatePairs, type PairEstimate } from './estimate.ts'
import { type Doubt, groupNames } from './group-names.ts'
import { bestArtists, nameAll } from './name-all.ts'
import { artistNames, meanings, songNames, tallies } from './name-tables.ts'
import { type NamePair, resolveArtistOverrides, resolveSongOverrides, type UnusedPair } from './overrides.ts'
import { songEdges } from './song-edges.ts'
import type { CleanSpelling, Meaning, NamedByArtist, NameLabel, NameTally } from './types.ts'

/** What the resolution of names may use. */
export interface ResolveOptions extends EstimateOptions {
  /** Percent of likeness that a spelling variant needs; 50 to 100. Default: 90. */
  readonly fuzzyThreshold?: number
  /** Pairs that a person decided; applied first. */
  readonly overrides?: readonly NamePair[]
  /** MusicBrainz ids by name, from earlier look-ups: one id joins, two ids keep apart. */
  readonly mbids?: DataFrame<{ artist: string; mbid: string }>
}

/** What every name means: tables, doubts and what plays join with. */
export interface ResolvedNames {
  readonly artistNames: DataFrame<ArtistName>
  readonly songNames: DataFrame<SongName>
  readonly meanings: DataFrame<Meaning>
  readonly tallies: DataFrame<NameTally>
  readonly estimate: readonly PairEstimate[]
  /** Of artists and of titles, some hundred of each kind, the most played ones. */
  readonly doubts: readonly Doubt[]
  readonly unusedOverrides: readonly UnusedPair[]
}

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
  const edgeOptions = { fuzzyThreshold: options.fuzzyThreshold ?? 90 }
  const pairs = options.overrides ?? []
  const names = await cleanSpellings(plays)

  const ids = options.mbids?.select((c) => ({ key: fieldsOf(artistName(c.artist)).key, id: c.mbid })) ?? null
  const nodes = await pin(artistNodes(names, ids))
  const artistOverrides = await resolveArtistOverrides(spark, pairs, nodes)
  const blocks = await pin(artistBlocks(nodes))
  const refused = new AbortController()
  const [{ estimate, spellings, shouts }, artists] = await Promise.all([
    estimatePairs(blocks, names, options).catch((error) => {
      refused.abort(error)
      throw error
    }),
    // Begun at once: what waits for the other is only what a run has too many pairs for.
    groupNames(spark, 'artist', artistEdges(blocks, nodes, edgeOptions), artistOverrides, refused.signal),
  ])

  const byArtist = await pin(namedByArtist(names, await artists.frame()))
  const songOverrides = await resolveSongOverrides(spark, pairs, byArtist)
  const [songs, artistBest] = await Promise.all([
    groupNames(
      spark,
      'song',
      songEdges(byArtist.select('artist', 'a', 's', 'plays', 'stations'), edgeOptions),
      songOverrides,
    ),
    pin(bestArtists(byArtist, shouts)),
  ])
  const named = await pin(nameAll(byArtist, await songs.frame(), artistBest, shouts))
  return {
    artistNames: artistNames(named),
    songNames: songNames(named),
    meanings: meanings(named, spellings),
    tallies: tallies(named),
    estimate,
    doubts: [...artists.doubts, ...songs.doubts],
    unusedOverrides: [...artistOverrides.unused, ...songOverrides.unused],
  }
}

/** The spellings with the key that stands for each artist. */
function namedByArtist(names: DataFrame<CleanSpelling>, labels: DataFrame<NameLabel>): DataFrame<NamedByArtist> {
  return names
    .join(labels, (name, label) => fieldsOf(name.a).key.eq(label.member), 'left')
    .select((c) => ({
      raw_artist: c.raw_artist,
      raw_song: c.raw_song,
      a: c.a,
      s: c.s,
      stations: c.stations,
      plays: c.plays,
      artist: coalesce(c.canonical, fieldsOf(c.a).key),
      artist_method: c.method,
      artist_score: c.score,
      artist_evidence: c.evidence,
    }))
}
