import { type Chain, fields, type PictureChain } from './chain.ts'
import type { Clock } from './clock.ts'
import type { Picture } from './commons.ts'
import { commonsFile, coverAddress, imageAddress, isPlaceholder } from './images.ts'
import type { LastfmArtist, LastfmTrack } from './lastfm.ts'
import { fitsLookup, type PairMatch, type RecordingMetadata } from './listenbrainz.ts'
import {
  type AgreedLength,
  type ArtistCandidate,
  agreeOnLength,
  artistScore,
  type ChosenRecording,
  chooseArtist,
  chooseRecording,
  firstAct,
  isSpecialArtist,
  jaroWinkler,
  type Length,
  normName,
  type Recording,
  readTitle,
  titleScore,
} from './match.ts'
import {
  type ArtistRow,
  absentUntil,
  type LookupStore,
  providerList,
  type Reason,
  retryAt,
  type Status,
  shortError,
  stamp,
  type TrackRow,
} from './memory.ts'
import type { MbArtist } from './musicbrainz.ts'
import type { Answer, Desk, Failed } from './questions.ts'
import type { ItemImage } from './wikidata.ts'

/** One artist with its songs: what is to be done about each. */
export interface Job {
  readonly artist: string
  /** Null: the artist's row is fresh. */
  readonly due: Reason | null
  readonly songs: readonly { readonly song: string; readonly due: Reason | null }[]
}

export interface ResolveOptions {
  readonly chain: Chain
  readonly desk: Desk
  readonly store: LookupStore
  readonly clock: Clock
  readonly random: () => number
  /** ListenBrainz' look-up may be asked. */
  readonly pairs: boolean
  readonly lastfm: 'all' | 'gaps' | 'off'
  readonly images: boolean
  readonly deezer: boolean
  readonly itunes: boolean
  readonly theaudiodb: boolean
}

/** Rows of one artist, ready to be stored; empty where the run ended before everything was known. */
export interface Resolved {
  readonly artist: ArtistRow | null
  readonly tracks: readonly TrackRow[]
  /** Rows that were left to the next run. */
  readonly left: number
}

/** Who an artist is. */
interface Identity {
  readonly mbid: string
  readonly name: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly ambiguous: boolean
  readonly qid: string | null
  /** Commons file that came with the name. */
  readonly file: string | null
}

// Services that add to a result that is complete without them.
const extras: ReadonlySet<string> = new Set(['lastfm', 'listenbrainz', 'deezer', 'itunes', 'theaudiodb'])

/** What the answers about one field were: who answered, until when that holds, what failed. */
class Evidence {
  readonly providers = new Set<string>()
  failures: { readonly provider: string; readonly failed: Failed }[] = []
  foundUntil = Number.POSITIVE_INFINITY
  absentUntil = Number.POSITIVE_INFINITY
  left = false

  take<A>(provider: string, answer: Answer<A>): A | null {
    if (answer.kind === 'failed') {
      // An extra that refused us (a bad key or token) does not exist in this run: the row lacks it and is due when it is
      // back. Without one of the others nobody can say "not found".
      if (answer.why === 'left') this.left = true
      else if (answer.why !== 'off' || !extras.has(provider)) this.failures.push({ provider, failed: answer })
      return null
    }
    this.providers.add(provider)
    if (answer.kind === 'found') {
      this.foundUntil = Math.min(this.foundUntil, answer.until)
      return answer.value
    }
    this.absentUntil = Math.min(this.absentUntil, answer.until)
    return null
  }

  /** Takes over who answered and what failed, not how long it holds: the answers were about something else. */
  lean(other: Evidence): void {
    for (const provider of other.providers) this.providers.add(provider)
    this.failures.push(...other.failures)
    this.left ||= other.left
  }

  add(other: Evidence): void {
    this.lean(other)
    this.foundUntil = Math.min(this.foundUntil, other.foundUntil)
    this.absentUntil = Math.min(this.absentUntil, other.absentUntil)
  }

  /** It was found in another way: failures on the way there no longer matter, except Last.fm's, whose names are extra. */
  settle(): void {
    this.failures = this.failures.filter(({ provider }) => provider === 'lastfm')
  }

  until(found: boolean): number {
    return found ? this.foundUntil : Math.min(this.foundUntil, this.absentUntil)
  }
}

const broken = (answer: Answer<unknown>) => answer.kind === 'failed' && answer.why !== 'left'

