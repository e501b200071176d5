import { kyselyOf } from '../kysely-of.ts'
import type { Reader } from './reader.ts'

/** A name as somebody wrote it: of an artist, or of a title of `artist`. */
export interface NameOfPair {
  readonly name: string
  /** Empty for an artist. */
  readonly artist: string
}

// SQLite takes 32,766 values in a statement, and each name is asked for twice.
const maxNames = 5000

/**
 * What each name is compared by, as the last run worked it out; of a title together with its artist. A name that was not played
 * stands for itself.
 */
export async function nameKeys(reader: Reader, names: readonly NameOfPair[]): Promise<readonly string[]> {
  const keys: string[] = []
  for (let at = 0; at < names.length; at += maxNames)
    keys.push(...(await someKeys(reader, names.slice(at, at + maxNames))))
  return keys
}

async function someKeys(reader: Reader, names: readonly NameOfPair[]): Promise<readonly string[]> {
  const db = kyselyOf(reader)
  const written = (of: (each: NameOfPair) => string) => ['', ...new Set(names.map(of))]
  const artists = await db
    .selectFrom('artist_names')
    .select(['raw_artist', 'cleaned', 'name_key', 'artist_clean'])
    .where((e) => {
      const some = written(({ name, artist }) => artist || name)
      return e.or([e('raw_artist', 'in', some), e('cleaned', 'in', some)])
    })
    .orderBy('plays')
    .execute()
  const artistOf = new Map<string, (typeof artists)[number]>()
  for (const row of artists) {
    if (row.cleaned !== null) artistOf.set(row.cleaned, row)
    artistOf.set(row.raw_artist, row)
  }
  const titles = await db
    .selectFrom('song_names')
    .select(['raw_song', 'cleaned', 'name_key', 'artist_clean'])
    .where('artist_clean', 'in', ['', ...new Set(artists.map((row) => row.artist_clean))])
    .where((e) => {
      const some = written(({ name, artist }) => (artist === '' ? '' : name))
      return e.or([e('raw_song', 'in', some), e('cleaned', 'in', some)])
    })
    .orderBy('plays')
    .execute()
  const titleKey = new Map<string, string>()
  const ofTitle = (artist: string, title: string) => JSON.stringify([artist, title])
  for (const { raw_song, cleaned, name_key, artist_clean } of titles) {
    if (name_key === null) continue
    if (cleaned !== null) titleKey.set(ofTitle(artist_clean, cleaned), name_key)
    titleKey.set(ofTitle(artist_clean, raw_song), name_key)
  }
  return names.map(({ name, artist }) => {
    if (artist === '') return artistOf.get(name)?.name_key ?? name
    const clean = artistOf.get(artist)?.artist_clean ?? artist
    return ofTitle(clean, titleKey.get(ofTitle(clean, name)) ?? name)
  })
}
