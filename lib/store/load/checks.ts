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
  const staged = stagedTable(session)
  const {
    rows: [counted],
  } = await sql<Counted>`
    select count(*) as plays, coalesce(sum(repaired), 0) as repaired from ${staged('plays')}`.execute(db)
  const {
    rows: [found],
  } = await sumsOf(staged, input.append === true).execute(db)
  const { plays, repaired } = counted!
  const ledger: Ledger = {
    rowsIn: Number(input.rowsIn),
    plays: plays - found!.before,
    quarantined: found!.quarantined,
    duplicates: Number(input.duplicates),
    repaired: repaired - found!.repaired_before,
  }
  const broken = brokenRules(ledger, plays, found!)
  if (broken.length > 0) throw disagreeing(broken)
  return ledger
}

type Counted = Record<'plays' | 'repaired', number>

/** The tables whose `plays` add up to all plays. */
const levels = ['artist_names', 'song_names', 'artists', 'songs', 'stations', 'plays_by_hour'] as const

/** Rules between two tables: how many rows of the first break it, and what it says of them. */
const differences = {
  other_artist: 'song_names have another artist than artist_names',
  by_artist: 'artists have other plays than their names',
  by_song: 'songs have other plays than their names',
  by_songs: 'artists have other plays or songs than their songs',
  by_hour: 'stations have other plays than their hours',
} as const

type Difference = keyof typeof differences
type Sums = Record<'before' | 'repaired_before' | 'quarantined' | (typeof levels)[number] | Difference, number>
type StagedTable = ReturnType<typeof stagedTable>

/** The name of a table's staging, as SQL. */
const stagedTable = (session: Session) => (name: LoadTable) => sql.raw(session.staging.table(shapes[name]))

function sumsOf(staged: StagedTable, append: boolean) {
  const before = append ? sql`(select count(*) from plays)` : sql`0`
  const repairedBefore = append ? sql`(select coalesce(sum(repaired), 0) from plays)` : sql`0`
  const totals = levels.map((name) => sql`(select coalesce(sum(plays), 0) from ${staged(name)}) as ${sql.ref(name)}`)
  return sql<Sums>`select
    ${before} as before, ${repairedBefore} as repaired_before,
    (select count(*) from ${staged('quarantined_plays')}) as quarantined,
    ${sql.join(totals)},
    (select count(*) from ${staged('song_names')} n
      left join ${staged('artist_names')} a on a.raw_artist = n.raw_artist
      where a.artist_clean is distinct from n.artist_clean) as other_artist,
    (select count(*) from ${staged('artists')} a
      left join (select artist_id, sum(plays) as plays from ${staged('artist_names')} group by artist_id) n
        on n.artist_id = a.artist_id
      where n.plays is distinct from a.plays) as by_artist,
    (select count(*) from ${staged('songs')} a
      left join (select song_id, sum(plays) as plays from ${staged('song_names')} group by song_id) n on n.song_id = a.song_id
      where n.plays is distinct from a.plays) as by_song,
    (select count(*) from ${staged('artists')} a
      left join (select artist_id, sum(plays) as plays, count(*) as songs from ${staged('songs')} group by artist_id) n
        on n.artist_id = a.artist_id
      where n.plays is distinct from a.plays or n.songs is distinct from a.songs) as by_songs,
    (select count(*) from ${staged('stations')} a
      left join (select callsign, sum(plays) as plays from ${staged('plays_by_hour')} group by callsign) n
        on n.callsign = a.callsign
      where n.plays is distinct from a.plays) as by_hour`
}

/** What is wrong, a phrase a rule; `plays` are all that are staged, those of before included. */
function brokenRules(ledger: Ledger, plays: number, found: Sums): string[] {
  const broken: string[] = []
  if (ledger.rowsIn !== ledger.plays + ledger.quarantined + ledger.duplicates) {
    broken.push(
      `${ledger.rowsIn} rows in are not ${ledger.plays} plays + ${ledger.quarantined} quarantined + ` +
        `${ledger.duplicates} duplicates`,
    )
  }
  for (const level of levels) {
    if (found[level] !== plays) broken.push(`${level} count ${found[level]} plays instead of ${plays}`)
  }
  for (const rule of Object.keys(differences) as Difference[]) {
    if (found[rule] > 0) broken.push(`${found[rule]} ${differences[rule]}`)
  }
  return broken
}

/**
 * Asserts that every staged play has its row in `song_names`. *Cost:* one look-up a play, so that it is asked only where a
 * publish has found fewer plays than were staged. *Errors:* AppError `check`.
 */
export async function assertNamed(session: Session, db: Db): Promise<void> {
  const staged = stagedTable(session)
  const {
    rows: [found],
  } = await sql<{ nameless: number }>`
    select count(*) as nameless from ${staged('plays')} p where not exists (
      select 1 from ${staged('song_names')} n where n.raw_artist = p.raw_artist and n.raw_song = p.raw_song)`.execute(
    db,
  )
  if (found!.nameless > 0) throw disagreeing([`${found!.nameless} plays have no row in song_names`])
}

function disagreeing(broken: readonly string[]): AppError {
  return new AppError('check', `the tables do not agree: ${broken.join('; ')}`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
  })
}
