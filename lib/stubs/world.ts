import { createHash } from 'node:crypto'

/** An act that the stubs know. */
export interface StubArtist {
  readonly mbid: string
  readonly name: string
  readonly sortName?: string
  readonly aliases?: readonly string[]
  /** Wikidata's item; null: Wikidata does not know the act. */
  readonly qid?: string | null
  /** Labels and aliases under which Wikidata has it; default: name. */
  readonly labels?: readonly string[]
  readonly sitelinks?: number
  /** P18: Commons file name. */
  readonly file?: string | null
  /** Addresses of MusicBrainz image relations. */
  readonly images?: readonly string[]
  /** MusicBrainz has a relation to the item. */
  readonly linksItem?: boolean
  /** Merged into this id: gone from the index, the look-up redirects. */
  readonly mergedInto?: string
  /** Deleted: gone from the index, the look-up answers 404. */
  readonly deleted?: boolean
  /** What listeners call it; null: they do not know it. */
  readonly listeners?: {
    readonly name?: string
    readonly mbid?: string | null
    readonly image?: string
    readonly similar?: readonly string[]
  } | null
  /** Default: Group. */
  readonly type?: string
  /** Code and name. */
  readonly country?: readonly [string, string]
  /** Year or date of birth or foundation. */
  readonly begin?: string
  readonly genres?: readonly string[]
}

/** A recording that the stubs know. */
export interface StubRecording {
  readonly mbid: string
  readonly title: string
  readonly artists: readonly string[]
  readonly lengthMs?: number | null
  readonly video?: boolean | null
  readonly official?: boolean
  readonly live?: boolean
  readonly releases?: number | null
  readonly date?: string
  /** Its first album; default: LP. */
  readonly album?: string
  readonly isrc?: string
  readonly genres?: readonly string[]
  readonly disambiguation?: string
  /** Between its acts; default " & ". */
  readonly join?: string
  /** ListenBrainz' fuzzy look-up matches it; default true. */
  readonly inLookup?: boolean
  /** Its names are written exactly as ListenBrainz has them; default: as comparing says. */
  readonly exact?: boolean
  readonly cover?: { readonly release: string; readonly id: number } | null
  /** What listeners' names say of it; null: they do not know it. */
  readonly listeners?: { readonly duration?: string; readonly mbid?: string | null; readonly listeners?: string } | null
}

/** A picture on the stub of Commons. */
export interface StubFile {
  readonly file: string
  readonly mime?: string
  readonly mediatype?: string
  readonly width?: number
  readonly height?: number
  readonly missing?: boolean
  readonly redirectTo?: string
  readonly meta?: Readonly<Record<string, string>> | null
}

/** What the stub services know. The key of a name is its letters and digits, without a leading "the". */
export interface World {
  named(name: string): readonly StubArtist[]
  byId(mbid: string): StubArtist | undefined
  byItem(qid: string): StubArtist | undefined
  /** Recordings whose title holds the phrase, by one act. */
  recordings(artist: StubArtist, title: string): readonly StubRecording[]
  recording(mbid: string): StubRecording | undefined
  /** All recordings of an act that the world has. */
  all(artist: StubArtist): readonly StubRecording[]
  /** Recordings whose credits as they are printed hold the phrase. */
  creditedAs(phrase: string): readonly StubRecording[]
  file(name: string): StubFile | undefined
}

export function plainKey(name: string): string {
  const key = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/^the\s+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
  return key === '' ? name : key
}

