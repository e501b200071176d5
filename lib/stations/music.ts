import type { PlayLog, StationLog } from './play-log.ts'

/** What public sources know of a title: the year of its first release, and its genres. */
export interface MusicFacts {
  year(artist: string, song: string): number | null
  genres(artist: string, song: string): readonly string[]
}

interface Share<Name> {
  readonly name: Name
  readonly spins: number
  /** Of the spins of which it is known. */
  readonly share: number
}

/** Question 9: how old, what kind? */
export interface Music {
  readonly decades: readonly Share<number>[]
  /** Share of all spins whose year is not known. */
  readonly yearUnknown: number
  /** Spins of titles first released in the year of the spin or the year before, of those whose year is known; null: none is. */
  readonly freshShare: number | null
  /** A spin counts for each genre of its title. */
  readonly genres: readonly Share<string>[]
  readonly genreUnknown: number
}

const listedGenres = 12

export function musicOf({ titles }: PlayLog, { times, local, spinsOf }: StationLog, facts: MusicFacts): Music {
  const decades = new Map<number, number>()
  const genres = new Map<string, number>()
  let dated = 0
  let fresh = 0
  let typed = 0
  for (const [title, spins] of spinsOf) {
    const { artist, song } = titles[title]!
    const year = facts.year(artist, song)
    if (year !== null) {
      dated += spins.length
      add(decades, Math.floor(year / 10) * 10, spins.length)
      fresh += spins.filter((spin) => new Date(local[spin]! * 1000).getUTCFullYear() <= year + 1).length
    }
    const named = facts.genres(artist, song)
    if (named.length > 0) typed += spins.length
    for (const genre of new Set(named)) add(genres, genre, spins.length)
  }
  return {
    decades: shares(decades, dated).sort((a, b) => a.name - b.name),
    yearUnknown: 1 - dated / times.length,
    freshShare: dated > 0 ? fresh / dated : null,
    genres: shares(genres, typed)
      .sort((a, b) => b.spins - a.spins || (a.name < b.name ? -1 : 1))
      .slice(0, listedGenres),
    genreUnknown: 1 - typed / times.length,
  }
}

function add<Name>(counts: Map<Name, number>, name: Name, spins: number): void {
  counts.set(name, (counts.get(name) ?? 0) + spins)
}

function shares<Name>(counts: ReadonlyMap<Name, number>, of: number): Share<Name>[] {
  return [...counts].map(([name, spins]) => ({ name, spins, share: spins / of }))
}
