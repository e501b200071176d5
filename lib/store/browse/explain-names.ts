import { type Selectable, sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import type {
  ArtistImagesTable,
  ArtistNamesTable,
  ArtistsTable,
  PlaysTable,
  QuarantinedPlaysTable,
  SongNamesTable,
  SongsTable,
  TrackInfoTable,
} from '../schema/database.ts'
import { inAnyCase } from './any-case.ts'
import type { Reader } from './reader.ts'

/** An artist with its lookup and all of its spellings. */
export interface ExplainedArtist {
  readonly artist: Readonly<Selectable<ArtistsTable>>
  /** What public sources said; null: not asked yet. */
  readonly lookup: Readonly<Selectable<ArtistImagesTable>> | null
  /** Every spelling that became this artist, by which rule and how surely, most plays first. */
  readonly spellings: readonly Readonly<Selectable<ArtistNamesTable>>[]
}

/** How a name became what it is: the artists that it stands for, as read, as resolved or as public sources write it. */
export async function explainArtist(reader: Reader, name: string, limit = 5): Promise<readonly ExplainedArtist[]> {
  const db = kyselyOf(reader)
  const same = (column: string) => sql<boolean>`lower(${sql.ref(column)}) in (${sql.join(inAnyCase(name))})`
  const ids = db
    .selectFrom('artist_names as n')
    .leftJoin('artist_images as i', 'i.artist_clean', 'n.artist_clean')
    .select('n.artist_id')
    .where((e) =>
      e.or([same('n.raw_artist'), same('n.artist_clean'), same('i.artist_lastfm'), same('i.canonical_name')]),
    )
  const artists = await db
    .selectFrom('artists')
    .selectAll()
    .where('artist_id', 'in', ids)
    .orderBy('plays', 'desc')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
  const explained: ExplainedArtist[] = []
  for (const artist of artists) {
    const lookup = await db
      .selectFrom('artist_images')
      .selectAll()
      .where('artist_clean', '=', artist.artist_clean)
      .executeTakeFirst()
    const spellings = await db
      .selectFrom('artist_names')
      .selectAll()
      .where('artist_id', '=', artist.artist_id)
      .orderBy('plays', 'desc')
      .orderBy('raw_artist')
      .limit(200)
      .execute()
    explained.push({ artist, lookup: lookup ?? null, spellings })
  }
  return explained
}

/** A song with its look-up and all of its spellings. */
export interface ExplainedSong {
  readonly song: Readonly<Selectable<SongsTable>>
  readonly lookup: Readonly<Selectable<TrackInfoTable>> | null
  /** Every spelling that became this song, most plays first. */
  readonly spellings: readonly Readonly<Selectable<SongNamesTable>>[]
}

/** How a title became what it is; null: no song of the artist is called so. */
export async function explainSong(reader: Reader, artist: string, title: string): Promise<ExplainedSong | null> {
  const db = kyselyOf(reader)
  const song = await db
    .selectFrom('songs')
    .selectAll()
    .where('artist_clean', '=', artist)
    .where('song_clean', '=', title)
    .executeTakeFirst()
  if (song === undefined) return null
  const lookup = await db
    .selectFrom('track_info')
    .selectAll()
    .where('artist_clean', '=', artist)
    .where('song_clean', '=', title)
    .executeTakeFirst()
  const spellings = await db
    .selectFrom('song_names')
    .selectAll()
    .where('song_id', '=', song.song_id)
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .orderBy('raw_song')
    .limit(200)
    .execute()
  return { song, lookup: lookup ?? null, spellings }
}

/** A play with the decisions that led to its names. */
export interface ExplainedPlay {
  readonly play: Readonly<Selectable<PlaysTable>>
  readonly artistName: Readonly<Selectable<ArtistNamesTable>> | null
  readonly songName: Readonly<Selectable<SongNamesTable>> | null
  readonly artistLookup: Readonly<Selectable<ArtistImagesTable>> | null
  readonly trackLookup: Readonly<Selectable<TrackInfoTable>> | null
}

/** One play from the line that it was read from to the names that it got; null: there is none with this id. */
export async function explainPlay(reader: Reader, id: string): Promise<ExplainedPlay | null> {
  const db = kyselyOf(reader)
  const play = await db.selectFrom('plays').selectAll().where('unique_id', '=', id).executeTakeFirst()
  if (play === undefined) return null
  const { raw_artist, raw_song, artist_clean, song_clean } = play
  const artistName = await db
    .selectFrom('artist_names')
    .selectAll()
    .where('raw_artist', '=', raw_artist)
    .executeTakeFirst()
  const songName = await db
    .selectFrom('song_names')
    .selectAll()
    .where('raw_artist', '=', raw_artist)
    .where('raw_song', '=', raw_song)
    .executeTakeFirst()
  const artistLookup = await db
    .selectFrom('artist_images')
    .selectAll()
    .where('artist_clean', '=', artist_clean)
    .executeTakeFirst()
  const trackLookup = await db
    .selectFrom('track_info')
    .selectAll()
    .where('artist_clean', '=', artist_clean)
    .where('song_clean', '=', song_clean)
    .executeTakeFirst()
  return {
    play,
    artistName: artistName ?? null,
    songName: songName ?? null,
    artistLookup: artistLookup ?? null,
    trackLookup: trackLookup ?? null,
  }
}

/** A refused line by its id; null: there is none. */
export async function refusedLine(
  reader: Reader,
  id: string,
): Promise<Readonly<Selectable<QuarantinedPlaysTable>> | null> {
  const row = await kyselyOf(reader)
    .selectFrom('quarantined_plays')
    .selectAll()
    .where('quarantine_id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