interface PairEvidence {
  readonly match: PairMatch | null
  readonly metadata: RecordingMetadata | null
  readonly evidence: Evidence
  /** The look-up could not answer: MusicBrainz stands in. */
  readonly degraded: boolean
}

/** Resolves one artist and its songs from first question to last row. Asks nothing that memory still knows. */
export async function resolveArtist(job: Job, options: ResolveOptions): Promise<Resolved> {
  const { store, desk, clock, random } = options
  const now = clock.now()
  if (isSpecialArtist(job.artist)) return specialRows(job, now, random())
  const [oldArtist, oldTracks] = await desk.during(
    Promise.all([
      job.due === 'new' ? null : store.artistRow(job.artist),
      job.songs.some((song) => song.due !== null && song.due !== 'new') ? store.trackRows(job.artist) : [],
    ]),
  )
  const old = new Map(oldTracks.map((row) => [row.song_clean, row]))
  const work = new Work(job, options)
  const lastfm = options.lastfm === 'off' ? null : work.askLastfm()
  const due = job.songs.filter((song) => song.due !== null && song.song.trim() !== '')
  const nameless = job.songs.filter((song) => song.due !== null && song.song.trim() === '')
  const pairs = await work.askPairs(due.map((song) => song.song))
  const known = job.due === null && oldArtist?.identity_status === 'found' ? knownIdentity(oldArtist) : null
  const found = known ? { identity: known, candidates: [], hits: new Map() } : await work.identify(pairs)
  const picture = options.images && job.due !== null ? work.findPicture(found.identity, options.chain.pictures) : null
  const tracks = await Promise.all(
    due.map((song) => work.resolveSong(song.song, pairs.get(song.song), found, old.get(song.song) ?? null, lastfm)),
  )
  const artist = job.due === null ? null : await work.finishArtist(found.identity, picture, lastfm, oldArtist)
  return {
    artist: artist === 'left' ? null : artist,
    tracks: [
      ...tracks.filter((row) => row !== 'left'),
      ...specialRows({ ...job, due: null, songs: nameless }, now, random()).tracks,
    ],
    left: tracks.filter((row) => row === 'left').length + Number(artist === 'left'),
  }
}

function knownIdentity(row: ArtistRow): Identity | null {
  if (row.mbid === null) return null
  return {
    mbid: row.mbid,
    name: row.canonical_name ?? row.artist_clean,
    source: row.canonical_source ?? 'musicbrainz',
    method: row.match_method ?? 'name',
    score: row.match_score ?? 1,
    ambiguous: row.ambiguous === 1,
    qid: row.wikidata_qid,
    file: null,
  }
}

interface Found {
  readonly identity: Identity | null
  /** Acts of that name when our titles are to decide. */
  readonly candidates: readonly string[]
  readonly hits: ReadonlyMap<string, { readonly recordings: readonly Recording[]; readonly evidence: Evidence }>
}

interface Lastfm {
  readonly artist: Promise<Answer<LastfmArtist>>
  readonly tracks: ReadonlyMap<string, Promise<Answer<LastfmTrack>>>
}

class Work {
  readonly #job: Job
  readonly #options: ResolveOptions
  readonly #chain: Chain
  /** What the artist's own fields rest on. */
  readonly #identity = new Evidence()
  readonly #image = new Evidence()

  constructor(job: Job, options: ResolveOptions) {
    this.#job = job
    this.#options = options
    this.#chain = options.chain
  }

  // --- ListenBrainz: pairs, and what it knows of the recordings ---