/** A UUID made of text. */
export function madeUpId(text: string): string {
  const hex = createHash('sha1').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A world of exactly these entities. */
export class TableWorld implements World {
  readonly artists: StubArtist[]
  readonly tracks: StubRecording[]
  readonly files: StubFile[]

  constructor(entities: {
    readonly artists?: readonly StubArtist[]
    readonly tracks?: readonly StubRecording[]
    readonly files?: readonly StubFile[]
  }) {
    this.artists = [...(entities.artists ?? [])]
    this.tracks = [...(entities.tracks ?? [])]
    this.files = [...(entities.files ?? [])]
  }

  named(name: string): StubArtist[] {
    const key = plainKey(name)
    return this.artists.filter((one) =>
      [one.name, ...(one.aliases ?? []), ...(one.labels ?? [])].some((other) => plainKey(other) === key),
    )
  }

  byId(mbid: string): StubArtist | undefined {
    return this.artists.find((one) => one.mbid === mbid)
  }

  byItem(qid: string): StubArtist | undefined {
    return this.artists.find((one) => one.qid === qid)
  }

  recordings(artist: StubArtist, title: string): StubRecording[] {
    const key = plainKey(title)
    return this.tracks.filter((one) => one.artists.includes(artist.mbid) && plainKey(one.title).includes(key))
  }

  recording(mbid: string): StubRecording | undefined {
    return this.tracks.find((one) => one.mbid === mbid)
  }

  all(artist: StubArtist): StubRecording[] {
    return this.tracks.filter((one) => one.artists.includes(artist.mbid))
  }

  creditedAs(phrase: string): StubRecording[] {
    return this.tracks.filter((one) => plainKey(creditOf(this, one)).includes(plainKey(phrase)))
  }

  file(name: string): StubFile | undefined {
    return this.files.find((one) => one.file === name)
  }
}

/** The credits of a recording as they are printed. */
export const creditOf = (world: Pick<World, 'byId'>, one: StubRecording): string =>
  one.artists.map((id) => world.byId(id)?.name ?? '').join(one.join ?? ' & ')

export interface MadeUpShares {
  /** Acts that nobody knows. */
  readonly unknownArtists?: number
  /** Acts, of the known ones, that Wikidata has. */
  readonly inItems?: number
  /** Acts, of those, with a picture there. */
  readonly pictured?: number
  /** Songs that nobody knows. */
  readonly unknownSongs?: number
  /** Songs, of the known ones, that ListenBrainz' look-up matches. */
  readonly inLookup?: number
  /** Songs, of those, whose names are written exactly as ListenBrainz has them. */
  readonly exact?: number
  /** Recordings per song, on average; some songs have ten times as many. Default: one to three. */
  readonly recordings?: number
}

/**
 * A world that knows nearly every act and song that it is asked about: what there is follows from the name alone, so that
 * every start of it is the same world.
 */
export class MadeUpWorld implements World {
  readonly #shares: Required<MadeUpShares>
  readonly #byId = new Map<string, StubArtist>()
  readonly #byItem = new Map<string, StubArtist>()
  readonly #byKey = new Map<string, StubArtist | null>()
  readonly #recordings = new Map<string, StubRecording>()
  readonly #byArtist = new Map<string, StubRecording[]>()

  constructor(shares: MadeUpShares = {}) {
    this.#shares = {
      unknownArtists: 0.02,
      inItems: 0.94,
      pictured: 0.92,
      unknownSongs: 0.03,
      inLookup: 0.97,
      exact: 1,
      recordings: 0,
      ...shares,
    }
  }

  named(name: string): StubArtist[] {
    const key = plainKey(name)
    let artist = this.#byKey.get(key)
    if (artist === undefined) {
      artist = this.#makeArtist(key, name)
      this.#byKey.set(key, artist)
      if (artist) {
        this.#byId.set(artist.mbid, artist)
        if (artist.qid) this.#byItem.set(artist.qid, artist)
      }
    }
    return artist ? [artist] : []
  }

  #makeArtist(key: string, name: string): StubArtist | null {
    if (chance(`unknown artist ${key}`) < this.#shares.unknownArtists) return null
    const id = madeUpId(`artist ${key}`)
    const inItems = chance(`wikidata ${key}`) < this.#shares.inItems
    const pictured = inItems && chance(`picture ${key}`) < this.#shares.pictured
    const related = chance(`image relation ${key}`) < 0.25
    const file = `Portrait ${id.slice(0, 8)} ${1970 + Math.floor(chance(`year ${key}`) * 50)}.jpg`
    return {
      mbid: id,
      name,
      aliases: [`${name} Band`],
      qid: inItems ? `Q${1_000_000 + Math.floor(chance(`item ${key}`) * 900_000_000)}` : null,
      sitelinks: Math.floor(chance(`links ${key}`) * 80),
      file: pictured ? file : null,
      images: related ? [`https://commons.wikimedia.org/wiki/File:${encodeURIComponent(file.replace(/ /g, '_'))}`] : [],
      linksItem: inItems,
      listeners: { name, mbid: chance(`lastfm id ${key}`) < 0.8 ? id : null },
      ...describedAct(id),
    }
  }

  byId(mbid: string): StubArtist | undefined {
    return this.#byId.get(mbid)
  }

  byItem(qid: string): StubArtist | undefined {
    return this.#byItem.get(qid)
  }

  recordings(artist: StubArtist, title: string): StubRecording[] {
    const key = `${artist.mbid} ${plainKey(title)}`
    if (chance(`unknown song ${key}`) < this.#shares.unknownSongs) return []
    const lengthMs = 120_000 + Math.floor(chance(`length ${key}`) * 300_000)
    const make = (which: string, more: Partial<StubRecording>): StubRecording => {
      const mbid = madeUpId(`recording ${which} ${key}`)
      const known = this.#recordings.get(mbid)
      if (known) return known
      const made: StubRecording = {
        mbid,
        // Searches come in lower case; titles are written in capitals.
        title: title.replace(/(^|\s)(\p{L})/gu, (_, before: string, first: string) => before + first.toUpperCase()),
        artists: [artist.mbid],
        lengthMs,
        official: true,
        releases: 3,
        date: String(1965 + Math.floor(chance(`date ${key}`) * 50)),
        inLookup: chance(`look-up ${key}`) < this.#shares.inLookup,
        exact: chance(`exact ${key}`) < this.#shares.exact,
        ...describedSong(mbid),
        cover: { release: madeUpId(`release ${key}`), id: 1 + Math.floor(chance(`cover ${key}`) * 1e9) },
        listeners: { duration: String(Math.round(lengthMs / 1000) * 1000), mbid, listeners: '1200' },
        ...more,
      }
      this.#recordings.set(mbid, made)
      const own = this.#byArtist.get(artist.mbid)
      if (own) own.push(made)
      else this.#byArtist.set(artist.mbid, [made])
      return made
    }
    const all = [make('studio', {})]
    if (chance(`live ${key}`) < 0.4) {
      all.push(
        make('live', {
          title: `${title} (live)`,
          live: true,
          lengthMs: lengthMs + 45_000,
          inLookup: false,
          releases: 1,
        }),
      )
    }
    if (chance(`pressing ${key}`) < 0.3) {
      all.push(make('pressing', { lengthMs: lengthMs + 1_000, inLookup: false, releases: 1 }))
    }
    for (let more = this.#moreRecordings(key); more > 0; more--) {
      const kind = chance(`kind ${more} ${key}`)
      const other = {
        lengthMs: lengthMs + Math.floor(chance(`other ${more} ${key}`) * 90_000),
        inLookup: false,
        releases: 1,
      }
      // Concerts, some of them bootlegs; pressings; a remix or a demo.
      const live = { ...other, live: true, official: kind < 0.5 }
      const studio = kind < 0.95 ? { ...other, lengthMs: lengthMs + 500 } : { ...other, title: `${title} (remix)` }
      all.push(make(`other ${more}`, kind < 0.7 ? live : studio))
    }
    return all
  }

  // Most songs have some more, one in ten has many.
  #moreRecordings(key: string): number {
    const { recordings } = this.#shares
    if (recordings <= 1) return 0
    const usual = (recordings - 1) / 1.4
    const mean = chance(`famous ${key}`) < 0.1 ? 5 * usual : usual
    return Math.min(400, Math.round(-Math.log(1 - chance(`recordings ${key}`)) * mean))
  }

  all(artist: StubArtist): readonly StubRecording[] {
    return this.#byArtist.get(artist.mbid) ?? []
  }

  creditedAs(): readonly StubRecording[] {
    return []
  }

  recording(mbid: string): StubRecording | undefined {
    return this.#recordings.get(mbid)
  }

  file(name: string): StubFile | undefined {
    const key = name.replace(/_/g, ' ')
    if (chance(`file ${key}`) < 0.01) return { file: key, missing: true }
    return { file: key, width: 1800, height: 1200 }
  }
}

