import { type Picture, pictures, readPictures, titleLimit } from './commons.ts'
import { deezerArtists, deezerTracks, readDeezerArtist, readDeezerTrack } from './deezer.ts'
import { commonsFile } from './images.ts'
import { itunesSongs, readItunesSong } from './itunes.ts'
import type { Lane, LaneName } from './lanes.ts'
import { artistInfo, type LastfmArtist, type LastfmTrack, readArtistInfo, readTrackInfo, trackInfo } from './lastfm.ts'
import {
  lookupPairs,
  metadataLimit,
  type Pair,
  type PairMatch,
  pairLimits,
  type RecordingMetadata,
  readLookup,
  readMetadata,
  recordingMetadata,
} from './listenbrainz.ts'
import { artistScore, chooseRecording, type Recording, readTitle, titleScore } from './match.ts'
import {
  type ArtistLink,
  artistLinks,
  artistLookup,
  artistsById,
  artistsByName,
  type MbArtist,
  readArtist,
  readArtists,
  readLinks,
  readRecordings,
  recordingsById,
  recordingsOf,
  type SongQuestion,
} from './musicbrainz.ts'
import { type Budget, batch, type Step } from './plan.ts'
import type { Desk, Questions } from './questions.ts'
import { audioDbArtist, readAudioDbArtist } from './theaudiodb.ts'
import {
  entities,
  type ItemImage,
  imagesByArtist,
  imagesByItem,
  itemsByName,
  type NamedItem,
  readEntities,
  readImagesByArtist,
  readImagesByItem,
  readItemsByName,
} from './wikidata.ts'

/** Between the parts of a key: no name holds it. */
const separator = '\u001f'
export const pairKey = (artist: string, title: string): string => `${artist}${separator}${title}`

export interface ArtistPictureLinks {
  /** Commons files of image relations, in a fixed order. */
  readonly files: readonly string[]
  readonly qids: readonly string[]
}

/**
 * Every kind of question of the chain. `late` repeats the kinds that Last.fm's answers lead to: they come after it in
 * rank, so that its slow lane does not send the batches of the others half empty.
 */
export interface Chain {
  readonly pairs: Questions<Pair, PairMatch>
  readonly pairMetadata: Questions<string, RecordingMetadata>
  readonly names: Questions<string, NamedItem[]>
  readonly verify: Questions<string, MbArtist>
  readonly lookup: Questions<string, MbArtist>
  readonly search: Questions<string, MbArtist[]>
  readonly recordings: Questions<SongQuestion, Recording[]>
  readonly metadata: Questions<string, RecordingMetadata>
  readonly lengths: Questions<string, Recording>
  readonly pictures: PictureChain
  readonly lastfmArtists: Questions<string, LastfmArtist>
  readonly lastfmTracks: Questions<Pair, LastfmTrack>
  readonly late: {
    readonly verify: Questions<string, MbArtist>
    readonly lookup: Questions<string, MbArtist>
    readonly lengths: Questions<string, Recording>
    readonly pictures: PictureChain
  }
  readonly deezerArtists: Questions<string, { image: string; page: string | null }>
  readonly deezerTracks: Questions<Pair, number>
  readonly itunesTracks: Questions<Pair, number>
  readonly audioDbArtists: Questions<string, string>
}

export interface PictureChain {
  readonly items: Questions<string, ItemImage>
  readonly links: Questions<string, ArtistPictureLinks>
  readonly byArtist: Questions<string, ItemImage>
  readonly entities: Questions<string, ItemImage>
  readonly files: Questions<string, Picture>
}

export interface ChainOptions {
  readonly desk: Desk
  readonly budget: Budget
  readonly lane: (name: LaneName) => Lane
  readonly base: (service: LaneName | 'wikidata') => URL
  readonly lastfmKey: string
  readonly listenbrainzToken: string
  /** Songs that MusicBrainz is expected to be asked about. */
  readonly songsAhead: number
  /** True while ListenBrainz answers look-ups: what it leaves over is rarely in MusicBrainz and packs tighter. */
  readonly pairsWork: () => boolean
}

