import type { Case } from './case.ts'
import { Evidence } from './evidence.ts'
import { askRecordings, type Found, type Identity } from './identify.ts'
import { coverAddress } from './images.ts'
import type { LastfmAnswers } from './lastfm-names.ts'
import {
  type AgreedLength,
  agreeOnLength,
  artistScore,
  type ChosenRecording,
  chooseRecording,
  isEcho,
  jaroWinkler,
  type Length,
  normName,
  type Recording,
  readTitle,
  titleScore,
} from './match.ts'
import { providerList, type TrackRow } from './memory.ts'
import type { PairEvidence } from './pairs.ts'
import { rowState } from './rows.ts'
import type { LastfmTrack } from './services/lastfm.ts'
import type { PairMatch, RecordingMetadata } from './services/listenbrainz.ts'

interface TrackFacts {
  readonly mbid: string | null
  readonly artist: string
  readonly title: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly cover: string | null
}

/** What is known of one of our songs, as its row; `left` when the run ended before everything was known. */
export async function resolveSong(
  one: Case,
  title: string,
  pair: PairEvidence | undefined,
  found: Found,
  old: TrackRow | null,
  lastfm: LastfmAnswers | null,
): Promise<TrackRow | 'left'> {
  const { artist } = one.job
  const evidence = new Evidence()
  if (pair) evidence.add(pair.evidence)
  const { identity } = found
  const lengths: Length[] = []
  let track: TrackFacts | null = pair?.match ? pairFacts(artist, title, pair.match, pair.metadata, identity) : null
  if (track !== null) one.told?.song()
  if (track !== null && pair?.metadata?.lengthMs) {
    lengths.push({ ms: pair.metadata.lengthMs, source: 'listenbrainz', studio: true })
  }
  if (track === null) {
    const ids = identity ? [identity.mbid] : []
    const hit =
      found.hits.get(title) ?? (await askRecordings(one, [title], ids, () => pair?.degraded === true)).get(title)
    if (hit) evidence.add(hit.evidence)
    const choice = chooseRecording({ title, artist, artistMbids: ids }, hit?.recordings ?? [])
    if (choice) {
      lengths.push(...recordingLengths(title, choice, hit?.recordings ?? []))
      // A second source for the length, and the cover. What ListenBrainz itself did not match needs it only for a length.
      const wanted = !one.pairs || pair?.degraded === true || lengths.length === 0
      const answer = wanted ? await one.chain.metadata.ask(choice.recording.mbid, pair?.degraded === true) : null
      const metadata = answer === null ? null : evidence.take('listenbrainz', answer)
      track = recordingFacts(choice, metadata, identity)
      if (metadata?.lengthMs) lengths.push({ ms: metadata.lengthMs, source: 'listenbrainz', studio: true })
    }
  }
  if (track?.mbid && lengths.length === 0) {
    const recording = evidence.take('musicbrainz', await one.chain.lengths.ask(track.mbid))
    if (recording?.lengthMs) lengths.push({ ms: recording.lengthMs, source: 'musicbrainz', studio: recording.studio })
  }
  const names = await lastfmTrack(one, title, track, lengths, lastfm, evidence)
  if (track === null && names) track = await trackOfLastfm(one, names, identity, lengths, evidence)
  if (lengths.length === 0 && track !== null) await optionalLengths(one, title, lengths, evidence)
  if (evidence.left) return 'left'
  if (track !== null && lengths.length > 0) evidence.settle()
  return trackRow(one, title, track, names, agreeOnLength(lengths), evidence, old)
}

async function lastfmTrack(
  one: Case,
  title: string,
  track: TrackFacts | null,
  lengths: Length[],
  lastfm: LastfmAnswers | null,
  evidence: Evidence,
): Promise<LastfmTrack | null> {
  if (lastfm === null) return null
  const gap = track === null || lengths.length === 0
  const asked =
    lastfm.tracks.get(title) ??
    (one.lastfm === 'gaps' && gap ? one.chain.lastfmTracks.ask({ artist: one.job.artist, title }) : null)
  if (asked === null) return null
  const names = evidence.take('lastfm', await asked)
  if (names === null) return null
  if (
    titleScore(readTitle(title), readTitle(names.title)) === 0 &&
    jaroWinkler(normName(title), normName(names.title)) < 0.8
  )
    return null
  if (names.artist !== null && !isEcho(one.job.artist, names.artist)) return null
  if (names.lengthMs !== null) lengths.push({ ms: names.lengthMs, source: 'lastfm', studio: false })
  return names
}