// What follows from an id alone costs no further hash.
const from = (id: string, at: number) => Number.parseInt(id.slice(at, at + 4), 16)
const pick = <T>(list: readonly T[], id: string, at: number): T => list[from(id, at) % list.length]!
const genres = ['rock', 'classic rock', 'hard rock', 'pop rock', 'blues rock', 'progressive rock'] as const
const countries = [
  ['US', 'United States'],
  ['GB', 'United Kingdom'],
  ['CA', 'Canada'],
] as const

/** One act in eight has no genre, one song in four none, one in three no ISRC. */
function describedAct(id: string): Partial<StubArtist> {
  const own = { type: pick(['Group', 'Group', 'Person'], id, 0), country: pick(countries, id, 4) }
  return {
    ...own,
    begin: String(1940 + (from(id, 0) % 60)),
    ...(from(id, 4) % 8 === 0 ? {} : { genres: ['rock', pick(genres, id, 0)] }),
  }
}

function describedSong(id: string): Partial<StubRecording> {
  return {
    album: `Album ${id.slice(0, 4)}`,
    ...(from(id, 0) % 3 === 0
      ? {}
      : {
          isrc: `GBAAA${id
            .replace(/[^0-9]/g, '')
            .padEnd(7, '0')
            .slice(0, 7)}`,
        }),
    ...(from(id, 4) % 4 === 0 ? {} : { genres: [pick(genres, id, 0)] }),
  }
}

/** A number from 0 to 1 that follows from the text. */
export function chance(text: string): number {
  return createHash('md5').update(text).digest().readUInt32LE(0) / 2 ** 32
}
