import type { ActFacts, SongFacts } from '../../model/lookups.ts'

/** What an answer says of an act beyond its name. */
export interface ActDescription {
  readonly type?: string
  /** ISO 3166-1 code. */
  readonly country?: string
  readonly area?: string
  readonly beginYear?: number
  readonly genres?: readonly string[]
}

/** What an answer says of a recording beyond its title and length. */
export interface RecordingDescription {
  /** Of the first release that the answer knows. */
  readonly year?: number
  readonly album?: string
  readonly isrc?: string
  readonly genres?: readonly string[]
}

type Known<T> = { readonly [K in keyof T]?: Exclude<T[K], null | undefined> }

/** The parts that are known as `description`; nothing at all where none is, so that the cache stays small. */
export function described<T extends object>(parts: T): { readonly description?: Known<T> } {
  const known = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined)
  return known.length === 0 ? {} : { description: Object.fromEntries(known) as Known<T> }
}

/** The earliest of the years that are known. */
export function earliest(years: readonly (number | null | undefined)[]): number | null {
  const known = years.filter((one) => typeof one === 'number')
  return known.length > 0 ? Math.min(...known) : null
}

/** What answers say of the acts that come up while one of ours is resolved; of two answers the first counts. */
export class ActDescriptions {
  readonly #byMbid = new Map<string, ActDescription>()

  add(mbid: string, description: ActDescription | undefined): void {
    if (description) this.#byMbid.set(mbid, { ...description, ...this.#byMbid.get(mbid) })
  }

  /** @param before what is known from earlier runs of the same act */
  factsOf(mbid: string | null, before: ActFacts): Omit<ActFacts, 'similar_artists'> {
    const { type, country, area, beginYear, genres } = (mbid === null ? undefined : this.#byMbid.get(mbid)) ?? {}
    return {
      act_type: type ?? before.act_type,
      country: country ?? before.country,
      area: area ?? before.area,
      begin_year: beginYear ?? before.begin_year,
      genres: genres?.join(', ') ?? before.genres,
    }
  }
}

/** The columns of a song: of several descriptions the first that knows counts, and of years the earliest. */
export function songFacts(
  descriptions: readonly (RecordingDescription | undefined)[],
  largeCover: string | null,
): SongFacts {
  const first = <K extends keyof RecordingDescription>(name: K) =>
    descriptions.map((one) => one?.[name]).find((value) => value !== undefined) ?? null
  return {
    first_release_year: earliest(descriptions.map((one) => one?.year)),
    album: first('album'),
    isrc: first('isrc'),
    genres: first('genres')?.join(', ') ?? null,
    cover_large_url: largeCover,
  }
}
