import { noSongFacts, type SongFacts, type TrackRow } from '../../model/lookups.ts'
import { coverAddress } from '../images.ts'
import { year as recordingYear } from '../json.ts'
import { actsIn } from '../match/acts.ts'
import { artistScore } from '../match/artists.ts'
import { joinedName, sameActs } from '../match/credits.ts'
import { songFacts } from '../match/descriptions.ts'
import type { AgreedLength } from '../match/lengths.ts'
import { normName } from '../match/names.ts'
import { type ChosenRecording, firstYear, type Recording } from '../match/recordings.ts'
import { readTitle, titleScore } from '../match/titles.ts'
import type { ListenerTrack, PairMatch, RecordingMetadata } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'
import type { ResolveContext } from './context.ts'
import { byHand } from './decisions.ts'
import { type Identity, plainIdentity } from './identity.ts'
import type { Provenance } from './provenance.ts'
import { providerList, rowState } from './rows.ts'

/** Which recording our song is. */
export interface TrackFacts {
  readonly mbid: string | null
  readonly artist: string
  readonly title: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly cover: string | null
  readonly facts: SongFacts
}

/** A look-up's match counts if it is of our act: by id, by name, or as part of a joint credit. */
export function pairFacts(
  artist: string,
  title: string,
  match: PairMatch,
  metadata: RecordingMetadata | null,
  identity: Identity | null,
): TrackFacts | null {
  const credit = match.artistCredit
  const byId = identity !== null && match.artistMbids.includes(identity.mbid)
  const score = credit === null ? 0 : artistScore(artist, { name: credit })
  const part = credit !== null && ` ${normName(credit)} `.includes(` ${normName(artist)} `)
  const joint = credit !== null && actsIn(artist).length > 1 && sameActs(artist, credit)
  if (!byId && score === 0 && !part && !joint) return null
  const agrees = match.title === null ? 1 : titleScore(readTitle(title), readTitle(match.title))
  return {
    mbid: match.recordingMbid,
    artist: identity?.name ?? credit ?? artist,
    title: metadata?.title ?? match.title ?? title,
    source: sourceOf(roles.songMatches),
    method: byId ? 'pair+id' : 'pair',
    score: agrees * (byId ? 1 : score || (joint ? 0.95 : 0.9)),
    cover: metadata ? coverAddress(metadata.coverRelease, metadata.coverId) : null,
    facts: songFacts([metadata?.description], largeCoverOf(metadata)),
  }
}

/** The facts of the recording that a person named. */
export function decidedFacts(
  named: { readonly mbid: string; readonly artist: string; readonly title: string },
  recording: Recording | null,
  metadata: RecordingMetadata | null,
): TrackFacts {
  const year = recordingYear(recording?.firstDate)
  const own = { ...recording?.description, ...(year === null ? {} : { year }) }
  return {
    mbid: named.mbid,
    artist: recording ? joinedName(recording.credits) : named.artist,
    title: recording?.title ?? metadata?.title ?? named.title,
    source: byHand,
    method: byHand,
    score: 1,
    cover: metadata ? coverAddress(metadata.coverRelease, metadata.coverId) : null,
    facts: songFacts([own, metadata?.description], largeCoverOf(metadata)),
  }
}

/**
 * The facts of a recording that a search brought.
 *
 * @param recordings all that carry the title: the song is as old as the oldest of them
 */
export function recordingFacts(
  choice: ChosenRecording,
  recordings: readonly Recording[],
  metadata: RecordingMetadata | null,
  identity: Identity | null,
): TrackFacts {
  return {
    mbid: choice.recording.mbid,
    artist: identity?.mbid === choice.credit.mbid ? identity.name : joinedName(choice.recording.credits),
    title: choice.recording.title,
    source: plainIdentity.source,
    method: choice.method,
    score: choice.score,
    cover: metadata ? coverAddress(metadata.coverRelease, metadata.coverId) : null,
    facts: factsOfChoice(choice, recordings, metadata),
  }
}

function factsOfChoice(
  choice: ChosenRecording,
  recordings: readonly Recording[],
  metadata: RecordingMetadata | null,
): SongFacts {
  // A concert, a remix or a demo stands in for a recording that nobody knows: its date and album are not the song's.
  if (choice.demoted) return { ...noSongFacts, genres: metadata?.description?.genres?.join(', ') ?? null }
  const year = firstYear(choice, recordings)
  const own = { ...choice.recording.description, ...(year === null ? {} : { year }) }
  return songFacts([own, metadata?.description], largeCoverOf(metadata))
}

const largeCoverOf = (metadata: RecordingMetadata | null) =>
  metadata ? coverAddress(metadata.coverRelease, metadata.coverId, 1200) : null

/** The row of a song. What was found before stays where asking again failed. */
export function trackRow(found: {
  readonly context: ResolveContext
  readonly title: string
  readonly track: TrackFacts | null
  /** What listeners call it. */
  readonly names: ListenerTrack | null
  readonly length: AgreedLength | null
  readonly provenance: Provenance
  readonly old: TrackRow | null
}): TrackRow {
  const { context, title, track, names, length, provenance, old } = found
  const { job, clock, random } = context
  const state = rowState(track !== null, provenance, old?.attempts ?? 0, clock.now(), random())
  if (state.status === 'transient_error' && old?.status === 'found') {
    // Only the time of the next try moves.
    const { expires_at, fetched_at } = old
    return { ...old, ...state.columns, attempts: old.attempts + 1, expires_at, fetched_at }
  }
  const score = track === null ? null : track.score * (length?.agreed === false ? 0.9 : 1)
  return {
    artist_clean: job.artist,
    song_clean: title,
    providers_asked: providerList(provenance.sources),
    ...state.columns,
    artist_lastfm: names?.artist ?? null,
    song_lastfm: names?.title ?? null,
    canonical_artist: track?.artist ?? null,
    canonical_title: track?.title ?? null,
    canonical_source: track?.source ?? null,
    recording_mbid: track?.mbid ?? null,
    duration_ms: length?.ms ?? null,
    duration_source: length?.source ?? null,
    duration_spread_ms: length?.spreadMs ?? null,
    cover_url: track?.cover ?? null,
    ...(track?.facts ?? noSongFacts),
    status: state.status,
    match_method: track?.method ?? null,
    match_score: score === null ? null : Math.round(score * 1000) / 1000,
  }
}