const mapAll = <A>(keys: readonly string[], found: ReadonlyMap<string, A>) => ({
  answers: new Map(keys.map((key) => [key, found.get(key) ?? null])),
})
const self = (id: string) => id

/** Opens all questions at a desk. */
export function openChain(options: ChainOptions): Chain {
  const { desk, lane, base, lastfmKey, listenbrainzToken } = options
  const musicbrainz = <Q, A>(spec: Parameters<typeof desk.open<Q, A>>[0]) =>
    desk.open(spec, lane('musicbrainz'), base('musicbrainz'))
  const pack = new PackSize(options)

  const metadata = (rank: number) =>
    desk.open<string, RecordingMetadata>(
      {
        kind: 'recording-metadata',
        provider: 'listenbrainz',
        step: 'listenbrainz.metadata',
        rank,
        term: 'track',
        key: self,
        size: () => metadataLimit,
        request: recordingMetadata,
        read(json, ids) {
          const found = readMetadata(json)
          return found && mapAll(ids, found)
        },
      },
      lane('listenbrainz'),
      base('listenbrainz'),
    )

  const verify = (rank: number) =>
    musicbrainz<string, MbArtist>({
      kind: 'artist-by-id',
      provider: 'musicbrainz',
      step: 'musicbrainz.verify',
      rank,
      term: 'identity',
      key: self,
      size: () => batch.verify,
      request: artistsById,
      read(json, ids) {
        const found = readArtists(json)
        return found && mapAll(ids, new Map(found.artists.map((artist) => [artist.mbid, artist])))
      },
    })

  // One id that the index no longer knows: merged into another (the answer comes from there) or gone.
  const lookup = (rank: number) =>
    musicbrainz<string, MbArtist>({
      kind: 'artist-lookup',
      provider: 'musicbrainz',
      step: 'musicbrainz.verify',
      rank,
      term: 'identity',
      key: self,
      size: () => 1,
      request: ([id]) => artistLookup(id ?? ''),
      read(json, [id]) {
        const artist = readArtist(json)
        return artist && { answers: new Map([[id ?? '', artist]]) }
      },
    })

  const lengths = (rank: number) =>
    musicbrainz<string, Recording>({
      kind: 'recording-by-id',
      provider: 'musicbrainz',
      step: 'musicbrainz.lengths',
      rank,
      term: 'track',
      key: self,
      size: () => batch.lengths,
      request: recordingsById,
      read(json, ids) {
        const found = readRecordings(json)
        return found && mapAll(ids, new Map(found.recordings.map((one) => [one.mbid, one])))
      },
    })

  const pictureChain = (rank: number): PictureChain => {
    return {
      items: desk.open<string, ItemImage>(
        {
          kind: 'item-image',
          provider: 'wikidata-query',
          step: 'wikidata-query.images',
          rank: rank + 2,
          term: 'image',
          key: self,
          size: () => batch.items,
          request: imagesByItem,
          read(json, qids) {
            const found = readImagesByItem(json)
            return found && mapAll(qids, found)
          },
        },
        lane('wikidata-query'),
        base('wikidata-query'),
      ),
      links: musicbrainz<string, ArtistPictureLinks>(linksSpec(rank + 1)),
      byArtist: desk.open<string, ItemImage>(
        {
          kind: 'artist-image',
          provider: 'wikidata-query',
          step: 'wikidata-query.images',
          rank,
          term: 'image',
          key: self,
          size: () => batch.items,
          request: imagesByArtist,
          read(json, mbids) {
            const found = readImagesByArtist(json)
            return found && mapAll(mbids, found)
          },
        },
        lane('wikidata-query'),
        base('wikidata-query'),
      ),
      entities: desk.open<string, ItemImage>(
        {
          kind: 'item-image',
          provider: 'wikidata',
          step: 'wikimedia.entities',
          rank: rank + 3,
          term: 'image',
          key: self,
          size: () => batch.entities,
          request: entities,
          read(json, qids) {
            const found = readEntities(json)
            return found && mapAll(qids, found)
          },
        },
        lane('wikimedia'),
        base('wikidata'),
      ),
      files: desk.open<string, Picture>(
        {
          kind: 'file',
          provider: 'commons',
          step: 'wikimedia.pictures',
          rank: rank + 4,
          term: 'image',
          key: self,
          size: () => titleLimit,
          request: (files) => pictures(files),
          read(json, files) {
            const found = readPictures(json, files)
            if (found === null) return null
            return { answers: found.found, ...(found.more ? { next: pictures(files, found.more) } : {}) }
          },
        },
        lane('wikimedia'),
        base('wikimedia'),
      ),
    }
  }

  return {
    pairs: desk.open<Pair, PairMatch>(
      {
        kind: 'pair',
        provider: 'listenbrainz',
        needs: 'listenbrainz look-up',
        step: 'listenbrainz.lookup',
        rank: 0,
        term: 'track',
        key: ({ artist, title }) => pairKey(artist, title),
        size: () => pairLimits.pairs,
        request: (pairs) => lookupPairs(pairs, listenbrainzToken),
        read(json, pairs) {
          const found = readLookup(json, pairs)
          if (found === null) return null
          const answers = new Map<string, PairMatch | null>()
          pairs.forEach((pair, at) => {
            if (found.told.has(at)) answers.set(pairKey(pair.artist, pair.title), found.matches.get(at) ?? null)
          })
          return { answers }
        },
      },
      lane('listenbrainz'),
      base('listenbrainz'),
    ),
    pairMetadata: metadata(1),
    names: desk.open<string, NamedItem[]>(
      {
        kind: 'artist-name',
        provider: 'wikidata-query',
        step: 'wikidata-query.names',
        rank: 2,
        term: 'identity',
        key: self,
        size: () => batch.names,
        request: itemsByName,
        read(json, names) {
          const found = readItemsByName(json, names)
          if (found === null) return null
          return {
            answers: new Map(names.map((name) => [name, found.get(name)?.length ? (found.get(name) ?? null) : null])),
          }
        },
      },
      lane('wikidata-query'),
      base('wikidata-query'),
    ),
    verify: verify(3),
    lookup: lookup(4),
    search: musicbrainz<string, MbArtist[]>({
      kind: 'artist-search',
      provider: 'musicbrainz',
      step: 'musicbrainz.search',
      rank: 5,
      term: 'identity',
      key: self,
      size: () => batch.search,
      request: artistsByName,
      read(json, names) {
        const found = readArtists(json)
        if (found === null) return null
        const answers = new Map<string, MbArtist[] | null>()
        const again: { keys: string[]; variant: string }[] = []
        for (const name of names) {
          const fitting = found.artists.filter((artist) => artistScore(name, fields(artist)) > 0).slice(0, 5)
          if (fitting.length > 0) answers.set(name, fitting)
          // One name can fill the hundred rows; the others are then asked alone.
          else if (names.length > 1 && found.count > 100) again.push({ keys: [name], variant: 'alone' })
          else answers.set(name, null)
        }
        return { answers, again }
      },
    }),
    recordings: musicbrainz<SongQuestion, Recording[]>({
      kind: 'song',
      provider: 'musicbrainz',
      step: 'musicbrainz.recordings',
      rank: 6,
      term: 'track',
      key: ({ artist, title }) => pairKey(artist, title),
      size: () => pack.size(),
      settled: () => pack.settled(),
      request: (songs, variant) => recordingsOf(songs, variant !== 'open'),
      read(json, songs, variant) {
        const found = readRecordings(json)
        if (found === null) return null
        const crowded = found.count > 100
        if (variant === '') pack.answered(crowded)
        const answers = new Map<string, Recording[] | null>()
        const unresolved: string[] = []
        for (const song of songs) {
          const fitting = fittingRecordings(song, found.recordings)
          const key = pairKey(song.artist, song.title)
          if (fitting.length > 0) answers.set(key, fitting)
          else if (crowded || variant === 'alone') unresolved.push(key)
          else answers.set(key, null)
        }
        if (unresolved.length === 0) return { answers }
        if (variant === 'open')
          return { answers: new Map([...answers, ...unresolved.map((key) => [key, null] as const)]) }
        // Something was found: the crowd was its, and the others get another chance together. Else each is asked alone,
        // and in the end also outside of official releases.
        const again =
          songs.length > 1 && unresolved.length > 1 && answers.size > 0
            ? [{ keys: unresolved, variant: 'again' }]
            : unresolved.map((key) => ({ keys: [key], variant: songs.length > 1 ? 'alone' : 'open' }))
        return { answers, again }
      },
    }),
    metadata: metadata(7),
    lengths: lengths(8),
    pictures: pictureChain(9),
    lastfmArtists: desk.open<string, LastfmArtist>(
      {
        kind: 'artist',
        provider: 'lastfm',
        step: 'lastfm.artists',
        rank: 20,
        term: 'identity',
        key: self,
        size: () => 1,
        request: ([artist]) => artistInfo(artist ?? '', lastfmKey),
        read(json, [artist]) {
          const found = readArtistInfo(json)
          return found && { answers: new Map([[artist ?? '', found]]) }
        },
      },
      lane('lastfm'),
      base('lastfm'),
    ),
    lastfmTracks: desk.open<Pair, LastfmTrack>(
      {
        kind: 'track',
        provider: 'lastfm',
        step: 'lastfm.tracks',
        rank: 20,
        term: 'track',
        key: ({ artist, title }) => pairKey(artist, title),
        size: () => 1,
        request: ([pair]) => trackInfo(pair?.artist ?? '', pair?.title ?? '', lastfmKey),
        read(json, [pair]) {
          const found = readTrackInfo(json)
          const key = pairKey(pair?.artist ?? '', pair?.title ?? '')
          return found && { answers: new Map([[key, found === 'shadow' ? null : found]]) }
        },
      },
      lane('lastfm'),
      base('lastfm'),
    ),
    late: { verify: verify(21), lookup: lookup(22), lengths: lengths(23), pictures: pictureChain(24) },
    deezerArtists: desk.open<string, { image: string; page: string | null }>(
      {
        kind: 'artist',
        provider: 'deezer',
        step: 'deezer.artists',
        rank: 30,
        term: 'image',
        key: self,
        size: () => 1,
        request: ([name]) => deezerArtists(name ?? ''),
        read(json, [name]) {
          const found = readDeezerArtist(json, name ?? '')
          return found === undefined ? null : { answers: new Map([[name ?? '', found]]) }
        },
      },
      lane('deezer'),
      base('deezer'),
    ),
    deezerTracks: desk.open<Pair, number>(
      lengthSpec('deezer', 'deezer.tracks', deezerTracks, readDeezerTrack),
      lane('deezer'),
      base('deezer'),
    ),
    itunesTracks: desk.open<Pair, number>(
      lengthSpec('itunes', 'itunes.tracks', itunesSongs, readItunesSong),
      lane('itunes'),
      base('itunes'),
    ),
    audioDbArtists: desk.open<string, string>(
      {
        kind: 'artist',
        provider: 'theaudiodb',
        step: 'theaudiodb.artists',
        rank: 30,
        term: 'image',
        key: self,
        size: () => 1,
        request: ([id]) => audioDbArtist(id ?? ''),
        read(json, [id]) {
          const found = readAudioDbArtist(json, id ?? '')
          return found === undefined ? null : { answers: new Map([[id ?? '', found]]) }
        },
      },
      lane('theaudiodb'),
      base('theaudiodb'),
    ),
  }
}

