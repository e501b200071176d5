import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Session } from '../engine/types.ts'
import type { Db } from '../schema/database.ts'
import { type LoadTable, shapes } from '../schema/tables.ts'

export interface LedgerInput {
  /** Lines read, header lines left out. */
  readonly rowsIn: bigint
  /** Rows that repeat another one to the letter, or a play that was there, and were left out. */
  readonly duplicates: bigint
  /**
   * Whether the rows came to what was there: then staging holds the plays of before and the new ones, and of the other tables
   * what they shall be; refused rows of before stay without being staged. Default: false.
   */
  readonly append?: boolean
}

/** What became of the rows of a run; of one that appends, the plays of before are not among them. */
export interface Ledger {
  readonly rowsIn: number
  readonly plays: number
  readonly quarantined: number
  readonly duplicates: number
  readonly repaired: number
}

/**
 * Asserts on the staging tables what no published state may break, in two statements:
 * rows in = plays + quarantined + duplicates; titles have the artist that their artist has; plays add up to the
 * same sum at every level, and per artist, song, station and hour. A run that appends has the plays of before in its staging;
 * they are taken off its rows.
 *
 * *Errors:* AppError `check` that names every rule that is broken, with its numbers.
 */
export async function assertStaging(session: Session, db: Db, input: LedgerInput): Promise<Ledger> {
  const s = (name: LoadTable) => sql.raw(session.staging.table(shapes[name]))
  const total = (name: LoadTable) => sql`(select coalesce(sum(plays), 0) from ${s(name)})`

  const {
    rows: [plays],
  } = await sql<Record<'plays' | 'repaired', number>>`
    select count(*) as plays, coalesce(sum(repaired), 0) as repaired from ${s('plays')}`.execute(db)

  const before = input.append === true ? sql`(select count(*) from plays)` : sql`0`
  const repairedBefore = input.append === true ? sql`(select coalesce(sum(repaired), 0) from plays)` : sql`0`

  type Sums =
    | 'before'
    | 'repaired_before'
    | 'quarantined'
    | 'artist_names'
    | 'song_names'
    | 'artists'
    | 'songs'
    | 'stations'
    | 'plays_by_hour'
  type Differences = 'other_artist' | 'by_artist' | 'by_song' | 'by_songs' | 'by_hour'
  const {
    rows: [sums],
  } = await sql<Record<Sums | Differences, number>>`select
    ${before} as before, ${repairedBefore} as repaired_before,
    (select count(*) from ${s('quarantined_plays')}) as quarantined,
    ${total('artist_names')} as artist_names, ${total('song_names')} as song_names, ${total('artists')} as artists,
    ${total('songs')} as songs, ${total('stations')} as stations, ${total('plays_by_hour')} as plays_by_hour,
    (select count(*) from ${s('song_names')} n
      left join ${s('artist_names')} a on a.raw_artist = n.raw_artist
      where a.artist_clean is distinct from n.artist_clean) as other_artist,
    (select count(*) from ${s('artists')} a
      left join (select artist_id, sum(plays) as plays from ${s('artist_names')} group by artist_id) n
        on n.artist_id = a.artist_id
      where n.plays is distinct from a.plays) as by_artist,
    (select count(*) from ${s('songs')} a
      left join (select song_id, sum(plays) as plays from ${s('song_names')} group by song_id) n on n.song_id = a.song_id
      where n.plays is distinct from a.plays) as by_song,
    (select count(*) from ${s('artists')} a
      left join (select artist_id, sum(plays) as plays, count(*) as songs from ${s('songs')} group by artist_id) n
        on n.artist_id = a.artist_id
      where n.plays is distinct from a.plays or n.songs is distinct from a.songs) as by_songs,
    (select count(*) from ${s('stations')} a
      left join (select callsign, sum(plays) as plays from ${s('plays_by_hour')} group by callsign) n
        on n.callsign = a.callsign
      where n.plays is distinct from a.plays) as by_hour`.execute(db)

  const counted = plays!
  const found = sums!
  const ledger: Ledger = {
    rowsIn: Number(input.rowsIn),
    plays: counted.plays - found.before,
    quarantined: found.quarantined,
    duplicates: Number(input.duplicates),
    repaired: counted.repaired - found.repaired_before,
  }
  const broken: string[] = []
  if (ledger.rowsIn !== ledger.plays + ledger.quarantined + ledger.duplicates) {
    broken.push(
      `${ledger.rowsIn} rows in are not ${ledger.plays} plays + ${ledger.quarantined} quarantined + ` +
        `${ledger.duplicates} duplicates`,
    )
  }
  if (found.other_artist > 0) broken.push(`${found.other_artist} song_names have another artist than artist_names`)
  for (const level of ['artist_names', 'song_names', 'artists', 'songs', 'stations', 'plays_by_hour'] as const) {
    if (found[level] !== counted.plays) broken.push(`${level} count ${found[level]} plays instead of ${counted.plays}`)
  }
  if (found.by_artist > 0) broken.push(`${found.by_artist} artists have other plays than their names`)
  if (found.by_song > 0) broken.push(`${found.by_song} songs have other plays than their names`)
  if (found.by_songs > 0) broken.push(`${found.by_songs} artists have other plays or songs than their songs`)
  if (found.by_hour > 0) broken.push(`${found.by_hour} stations have other plays than their hours`)
  if (broken.length > 0) throw disagreeing(broken)
  return ledger
}

/**
 * Asserts that every staged play has its row in `song_names`. *Cost:* one look-up a play, so that it is asked only where a
 * publish has found fewer plays than were staged. *Errors:* AppError `check`.
 */
export async function assertNamed(session: Session, db: Db): Promise<void> {
  const s = (name: LoadTable) => sql.raw(session.staging.table(shapes[name]))
  const {
    rows: [found],
  } = await sql<{ nameless: number }>`
    select count(*) as nameless from ${s('plays')} p where not exists (
      select 1 from ${s('song_names')} n where n.raw_artist = p.raw_artist and n.raw_song = p.raw_song)`.execute(db)
  if (found!.nameless > 0) throw disagreeing([`${found!.nameless} plays have no row in song_names`])
}

function disagreeing(broken: readonly string[]): AppError {
  return new AppError('check', `the tables do not agree: ${broken.join('; ')}`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
  })
}