  async askPairs(songs: readonly string[]): Promise<Map<string, PairEvidence>> {
    const { artist } = this.#job
    const answers = await Promise.all(
      songs.map(async (title): Promise<[string, PairEvidence]> => {
        const evidence = new Evidence()
        // Too long for the look-up: sent to MusicBrainz instead.
        if (!this.#options.pairs || !fitsLookup({ artist, title })) {
          if (this.#options.pairs) evidence.providers.add('listenbrainz')
          return [title, { match: null, metadata: null, evidence, degraded: false }]
        }
        const answer = await this.#chain.pairs.ask({ artist, title })
        const match = evidence.take('listenbrainz', answer)
        const fits = match && (match.title === null || titleScore(readTitle(title), readTitle(match.title)) > 0)
        if (!fits) return [title, { match: null, metadata: null, evidence, degraded: broken(answer) }]
        const metadata = evidence.take('listenbrainz', await this.#chain.pairMetadata.ask(match.recordingMbid))
        return [title, { match, metadata, evidence, degraded: false }]
      }),
    )
    return new Map(answers)
  }

  // --- Who is it? ---

  async identify(pairs: ReadonlyMap<string, PairEvidence>): Promise<Found> {
    const voted = await this.#vote(pairs)
    if (voted) return { identity: voted, candidates: [], hits: new Map() }
    const degraded = [...pairs.values()].some((pair) => pair.degraded)
    const named = await this.#candidatesByName(degraded)
    // Titles are asked even if the artist is unknown: they may tell who it is.
    const titles = [...pairs].filter(([, pair]) => pair.match === null).map(([title]) => title)
    const only = named.length === 1 && named[0] !== undefined && named[0].score >= 0.95 ? named[0] : null
    if (only)
      return {
        identity: identityOf(only, { score: only.score, ambiguous: false, method: 'name' }),
        candidates: [],
        hits: new Map(),
      }
    const hits = await this.#askRecordings(
      titles,
      named.map((one) => one.mbid),
      (title) => degraded || pairs.get(title)?.degraded === true,
    )
    for (const hit of hits.values()) this.#identity.lean(hit.evidence)
    const chosen = this.#chooseByTitles(named, hits)
    return { identity: chosen, candidates: named.map((one) => one.mbid), hits }
  }

  /** The act that most of our titles' matches credit under our name. */
  async #vote(pairs: ReadonlyMap<string, PairEvidence>): Promise<Identity | null> {
    const { artist } = this.#job
    const votes = new Map<string, { name: string | null; qid: string | null; titles: number }>()
    for (const { match, metadata, evidence } of pairs.values()) {
      if (match === null) continue
      const single = match.artistMbids.length === 1
      for (const id of match.artistMbids) {
        const told = metadata?.artists.find((one) => one.mbid === id)
        const vote = votes.get(id) ?? { name: null, qid: null, titles: 0 }
        votes.set(id, {
          name: vote.name ?? told?.name ?? (single ? match.artistCredit : null),
          qid: vote.qid ?? told?.qid ?? null,
          titles: vote.titles + 1,
        })
      }
      this.#identity.providers.add('listenbrainz')
      this.#identity.foundUntil = Math.min(this.#identity.foundUntil, evidence.foundUntil)
    }
    if (votes.size === 0) return null
    const candidates = [...votes].map(
      ([mbid, vote]): ArtistCandidate => ({
        mbid,
        score: vote.name === null ? 0 : artistScore(artist, { name: vote.name }),
        titles: vote.titles,
        weight: vote.titles,
      }),
    )
    const chosen = chooseArtist(candidates)
    if (chosen) {
      const vote = votes.get(chosen.mbid)
      return {
        mbid: chosen.mbid,
        name: vote?.name ?? artist,
        source: 'listenbrainz',
        method: 'titles',
        score: chosen.score,
        ambiguous: chosen.ambiguous,
        qid: vote?.qid ?? null,
        file: null,
      }
    }
    // Nobody of that name: an alias of the act that most titles name?
    const [first, second] = [...votes].sort((a, b) => b[1].titles - a[1].titles || (a[0] < b[0] ? -1 : 1))
    if (!first || (second && second[1].titles === first[1].titles)) return null
    const known = await this.#verified(first[0], false)
    if (known === null || known === 'failed') return null
    const score = artistScore(artist, fields(known))
    if (score < 0.95 && first[1].titles < 3) return null
    return {
      mbid: known.mbid,
      name: known.name,
      source: 'musicbrainz',
      method: 'titles',
      score: score || 0.9,
      ambiguous: false,
      qid: first[1].qid,
      file: null,
    }
  }

  /** Acts that carry our name, by Wikidata's labels, else by MusicBrainz' search; each with its score, best known first. */
  async #candidatesByName(unplanned: boolean): Promise<Candidate[]> {
    const { artist } = this.#job
    const answer = await this.#chain.names.ask(artist, unplanned)
    const items = (this.#identity.take('wikidata', answer) ?? []).slice(0, 3)
    const known = await Promise.all(
      items.map(async (item): Promise<Candidate | null> => {
        const act = await this.#verified(item.mbid, unplanned)
        if (act === null) return null
        const rest = { weight: item.links, qid: item.qid, file: item.file, by: 'wikidata' }
        // MusicBrainz does not answer: Wikidata's label is our name, that must do until the next run.
        if (act === 'failed') return { mbid: item.mbid, name: artist, score: 0.95, unverified: true, ...rest }
        const score = artistScore(artist, fields(act))
        return score > 0 ? { mbid: act.mbid, name: act.name, score, unverified: false, ...rest } : null
      }),
    )
    const fitting = known.filter((one) => one !== null)
    if (fitting.length > 0) return fitting
    const search = await this.#searched(artist, unplanned || broken(answer))
    if (search.length > 0) return search
    // "A feat. B" is tried whole first.
    const head = firstAct(artist)
    return head === null ? [] : this.#searched(head, unplanned || broken(answer))
  }