// Last.fm knows the song and MusicBrainz did not find it: its id is believed if artist and title agree.
async function trackOfLastfm(
  one: Case,
  names: LastfmTrack,
  identity: Identity | null,
  lengths: Length[],
  evidence: Evidence,
): Promise<TrackFacts> {
  const facts: TrackFacts = {
    mbid: null,
    artist: names.artist ?? one.job.artist,
    title: names.title,
    source: 'lastfm',
    method: 'lastfm',
    score: 0.9,
    cover: null,
  }
  if (names.mbid === null) return facts
  const recording = evidence.take('musicbrainz', await one.chain.late.lengths.ask(names.mbid))
  const choice =
    recording &&
    chooseRecording({ title: names.title, artist: one.job.artist, artistMbids: identity ? [identity.mbid] : [] }, [
      recording,
    ])
  if (!choice) return facts
  if (choice.recording.lengthMs) {
    lengths.push({ ms: choice.recording.lengthMs, source: 'musicbrainz', studio: choice.recording.studio })
  }
  return { ...recordingFacts(choice, null, identity), method: 'lastfm+id' }
}

async function optionalLengths(
  { job, chain, deezer, itunes }: Case,
  title: string,
  lengths: Length[],
  evidence: Evidence,
): Promise<void> {
  const pair = { artist: job.artist, title }
  if (deezer) {
    const ms = evidence.take('deezer', await chain.deezerTracks.ask(pair))
    if (ms !== null) lengths.push({ ms, source: 'deezer', studio: false })
  }
  if (itunes && lengths.length === 0) {
    const ms = evidence.take('itunes', await chain.itunesTracks.ask(pair))
    if (ms !== null) lengths.push({ ms, source: 'itunes', studio: false })
  }
}

function trackRow(
  { job, clock, random }: Case,
  title: string,
  track: TrackFacts | null,
  names: LastfmTrack | null,
  length: AgreedLength | null,
  evidence: Evidence,
  old: TrackRow | null,
): TrackRow {
  const state = rowState(track !== null, evidence, old?.attempts ?? 0, clock.now(), random())
  const base = {
    artist_clean: job.artist,
    song_clean: title,
    providers_asked: providerList(evidence.providers),
    ...state.columns,
  }
  if (state.status === 'transient_error' && old?.status === 'found') {
    // What was found stays; only the time of the next try moves.
    return {
      ...old,
      ...state.columns,
      attempts: old.attempts + 1,
      expires_at: old.expires_at,
      fetched_at: old.fetched_at,
    }
  }
  const score = track === null ? null : track.score * (length?.agreed === false ? 0.9 : 1)
  return {
    ...base,
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
    status: state.status,
    match_method: track?.method ?? null,
    match_score: score === null ? null : Math.round(score * 1000) / 1000,
  }
}

// A look-up's match counts if it is of our act: by id, by name, or as part of a joint credit.
function pairFacts(
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
  if (!byId && score === 0 && !part) return null
  const agrees = match.title === null ? 1 : titleScore(readTitle(title), readTitle(match.title))
  return {
    mbid: match.recordingMbid,
    artist: identity?.name ?? credit ?? artist,
    title: metadata?.title ?? match.title ?? title,
    source: 'listenbrainz',
    method: byId ? 'pair+id' : 'pair',
    score: agrees * (byId ? 1 : score || 0.9),
    cover: metadata ? coverAddress(metadata.coverRelease, metadata.coverId) : null,
  }
}

function recordingFacts(
  choice: ChosenRecording,
  metadata: RecordingMetadata | null,
  identity: Identity | null,
): TrackFacts {
  return {
    mbid: choice.recording.mbid,
    artist: identity?.name ?? choice.credit.name,
    title: choice.recording.title,
    source: 'musicbrainz',
    method: choice.method,
    score: choice.score,
    cover: metadata ? coverAddress(metadata.coverRelease, metadata.coverId) : null,
  }
}

// Lengths of the chosen recording and of the others of the same kind: three pressings that agree outweigh an odd one.
function recordingLengths(title: string, choice: ChosenRecording, hits: readonly Recording[]): Length[] {
  const wanted = { title, artist: choice.credit.name, artistMbids: [choice.credit.mbid] }
  return hits.flatMap((one) => {
    const same = one.mbid === choice.recording.mbid || (one.studio && one.live === choice.recording.live)
    if (one.lengthMs === null || !same || chooseRecording(wanted, [one]) === null) return []
    return [{ ms: one.lengthMs, source: 'musicbrainz', studio: one.studio }]
  })
}
