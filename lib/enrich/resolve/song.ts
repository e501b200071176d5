import { noSongFacts, type TrackRow } from '../../model/lookups.ts'
import { isEcho } from '../match/artists.ts'
import { agreeOnLength, type Length } from '../match/lengths.ts'
import { normName } from '../match/names.ts'
import { type ChosenRecording, chooseRecording, type Recording } from '../match/recordings.ts'
import { jaroWinkler } from '../match/similarity.ts'
import { medleyParts, readTitle, titleScore } from '../match/titles.ts'
import type { Answer, AnswerSource } from '../requests/request-spec.ts'
import type { ListenerTrack, RecordingMetadata } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import type { ResolveContext } from './context.ts'
import { type Found, type Hits, searchRecordings, searchWidely } from './identify.ts'
import type { Identity } from './identity.ts'
import { byListeners, byListenersId, type ListenerNames } from './listener-names.ts'
import type { PairAnswer } from './pairs.ts'
import { Provenance } from './provenance.ts'
import { decidedFacts, pairFacts, recordingFacts, type TrackFacts, trackRow } from './track-row.ts'

/** What is known of one of our songs, as its row; `left` when the run ended before everything was known. */
export async function resolveSong(
  context: ResolveContext,
  title: string,
  pair: PairAnswer | undefined,
  found: Found,
  old: TrackRow | null,
  listenerNames: ListenerNames | null,
): Promise<TrackRow | 'left'> {
  const song = new SongResolution(context, title, found.identity)
  await song.takeDecision()
  song.takePair(pair)
  await song.search(pair, found.hits.get(title))
  await song.lookUpLength()
  const names = await song.askListenerNames(listenerNames)
  await song.askOptIn()
  const { provenance, track, lengths } = song
  if (provenance.left) return 'left'
  if (track !== null && lengths.length > 0) provenance.close()
  return trackRow({ context, title, track, names, length: agreeOnLength(lengths), provenance, old })
}

/** One song on its way from its look-up to its row: each step adds what the ones before did not find. */
class SongResolution {
  readonly provenance = new Provenance()
  readonly lengths: Length[] = []
  track: TrackFacts | null = null
  readonly #context: ResolveContext
  readonly #title: string
  readonly #identity: Identity | null
  #isMedley = false

  constructor(context: ResolveContext, title: string, identity: Identity | null) {
    this.#context = context
    this.#title = title
    this.#identity = identity
  }