/** The names of an artist in the form that `artistScore` takes. */
export const fields = (artist: MbArtist) => ({
  name: artist.name,
  sortName: artist.sortName,
  aliases: artist.aliases,
})

// Of a packed answer, what may be this song: at most eight, the best first, so that the memory stays small.
function fittingRecordings(song: SongQuestion, found: readonly Recording[]): Recording[] {
  const ours = readTitle(song.title)
  let fitting = found.filter(
    (one) =>
      !one.video &&
      titleScore(ours, readTitle(one.title)) > 0 &&
      one.credits.some((credit) =>
        song.artistMbids.length > 0 ? song.artistMbids.includes(credit.mbid) : artistScore(song.artist, credit) > 0,
      ),
  )
  const best: Recording[] = []
  while (best.length < 8) {
    const choice = chooseRecording({ ...song }, fitting)
    if (choice === null) break
    best.push(choice.recording)
    fitting = fitting.filter((one) => one.mbid !== choice.recording.mbid)
  }
  return best
}

function linksSpec(rank: number) {
  // Pages of one batch are read one after the other; what they say is added up until the last one.
  const soFar = new Map<string, { links: ArtistLink[]; rows: number }>()
  return {
    kind: 'artist-links',
    provider: 'musicbrainz' as const,
    step: 'musicbrainz.links' as const,
    rank,
    term: 'image' as const,
    key: self,
    size: () => batch.links,
    request: (mbids: readonly string[]) => artistLinks(mbids),
    read(json: unknown, mbids: readonly string[]) {
      const found = readLinks(json)
      if (found === null) return null
      const page = mbids.join()
      const before = soFar.get(page) ?? { links: [], rows: 0 }
      const links = [...before.links, ...found.links]
      const rows = before.rows + found.rows
      if (rows < found.count && found.rows > 0) {
        soFar.set(page, { links, rows })
        return { answers: new Map<string, ArtistPictureLinks | null>(), next: artistLinks(mbids, rows) }
      }
      soFar.delete(page)
      const answers = new Map<string, ArtistPictureLinks | null>()
      for (const id of mbids) {
        const own = links.filter((link) => link.mbid === id)
        const files = own.flatMap((link) => (link.kind === 'image' ? (commonsFile(link.address) ?? []) : []))
        const qids = own.flatMap((link) =>
          link.kind === 'wikidata' ? (/Q[1-9]\d*$/.exec(link.address.trim())?.[0] ?? []) : [],
        )
        const known = { files: [...new Set(files)].sort(), qids: [...new Set(qids)].sort() }
        answers.set(id, known.files.length + known.qids.length > 0 ? known : null)
      }
      return { answers }
    },
  }
}

