import type { LookupStatus, RowState, WorkArtist } from '../../model/lookups.ts'
import type { ArtistsTable, Db, SongsTable, Timestamp } from '../schema/database.ts'
import { inWholeSizes } from './statements.ts'

const artistsPerPage = 500

/** A place in the order by plays. */
type Ranked = Pick<ArtistsTable, 'plays' | 'artist_clean'>
type RankedSong = Pick<SongsTable, 'plays' | 'artist_clean' | 'song_clean'>

const comesAfter = (one: Ranked, other: Ranked) =>
  Number(one.plays) < Number(other.plays) ||
  (Number(one.plays) === Number(other.plays) && byBytes(one.artist_clean, other.artist_clean) > 0)

// As both databases order text.
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * The artists and songs of the tables with the state of their look-ups, most plays first, by pages; with a limit, only so
 * many artists and so many songs.
 */
export async function* workList(db: Db, limit?: number): AsyncGenerator<readonly WorkArtist[]> {
  const last = limit === undefined ? undefined : await lastWithin(db, limit)
  let after: Ranked | undefined
  for (;;) {
    const artists = await artistsAfter(db, after)
    after = artists.at(-1)
    if (after === undefined) return
    const songs = await songsOf(db, artists, last?.song)
    const page = artists.map((one) => ({
      artist: one.artist_clean,
      listed: last?.artist === undefined || !comesAfter(one, last.artist),
      state: stateOf(one, one.image_status === 'found'),
      songs: songs.get(one.artist_clean) ?? [],
    }))
    yield limit === undefined ? page : page.filter((one) => one.listed || one.songs.length > 0)
    if (artists.length < artistsPerPage) return
    // No artist has fewer plays than any of its songs.
    const beyond = (one: Ranked | undefined) => one !== undefined && Number(after?.plays) < Number(one.plays)
    if (beyond(last?.artist) && beyond(last?.song)) return
  }
}

/** The last artist and the last song within a limit; undefined where there are not so many. */
async function lastWithin(
  db: Db,
  limit: number,
): Promise<{ readonly artist: Ranked | undefined; readonly song: RankedSong | undefined }> {
  const artist = await db
    .selectFrom('artists')
    .select(['plays', 'artist_clean'])
    .orderBy('plays', 'desc')
    .orderBy('artist_clean')
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst()
  const song = await db
    .selectFrom('songs')
    .select(['plays', 'artist_clean', 'song_clean'])
    .orderBy('plays', 'desc')
    .orderBy('artist_clean')
    .orderBy('song_clean')
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst()
  return { artist, song }
}

function artistsAfter(db: Db, last: Ranked | undefined) {
  const all = db
    .selectFrom('artists as a')
    .leftJoin('artist_images as i', 'i.artist_clean', 'a.artist_clean')
    .select([
      'a.artist_clean',
      'a.plays',
      'i.identity_status as status',
      'i.mbid',
      'i.match_method as method',
      'i.image_url as image',
      'i.image_status',
      'i.providers_asked as providers',
      'i.expires_at',
      'i.next_attempt_at',
    ])
    .orderBy('a.plays', 'desc')
    .orderBy('a.artist_clean')
    .limit(artistsPerPage)
  if (last === undefined) return all.execute()
  return all
    .where((eb) =>
      eb.or([
        eb('a.plays', '<', last.plays),
        eb.and([eb('a.plays', '=', last.plays), eb('a.artist_clean', '>', last.artist_clean)]),
      ]),
    )
    .execute()
}

async function songsOf(db: Db, artists: readonly Ranked[], last: RankedSong | undefined) {
  const all = db
    .selectFrom('songs as s')
    .leftJoin('track_info as t', (join) =>
      join.onRef('t.artist_clean', '=', 's.artist_clean').onRef('t.song_clean', '=', 's.song_clean'),
    )
    .select([
      's.artist_clean',
      's.song_clean',
      't.status',
      't.recording_mbid as mbid',
      't.match_method as method',
      't.duration_ms',
      't.providers_asked as providers',
      't.expires_at',
      't.next_attempt_at',
    ])
    .where('s.artist_clean', 'in', inWholeSizes(artists.map((one) => one.artist_clean)))
    .orderBy('s.plays', 'desc')
    .orderBy('s.song_clean')
  const within =
    last === undefined
      ? all
      : all.where((eb) =>
          eb.or([
            eb('s.plays', '>', last.plays),
            eb.and([eb('s.plays', '=', last.plays), eb('s.artist_clean', '<', last.artist_clean)]),
            eb.and([
              eb('s.plays', '=', last.plays),
              eb('s.artist_clean', '=', last.artist_clean),
              eb('s.song_clean', '<=', last.song_clean),
            ]),
          ]),
        )
  const songs = new Map<string, { song: string; state: RowState | null }[]>()
  for (const row of await within.execute()) {
    const own = songs.get(row.artist_clean) ?? []
    songs.set(row.artist_clean, own)
    own.push({ song: row.song_clean, state: stateOf(row, row.duration_ms !== null) })
  }
  return songs
}

function stateOf(
  row: {
    status: LookupStatus | null
    mbid: string | null
    method: string | null
    image?: string | null
    providers: string | null
    expires_at: Timestamp | null
    next_attempt_at: Timestamp | null
  },
  complete: boolean,
): RowState | null {
  if (row.status === null) return null
  const { status, mbid, method, image = null, expires_at, next_attempt_at } = row
  return { status, mbid, method, image, complete, providers: row.providers ?? '', expires_at, next_attempt_at }
}