  get #artist(): string {
    return this.#context.job.artist
  }

  get #artistMbids(): string[] {
    return this.#identity ? [this.#identity.mbid] : []
  }

  #addLength(ms: number | null | undefined, from: AnswerSource, studio: boolean): void {
    if (ms) this.lengths.push({ ms, source: from.name, studio, isReference: from.isReference })
  }

  /** The recording that a person named; the id stands even where nobody knows it. */
  async takeDecision(): Promise<void> {
    const mbid = this.#context.decided.songMbid(this.#title)
    if (mbid === null) return
    const { chain } = this.#context
    const [answer, described] = await Promise.all([
      chain.lengths.request(mbid, true),
      chain.metadata.request(mbid, true),
    ])
    const recording = this.provenance.record(answer)
    const metadata = this.provenance.record(described)
    this.#describeActs(metadata)
    this.track = decidedFacts({ mbid, artist: this.#artist, title: this.#title }, recording, metadata)
    this.#addLength(recording?.lengthMs, answer.from, true)
    this.#addLength(metadata?.lengthMs, described.from, true)
  }

  /** The match that its names were looked up with. */
  takePair(pair: PairAnswer | undefined): void {
    if (pair === undefined || this.track !== null) return
    this.provenance.add(pair.provenance)
    this.#describeActs(pair.metadata)
    if (pair.match === null) return
    this.track = pairFacts(this.#artist, this.#title, pair.match, pair.metadata, this.#identity)
    if (this.track === null) return
    this.#context.observer?.song()
    if (pair.from) this.#addLength(pair.metadata?.lengthMs, pair.from, true)
  }

  #describeActs(metadata: RecordingMetadata | null): void {
    for (const { mbid, description } of metadata?.artists ?? []) this.#context.descriptions.add(mbid, description)
  }

  /** Recordings that carry our title, where the look-up brought none. */
  async search(pair: PairAnswer | undefined, known: Hits | undefined): Promise<void> {
    if (this.track !== null) return
    const { chain, pairs } = this.#context
    const ids = this.#artistMbids
    const degraded = pair?.degraded === true
    const hits = known ?? (await searchRecordings(this.#context, [this.#title], ids, () => degraded)).get(this.#title)
    if (hits === undefined) return
    this.provenance.add(hits.provenance)
    // Its row is left to the next run: what else is asked now would not make it whole.
    if (this.provenance.left) return
    const wanted = { title: this.#title, artist: this.#artist, artistMbids: ids }
    let choice = chooseRecording(wanted, hits.recordings)
    let found = hits
    if (choice === null || choice.demoted) {
      // Bands stand behind solo names, and titles are written in several ways: asked once more, in other words.
      const wide = (await searchWidely(this.#context, [this.#title], ids)).get(this.#title)
      if (wide) {
        this.provenance.add(wide.provenance)
        found = { ...hits, recordings: [...hits.recordings, ...wide.recordings] }
        choice = chooseRecording({ ...wanted, byName: true }, found.recordings)
      }
    }
    if (choice === null) {
      await this.#searchParts(ids)
      // One request each: worth it for a song of an act that somebody knows.
      if (this.track === null && pairs && !degraded && this.#identity !== null) await this.#lookUpAlone()
      return
    }
    this.#addRecordingLengths(choice, found)
    // A second source for the length, and the cover. What the look-up did not match needs it only for a length.
    const isWanted = !pairs || degraded || this.lengths.length === 0
    const answer = isWanted ? await chain.metadata.request(choice.recording.mbid, degraded) : null
    const metadata = answer && this.provenance.record(answer)
    this.#describeActs(metadata)
    this.track = recordingFacts(choice, found.recordings, metadata, this.#identity)
    if (answer) this.#addLength(metadata?.lengthMs, answer.from, true)
  }

  /** The titles of a medley, one by one; a medley lasts as long as all of them. */
  async #searchParts(artistMbids: readonly string[]): Promise<void> {
    const parts = medleyParts(this.#title)
    if (parts.length < 2) return
    const hits = await searchRecordings(this.#context, parts, artistMbids, () => false)
    const choices = parts.map((title) => {
      const hit = hits.get(title)
      if (hit) this.provenance.add(hit.provenance)
      return chooseRecording({ title, artist: this.#artist, artistMbids }, hit?.recordings ?? [])
    })
    const [first] = choices
    if (!first) return
    const facts = recordingFacts(first, [], null, this.#identity)
    const part = { title: this.#title, method: `${facts.method}:part`, score: facts.score * 0.9 }
    this.#isMedley = true
    // The parts of a medley have their own years and albums.
    this.track = { ...facts, ...part, facts: noSongFacts }
    const lengths = choices.map((choice) => choice?.recording.lengthMs ?? null)
    const from = hits.get(parts[0] ?? '')?.from
    if (from && lengths.every((ms) => ms !== null)) {
      this.#addLength(
        lengths.reduce((sum, ms) => sum + ms, 0),
        from,
        true,
      )
    }
  }

  /** The fuzzy look-up of one pair, where no search brought anything. */
  async #lookUpAlone(): Promise<void> {
    const { chain, job } = this.#context
    const pair = { artist: job.artist, title: this.#title }
    if (!roles.songMatches.fitsLookup(pair)) return
    const match = this.provenance.record(await chain.pairAlone.request(pair))
    if (match === null || !this.#context.decided.allows(match.artistMbids)) return
    if (match.title !== null && titleScore(readTitle(pair.title), readTitle(match.title)) === 0) return
    const answer = await chain.metadata.request(match.recordingMbid)
    const metadata = this.provenance.record(answer)
    this.#describeActs(metadata)
    this.track = pairFacts(this.#artist, this.#title, match, metadata, this.#identity)
    if (this.track) this.#addLength(metadata?.lengthMs, answer.from, true)
  }

  // Lengths of the chosen recording and of the others of the same kind: three pressings that agree outweigh an odd one.
  #addRecordingLengths(choice: ChosenRecording, { recordings, from }: Hits): void {
    const wanted = { title: this.#title, artist: choice.credit.name, artistMbids: [choice.credit.mbid] }
    for (const one of recordings) {
      const same = one.mbid === choice.recording.mbid || (one.studio && one.live === choice.recording.live)
      if (same && chooseRecording(wanted, [one]) !== null) this.#addLength(one.lengthMs, from, one.studio)
    }
  }

  /** The length of a recording that is known by its id alone. */
  async lookUpLength(): Promise<void> {
    // A medley has the id of its first title, which says nothing about the length of all of them.
    if (!this.track?.mbid || this.#isMedley || this.lengths.length > 0) return
    const answer = await this.#context.chain.lengths.request(this.track.mbid)
    const recording = this.provenance.record(answer)
    if (recording) this.#addLength(recording.lengthMs, answer.from, recording.studio)
  }

  /** What listeners call it; their length, and their id where nobody else found the song. */
  async askListenerNames(names: ListenerNames | null): Promise<ListenerTrack | null> {
    const asked = names && this.#listenerTrack(names)
    if (!asked) return null
    const answer = await asked
    const track = this.provenance.record(answer)
    if (track === null || !this.#isEcho(track)) return null
    this.#addLength(track.lengthMs, answer.from, false)
    if (this.track === null) this.track = await this.#listenerFacts(track, answer.from)
    return track
  }

  #listenerTrack(names: ListenerNames): Promise<Answer<ListenerTrack>> | null {
    const { chain, listenerNames } = this.#context
    const gap = this.track === null || this.lengths.length === 0
    const known = names.tracks.get(this.#title)
    if (known) return known
    if (listenerNames !== 'gaps' || !gap) return null
    return chain.listenerTracks.request({ artist: this.#artist, title: this.#title })
  }

  #isEcho(track: ListenerTrack): boolean {
    const [ours, theirs] = [this.#title, track.title]
    const alike =
      titleScore(readTitle(ours), readTitle(theirs)) > 0 || jaroWinkler(normName(ours), normName(theirs)) >= 0.8
    return alike && (track.artist === null || isEcho(this.#artist, track.artist))
  }

  // Listeners know the song and no search found it: their id is believed if artist and title agree.
  async #listenerFacts(names: ListenerTrack, from: AnswerSource): Promise<TrackFacts> {
    const facts: TrackFacts = {
      mbid: null,
      artist: names.artist ?? this.#artist,
      title: names.title,
      source: from.name,
      method: byListeners,
      score: 0.9,
      cover: null,
      facts: noSongFacts,
    }
    if (names.mbid === null) return facts
    const answer = await this.#context.chain.secondPass.lengths.request(names.mbid)
    const recording: Recording | null = this.provenance.record(answer)
    const wanted = { title: names.title, artist: this.#artist, artistMbids: this.#artistMbids }
    const choice = recording && chooseRecording(wanted, [recording])
    if (!choice) return facts
    this.#addLength(choice.recording.lengthMs, answer.from, choice.recording.studio)
    return { ...recordingFacts(choice, [choice.recording], null, this.#identity), method: byListenersId }
  }

  /** Lengths of opt-in services, one after the other, where nobody else knows one. */
  async askOptIn(): Promise<void> {
    if (this.track === null) return
    const song = { artist: this.#artist, title: this.#title }
    for (const { songLength } of this.#context.chain.optIn) {
      if (songLength === undefined) continue
      if (this.lengths.length > 0) return
      const answer = await songLength.request(song)
      this.#addLength(this.provenance.record(answer), answer.from, false)
    }
  }
}
