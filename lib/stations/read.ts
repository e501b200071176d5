import type { MusicFacts } from './music.ts'
import { type PlayLog, PlayLogBuilder } from './play-log.ts'

/** How relations are read: what `lib/store` gives. */
export interface PlaySource {
  batches(
    relation: 'plays' | 'track_info' | 'artist_images',
    options?: { readonly columns?: readonly string[] },
  ): AsyncIterable<{ readonly numRows: number; readonly columns: readonly ArrayLike<unknown>[] }>
}

/** All plays, read once. *Memory:* as `PlayLogBuilder`. */
export async function readPlayLog(
  source: PlaySource,
  options: { readonly timezone?: string; readonly signal?: AbortSignal } = {},
): Promise<PlayLog> {
  const builder = new PlayLogBuilder()
  const columns = ['callsign', 'artist_clean', 'song_clean', 'time_unix', 'featured']
  for await (const { numRows, columns: batch } of source.batches('plays', { columns })) {
    options.signal?.throwIfAborted()
    const [callsigns, artists, songs, times, guests] = batch as [string[], string[], string[], bigint[], unknown[]]
    for (let r = 0; r < numRows; r++) {
      builder.add(callsigns[r]!, artists[r]!, songs[r]!, Number(times[r]), text(guests[r]))
    }
  }
  return builder.build(options.timezone)
}

/** Years and genres that public sources know; where a title's own genres are not known, its artist's stand in. */
export async function readMusicFacts(source: PlaySource): Promise<MusicFacts> {
  const years = new Map<string, number>()
  const genres = new Map<string, readonly string[]>()
  const key = (artist: string, song: string) => `${artist}\u0000${song}`
  const columns = ['artist_clean', 'song_clean', 'first_release_year', 'genres']
  for await (const { numRows, columns: batch } of source.batches('track_info', { columns })) {
    const [artists, songs, released, named] = batch as [string[], string[], unknown[], unknown[]]
    for (let r = 0; r < numRows; r++) {
      const title = key(artists[r]!, songs[r]!)
      if (released[r] !== null && released[r] !== undefined) years.set(title, Number(released[r]))
      const list = text(named[r])
      if (list !== null) genres.set(title, list.split(', '))
    }
  }
  const ofArtists = new Map<string, readonly string[]>()
  for await (const { numRows, columns: batch } of source.batches('artist_images', {
    columns: ['artist_clean', 'genres'],
  })) {
    const [artists, named] = batch as [string[], unknown[]]
    for (let r = 0; r < numRows; r++) {
      const list = text(named[r])
      if (list !== null) ofArtists.set(artists[r]!, list.split(', '))
    }
  }
  return {
    year: (artist, song) => years.get(key(artist, song)) ?? null,
    genres: (artist, song) => genres.get(key(artist, song)) ?? ofArtists.get(artist) ?? [],
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