function lengthSpec(
  provider: 'deezer' | 'itunes',
  step: Step,
  request: (artist: string, title: string) => ReturnType<typeof deezerTracks>,
  read: (json: unknown, artist: string, title: string) => number | null | undefined,
) {
  return {
    kind: 'track',
    provider,
    step,
    rank: 30,
    term: 'track' as const,
    key: ({ artist, title }: Pair) => pairKey(artist, title),
    size: () => 1,
    request: ([pair]: readonly Pair[]) => request(pair?.artist ?? '', pair?.title ?? ''),
    read(json: unknown, [pair]: readonly Pair[]) {
      const found = read(json, pair?.artist ?? '', pair?.title ?? '')
      return found === undefined
        ? null
        : { answers: new Map([[pairKey(pair?.artist ?? '', pair?.title ?? ''), found]]) }
    },
  }
}

/**
 * Songs per MusicBrainz search: eight is the plan's pace. Two crowded answers in a row halve it (to four at least), ten
 * clean ones add one again; what crowded answers cost is earned back by packing up to sixteen where the plan runs short.
 */
export class PackSize {
  readonly #options: Pick<ChainOptions, 'budget' | 'pairsWork' | 'songsAhead'>
  #ahead: number
  #adapted: number = batch.songs
  #crowded = 0
  #clean = 0

  constructor(options: Pick<ChainOptions, 'budget' | 'pairsWork' | 'songsAhead'>) {
    this.#options = options
    this.#ahead = options.songsAhead
  }

  size(): number {
    if (this.#options.pairsWork()) return batch.mostSongs
    const left = this.#options.budget.left('musicbrainz.recordings')
    const needed = left > 0 ? Math.ceil(this.#ahead / left) : batch.mostSongs
    return Math.min(batch.mostSongs, Math.max(batch.fewestSongs, needed, this.#adapted))
  }

  settled(): void {
    this.#ahead = Math.max(0, this.#ahead - 1)
  }

  answered(crowded: boolean): void {
    if (crowded) {
      this.#clean = 0
      if (++this.#crowded >= 2) {
        this.#crowded = 0
        this.#adapted = Math.max(batch.fewestSongs, Math.floor(this.#adapted / 2))
      }
      return
    }
    this.#crowded = 0
    if (++this.#clean >= 10) {
      this.#clean = 0
      this.#adapted = Math.min(batch.songs, this.#adapted + 1)
    }
  }
}