  async #searched(name: string, unplanned: boolean): Promise<Candidate[]> {
    const hits = this.#identity.take('musicbrainz', await this.#chain.search.ask(name, unplanned)) ?? []
    const scored = hits.map(
      (act, at): Candidate => ({
        mbid: act.mbid,
        name: act.name,
        score: artistScore(name, fields(act)),
        // The search's order is only a hint; it decides between acts that nothing else tells apart.
        weight: -at,
        qid: null,
        file: null,
        by: 'musicbrainz',
        unverified: false,
      }),
    )
    const best = scored.filter((one) => one.score >= 0.95)
    return (best.length > 0 ? best : scored.filter((one) => one.score > 0)).slice(0, 3)
  }

  /** The act of an id as MusicBrainz has it now: merged ids are followed, deleted ones are null. */
  async #verified(mbid: string, unplanned: boolean, late = false): Promise<MbArtist | null | 'failed'> {
    const chain = late ? this.#chain.late : this.#chain
    const answer = await chain.verify.ask(mbid, unplanned)
    const found = this.#identity.take('musicbrainz', answer)
    if (found !== null) return found
    if (answer.kind === 'failed') return 'failed'
    const alone = await chain.lookup.ask(mbid, unplanned)
    return this.#identity.take('musicbrainz', alone) ?? (alone.kind === 'failed' ? 'failed' : null)
  }

  async #askRecordings(
    titles: readonly string[],
    artistMbids: readonly string[],
    unplanned: (title: string) => boolean,
  ): Promise<Map<string, { recordings: readonly Recording[]; evidence: Evidence }>> {
    const { artist } = this.#job
    const asked = await Promise.all(
      titles.map(async (title) => {
        const evidence = new Evidence()
        const answer = await this.#chain.recordings.ask({ artist, title, artistMbids }, unplanned(title))
        return [title, { recordings: evidence.take('musicbrainz', answer) ?? [], evidence }] as const
      }),
    )
    return new Map(asked)
  }

  #chooseByTitles(
    named: readonly Candidate[],
    hits: ReadonlyMap<string, { readonly recordings: readonly Recording[] }>,
  ): Identity | null {
    const { artist } = this.#job
    let candidates = [...named]
    if (candidates.length === 0) {
      // Nobody knows the name; whoever is credited under it for our titles is the act.
      const credited = new Map<string, Candidate>()
      for (const [title, { recordings }] of hits) {
        const credit = chooseRecording({ title, artist, artistMbids: [] }, recordings)?.credit
        if (!credit || credited.has(credit.mbid)) continue
        const score = artistScore(artist, credit)
        credited.set(credit.mbid, {
          ...credit,
          score,
          weight: 0,
          qid: null,
          file: null,
          by: 'musicbrainz',
          unverified: false,
        })
      }
      candidates = [...credited.values()]
    }
    const chosen = chooseArtist(
      candidates.map((one): ArtistCandidate => {
        let titles = 0
        for (const [title, { recordings }] of hits) {
          if (chooseRecording({ title, artist, artistMbids: [one.mbid] }, recordings)) titles++
        }
        return { mbid: one.mbid, score: one.score, titles, weight: one.weight }
      }),
    )
    const candidate = candidates.find((one) => one.mbid === chosen?.mbid)
    return chosen && candidate ? identityOf(candidate, chosen) : null
  }

  // --- Last.fm ---

  askLastfm(): Lastfm {
    const { artist, due, songs } = this.#job
    const wanted =
      this.#options.lastfm === 'all' ? songs.filter(({ due, song }) => due !== null && song.trim() !== '') : []
    return {
      artist:
        due === null
          ? Promise.resolve({ kind: 'failed', why: 'off', text: '', retryAt: null })
          : this.#chain.lastfmArtists.ask(artist),
      tracks: new Map(wanted.map(({ song }) => [song, this.#chain.lastfmTracks.ask({ artist, title: song })])),
    }
  }

  // Last.fm sometimes answers with somebody else's data; its own corrections (BTO) stay near or keep the initials.
  #isEcho(ours: string, theirs: string): boolean {
    if (artistScore(ours, { name: theirs }) > 0) return true
    const [a, b] = [normName(ours), normName(theirs)]
    const initials = (name: string) =>
      name
        .split(' ')
        .map((word) => word.charAt(0))
        .join('')
    const short = a.length < b.length ? a : b
    const long = a.length < b.length ? b : a
    return (
      jaroWinkler(a, b) >= 0.85 ||
      ` ${long} `.includes(` ${short} `) ||
      initials(long).replace(/ /g, '') === short.replace(/ /g, '')
    )
  }

  // --- Picture ---

  /** The first picture that can be shown, over all sources of file names; its evidence is the artist's. */
  async findPicture(
    identity: Identity | null,
    chain: PictureChain,
  ): Promise<{ readonly picture: Picture | null; readonly qid: string | null }> {
    const evidence = this.#image
    if (identity === null) return { picture: null, qid: null }
    const tried = new Set<string>()
    let qid = identity.qid
    const shown = async (file: string | null | undefined): Promise<Picture | null> => {
      if (!file || tried.has(file)) return null
      tried.add(file)
      return evidence.take('commons', await chain.files.ask(file))
    }
    // The query service is down: Wikidata itself knows its items too.
    const file = async (answer: Answer<ItemImage>, item: string | null): Promise<string | null> => {
      if (!broken(answer) || item === null) return evidence.take('wikidata', answer)?.file ?? null
      const entity = await chain.entities.ask(item, true)
      if (broken(entity)) evidence.take('wikidata', answer)
      return evidence.take('wikidata', entity)?.file ?? null
    }
    let picture = await shown(identity.file)
    if (picture !== null) return { picture, qid }
    // An answer of this run that named the act told its picture too; months later that is asked anew.
    if (identity.source !== 'wikidata' || this.#job.due !== 'new') {
      const answer = await chain.byArtist.ask(identity.mbid)
      if (answer.kind === 'found') qid = answer.value.qid
      picture = await shown(await file(answer, qid))
      if (picture !== null) return { picture, qid }
    }
    const links = evidence.take('musicbrainz', await chain.links.ask(identity.mbid))
    for (const one of links?.files ?? []) {
      picture = await shown(one)
      if (picture !== null) return { picture, qid }
    }
    const linked = links?.qids.find((one) => one !== qid)
    if (linked === undefined) return { picture: null, qid }
    picture = await shown(await file(await chain.items.ask(linked), linked))
    return { picture, qid: picture === null ? (qid ?? linked) : linked }
  }

  // --- A song ---

  async resolveSong(
    title: string,
    pair: PairEvidence | undefined,
    found: Found,
    old: TrackRow | null,
    lastfm: Lastfm | null,
  ): Promise<TrackRow | 'left'> {
    const { artist } = this.#job
    const evidence = new Evidence()
    if (pair) evidence.add(pair.evidence)
    const { identity } = found
    const lengths: Length[] = []
    let track: TrackFacts | null = pair?.match ? pairFacts(artist, title, pair.match, pair.metadata, identity) : null
    if (track !== null && pair?.metadata?.lengthMs) {
      lengths.push({ ms: pair.metadata.lengthMs, source: 'listenbrainz', studio: true })
    }
    if (track === null) {
      const ids = identity ? [identity.mbid] : []
      const hit =
        found.hits.get(title) ?? (await this.#askRecordings([title], ids, () => pair?.degraded === true)).get(title)
      if (hit) evidence.add(hit.evidence)
      const choice = chooseRecording({ title, artist, artistMbids: ids }, hit?.recordings ?? [])
      if (choice) {
        lengths.push(...recordingLengths(title, choice, hit?.recordings ?? []))
        // A second source for the length, and the cover. What ListenBrainz itself did not match needs it only for a length.
        const wanted = !this.#options.pairs || pair?.degraded === true || lengths.length === 0
        const answer = wanted ? await this.#chain.metadata.ask(choice.recording.mbid, pair?.degraded === true) : null
        const metadata = answer === null ? null : evidence.take('listenbrainz', answer)
        track = recordingFacts(choice, metadata, identity)
        if (metadata?.lengthMs) lengths.push({ ms: metadata.lengthMs, source: 'listenbrainz', studio: true })
      }
    }
    if (track?.mbid && lengths.length === 0) {
      const recording = evidence.take('musicbrainz', await this.#chain.lengths.ask(track.mbid))
      if (recording?.lengthMs) lengths.push({ ms: recording.lengthMs, source: 'musicbrainz', studio: recording.studio })
    }
    const names = await this.#lastfmTrack(title, track, lengths, lastfm, evidence)
    if (track === null && names) track = await this.#tracksOfLastfm(names, identity, lengths, evidence)
    if (lengths.length === 0 && track !== null) await this.#optionalLengths(title, lengths, evidence)
    if (evidence.left) return 'left'
    if (track !== null && lengths.length > 0) evidence.settle()
    return this.#trackRow(title, track, names, agreeOnLength(lengths), evidence, old)
  }

  async #lastfmTrack(
    title: string,
    track: TrackFacts | null,
    lengths: Length[],
    lastfm: Lastfm | null,
    evidence: Evidence,
  ): Promise<LastfmTrack | null> {
    if (lastfm === null) return null
    const gap = track === null || lengths.length === 0
    const asked =
      lastfm.tracks.get(title) ??
      (this.#options.lastfm === 'gaps' && gap
        ? this.#chain.lastfmTracks.ask({ artist: this.#job.artist, title })
        : null)
    if (asked === null) return null
    const names = evidence.take('lastfm', await asked)
    if (names === null) return null
    if (
      titleScore(readTitle(title), readTitle(names.title)) === 0 &&
      jaroWinkler(normName(title), normName(names.title)) < 0.8
    )
      return null
    if (names.artist !== null && !this.#isEcho(this.#job.artist, names.artist)) return null
    if (names.lengthMs !== null) lengths.push({ ms: names.lengthMs, source: 'lastfm', studio: false })
    return names
  }

  // Last.fm knows the song and MusicBrainz did not find it: its id is believed if artist and title agree.
  async #tracksOfLastfm(
    names: LastfmTrack,
    identity: Identity | null,
    lengths: Length[],
    evidence: Evidence,
  ): Promise<TrackFacts> {
    const facts: TrackFacts = {
      mbid: null,
      artist: names.artist ?? this.#job.artist,
      title: names.title,
      source: 'lastfm',
      method: 'lastfm',
      score: 0.9,
      cover: null,
    }
    if (names.mbid === null) return facts
    const recording = evidence.take('musicbrainz', await this.#chain.late.lengths.ask(names.mbid))
    const choice =
      recording &&
      chooseRecording({ title: names.title, artist: this.#job.artist, artistMbids: identity ? [identity.mbid] : [] }, [
        recording,
      ])
    if (!choice) return facts
    if (choice.recording.lengthMs) {
      lengths.push({ ms: choice.recording.lengthMs, source: 'musicbrainz', studio: choice.recording.studio })
    }
    return { ...recordingFacts(choice, null, identity), method: 'lastfm+id' }
  }

  async #optionalLengths(title: string, lengths: Length[], evidence: Evidence): Promise<void> {
    const { deezer, itunes } = this.#options
    const pair = { artist: this.#job.artist, title }
    if (deezer) {
      const ms = evidence.take('deezer', await this.#chain.deezerTracks.ask(pair))
      if (ms !== null) lengths.push({ ms, source: 'deezer', studio: false })
    }
    if (itunes && lengths.length === 0) {
      const ms = evidence.take('itunes', await this.#chain.itunesTracks.ask(pair))
      if (ms !== null) lengths.push({ ms, source: 'itunes', studio: false })
    }
  }

  #trackRow(
    title: string,
    track: TrackFacts | null,
    names: LastfmTrack | null,
    length: AgreedLength | null,
    evidence: Evidence,
    old: TrackRow | null,
  ): TrackRow {
    const { clock, random } = this.#options
    const state = rowState(track !== null, evidence, old?.attempts ?? 0, clock.now(), random())
    const base = {
      artist_clean: this.#job.artist,
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

  // --- The artist's row ---

  async finishArtist(
    identity: Identity | null,
    asked: ReturnType<Work['findPicture']> | null,
    lastfm: Lastfm | null,
    old: ArtistRow | null,
  ): Promise<ArtistRow | 'left'> {
    const { artist } = this.#job
    const { chain, clock, random, images } = this.#options
    const names = lastfm ? this.#identity.take('lastfm', await lastfm.artist) : null
    const echo = names !== null && this.#isEcho(artist, names.name) ? names : null
    let who = identity
    let pictured = await asked
    if (who === null && echo?.mbid) {
      const act = await this.#verified(echo.mbid, false, true)
      const score = act === null || act === 'failed' ? 0 : artistScore(artist, fields(act))
      if (act !== null && act !== 'failed' && score >= 0.9) {
        who = {
          mbid: act.mbid,
          name: act.name,
          source: 'musicbrainz',
          method: 'lastfm+id',
          score,
          ambiguous: false,
          qid: null,
          file: null,
        }
        pictured = images ? await this.findPicture(who, chain.late.pictures) : null
      }
    }
    const shown = await this.#shownPicture(pictured?.picture ?? null, echo, who)
    if (this.#identity.left || this.#image.left) return 'left'

    const known = who !== null || echo !== null
    const now = clock.now()
    if (who !== null && !who.method.endsWith(':unverified')) this.#identity.settle()
    if (shown !== null) this.#image.settle()
    const first = rowState(known, this.#identity, old?.attempts ?? 0, now, random())
    // Without an identity nobody could be asked for a picture: its state is the identity's.
    const image: Status = shown
      ? 'found'
      : this.#image.failures.length > 0 || first.status === 'transient_error'
        ? 'transient_error'
        : 'not_found'
    const all = new Evidence()
    all.lean(this.#identity)
    all.lean(this.#image)
    const complete = known && (shown !== null || !images)
    const without =
      images && shown === null ? absentUntil((old?.attempts ?? 0) + 1, now, random()) : Number.POSITIVE_INFINITY
    const until = Math.min(this.#identity.until(known), this.#image.until(shown !== null), without)
    const state = rowState(complete, all, old?.attempts ?? 0, now, random(), until)
    const keepsName = first.status === 'transient_error' && old?.identity_status === 'found'
    const keepsImage = image === 'transient_error' && old?.image_status === 'found'
    const mine = keepsName && old ? old : null
    const theirs = keepsImage && old ? old : null
    return {
      artist_clean: artist,
      artist_lastfm: mine ? mine.artist_lastfm : (echo?.name ?? null),
      canonical_name: mine ? mine.canonical_name : (who?.name ?? echo?.name ?? null),
      canonical_source: mine ? mine.canonical_source : (who?.source ?? (echo ? 'lastfm' : null)),
      mbid: mine ? mine.mbid : (who?.mbid ?? null),
      wikidata_qid: mine ? mine.wikidata_qid : (who?.qid ?? pictured?.qid ?? null),
      ...(theirs ? pictureOf(theirs) : (shown ?? noPicture)),
      identity_status: mine ? 'found' : first.status,
      image_status: theirs ? 'found' : image,
      match_method: mine ? mine.match_method : (who?.method ?? (echo ? 'lastfm' : null)),
      match_score: mine ? mine.match_score : (who?.score ?? (echo ? 0.9 : null)),
      ambiguous: mine ? mine.ambiguous : Number(who?.ambiguous ?? false),
      providers_asked: providerList(all.providers),
      ...state.columns,
      ...(mine || theirs ? { fetched_at: old?.fetched_at ?? null, expires_at: old?.expires_at ?? null } : {}),
    }
  }

  async #shownPicture(
    picture: Picture | null,
    echo: LastfmArtist | null,
    who: Identity | null,
  ): Promise<ImageColumns | null> {
    const { images, deezer, theaudiodb } = this.#options
    if (!images) return null
    if (picture) {
      return {
        image_url: picture.url,
        image_thumb_url: picture.thumbUrl,
        image_mime: picture.mime,
        image_width: picture.width,
        image_height: picture.height,
        image_provider: 'commons',
        image_page_url: picture.pageUrl,
        licence: picture.licence,
        licence_url: picture.licenceUrl,
        attribution: picture.attribution,
        attribution_required: picture.attributionRequired === null ? null : Number(picture.attributionRequired),
      }
    }
    const other = (url: string | null | undefined, provider: string, page: string | null): ImageColumns | null => {
      if (!url || isPlaceholder(url)) return null
      const checked = imageAddress(url, [provider])
      if (!('url' in checked)) return null
      return { ...noPicture, image_url: checked.url, image_provider: provider, image_page_url: page }
    }
    const lastfm = other(echo?.image, 'lastfm', echo?.pageUrl ?? null)
    if (lastfm) return lastfm
    if (deezer) {
      const found = this.#image.take('deezer', await this.#chain.deezerArtists.ask(this.#job.artist))
      const image = other(found?.image, 'deezer', found?.page ?? null)
      if (image) return image
    }
    if (theaudiodb && who) {
      const image = other(
        this.#image.take('theaudiodb', await this.#chain.audioDbArtists.ask(who.mbid)),
        'theaudiodb',
        null,
      )
      if (image) return image
    }
    return null
  }
}

interface Candidate {
  readonly mbid: string
  readonly name: string
  readonly score: number
  readonly weight: number
  readonly qid: string | null
  readonly file: string | null
  readonly by: string
  readonly unverified: boolean
}

function identityOf(
  candidate: Candidate,
  chosen: { readonly score: number; readonly ambiguous: boolean; readonly method: string },
): Identity {
  return {
    mbid: candidate.mbid,
    name: candidate.name,
    source: candidate.by === 'wikidata' ? 'wikidata' : 'musicbrainz',
    method: candidate.unverified ? `${chosen.method}:unverified` : chosen.method,
    score: chosen.score,
    ambiguous: chosen.ambiguous,
    qid: candidate.qid,
    file: candidate.file === null ? null : commonsFile(candidate.file),
  }
}

interface TrackFacts {
  readonly mbid: string | null
  readonly artist: string
  readonly title: string
  readonly source: string
  readonly method: string
  readonly score: number
  readonly cover: string | null
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

type ImageColumns = Pick<
  ArtistRow,
  | 'image_url'
  | 'image_thumb_url'
  | 'image_mime'
  | 'image_width'
  | 'image_height'
  | 'image_provider'
  | 'image_page_url'
  | 'licence'
  | 'licence_url'
  | 'attribution'
  | 'attribution_required'
>

const noPicture: ImageColumns = {
  image_url: null,
  image_thumb_url: null,
  image_mime: null,
  image_width: null,
  image_height: null,
  image_provider: null,
  image_page_url: null,
  licence: null,
  licence_url: null,
  attribution: null,
  attribution_required: null,
}

function pictureOf(row: ArtistRow): ImageColumns {
  const kept = Object.keys(noPicture) as (keyof ImageColumns)[]
  return Object.fromEntries(kept.map((name) => [name, row[name]])) as unknown as ImageColumns
}

/**
 * The state of a row. "Not found" needs that everybody who was asked answered; one failure makes it "transient": not a
 * fact, but a time for the next try.
 */
function rowState(
  found: boolean,
  evidence: Evidence,
  attempts: number,
  now: number,
  random: number,
  holds = evidence.until(found),
) {
  const failure = evidence.failures[0]?.failed
  const status: Status = found ? 'found' : failure ? 'transient_error' : 'not_found'
  const tries = found ? 0 : attempts + 1
  const next = failure
    ? Math.min(...evidence.failures.map(({ failed }) => failed.retryAt ?? retryAt(tries || 1, now, random)))
    : null
  const until = Number.isFinite(holds) ? holds : absentUntil(tries || 1, now, random)
  return {
    status,
    columns: {
      fetched_at: stamp(now),
      expires_at: status === 'transient_error' ? null : stamp(until),
      attempts: tries,
      // Something was found although somebody failed: the rest is tried again like any failure.
      next_attempt_at: next === null ? null : stamp(Math.max(next, now + 1_000)),
      last_error: failure ? shortError(failure.why, failure.text) : null,
    },
  }
}

// Nobody by name: no request, and nothing to ask again for a long time.
function specialRows(job: Job, now: number, random: number): Resolved {
  const columns = {
    fetched_at: stamp(now),
    expires_at: stamp(absentUntil(3, now, random)),
    attempts: 0,
    next_attempt_at: null,
    last_error: null,
    providers_asked: 'none',
    match_method: 'special',
    match_score: null,
  }
  const artist: ArtistRow = {
    artist_clean: job.artist,
    artist_lastfm: null,
    canonical_name: null,
    canonical_source: null,
    mbid: null,
    wikidata_qid: null,
    ...noPicture,
    identity_status: 'not_found',
    image_status: 'not_found',
    ambiguous: 0,
    ...columns,
  }
  const track = (song: string): TrackRow => ({
    artist_clean: job.artist,
    song_clean: song,
    artist_lastfm: null,
    song_lastfm: null,
    canonical_artist: null,
    canonical_title: null,
    canonical_source: null,
    recording_mbid: null,
    duration_ms: null,
    duration_source: null,
    duration_spread_ms: null,
    cover_url: null,
    status: 'not_found',
    ...columns,
  })
  return {
    artist: job.due === null ? null : artist,
    tracks: job.songs.filter((song) => song.due !== null).map((song) => track(song.song)),
    left: 0,
  }
}
