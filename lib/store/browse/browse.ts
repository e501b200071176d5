import { type ExpressionBuilder, type RawBuilder, type Selectable, sql } from 'kysely'
import { AppError } from '../../errors.ts'
import { dialectOf, kyselyOf } from '../kysely-of.ts'
import type {
  ArtistImagesTable,
  ArtistNamesTable,
  ArtistsTable,
  Database,
  PlaysTable,
  QuarantinedPlaysTable,
  SongNamesTable,
  TrackInfoTable,
} from '../schema/database.ts'
import { type Relation, relationNames, relations } from '../schema/relations.ts'
import { allColumns, keptShapes, shapes, type TableShape } from '../schema/tables.ts'
import type { Reader } from './reader.ts'

/*
 * The questions of people who look around in the data. Names of tables and columns come from the lists of this folder,
 * never from the asker; what is asked for is a parameter.
 */

export interface ColumnDescription {
  readonly name: string
  /** Null for views: their columns have no type of their own. */
  readonly type: 'text' | 'int64' | 'int32' | 'double' | null
  readonly nullable: boolean | null
  readonly key: boolean
}

/** The columns of a relation, in order. */
export function describeRelation(name: Relation): readonly ColumnDescription[] {
  const shape = shapeOf(name)
  if (shape === undefined) {
    return relations[name].columns.map((column) => ({ name: column, type: null, nullable: null, key: false }))
  }
  const known = new Map(shape.columns.map((column) => [column.name, column]))
  return allColumns(shape).map((column) => ({
    name: column,
    type: known.get(column)?.kind ?? 'text',
    nullable: known.get(column)?.nullable ?? false,
    key: shape.key.includes(column),
  }))
}

function shapeOf(name: Relation): TableShape | undefined {
  return { ...shapes, ...keptShapes }[name as keyof typeof shapes]
}

/** The relation of that name. Errors: AppError `usage`, listing what there is. */
export function relationNamed(name: string): Relation {
  const found = relationNames.find((each) => each === name)
  if (found) return found
  throw new AppError('usage', `there is no table ${JSON.stringify(name)}`, {
    remedy: `there are ${relationNames.join(', ')}`,
  })
}

function columnNamed(relation: Relation, name: string): string {
  const { columns } = relations[relation]
  if (columns.includes(name)) return name
  throw new AppError('usage', `${relation} has no column ${JSON.stringify(name)}`, {
    remedy: `it has ${columns.join(', ')}`,
  })
}

/** Rows of each relation. A view has as many as the table that it begins with, so that none is worked out for a number. */
export async function relationCounts(reader: Reader): Promise<Readonly<Record<Relation, number>>> {
  const db = kyselyOf(reader)
  const counts: Partial<Record<Relation, number>> = {}
  for (const name of relationNames) {
    if (shapeOf(name) === undefined) continue
    const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(db)
    counts[name] = rows[0]!.rows
  }
  return { ...counts, music_records: counts.plays!, distinct_artists: counts.artists! } as Record<Relation, number>
}

/** Only rows whose column has this value; null finds null. */
export interface Filter {
  readonly column: string
  readonly value: string | null
}

export interface Page {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** Whether there are rows after these. */
  readonly more: boolean
}

/**
 * Some rows of a relation in its fixed order.
 *
 * *Cost:* the rows before `offset` are walked over; a filter reads rows until enough are found.
 */
export async function relationRows(
  reader: Reader,
  name: string,
  options: { readonly offset?: number; readonly limit: number; readonly filter?: Filter },
): Promise<Page> {
  const relation = relationNamed(name)
  const { columns, order } = relations[relation]
  const where = options.filter ? whereOf(relation, options.filter) : sql``
  const { rows } = await sql<Record<string, unknown>>`select ${sql.join(columns.map((each) => sql.ref(each)))}
    from ${sql.table(relation)} ${where} order by ${sql.raw(order)}
    limit ${options.limit + 1} offset ${options.offset ?? 0}`.execute(kyselyOf(reader))
  const shown = rows.slice(0, options.limit)
  return { columns, rows: shown.map((row) => columns.map((each) => row[each])), more: rows.length > options.limit }
}

function whereOf(relation: Relation, filter: Filter): RawBuilder<unknown> {
  const column = sql.ref(columnNamed(relation, filter.column))
  if (filter.value === null) return sql`where ${column} is null`
  const type = describeRelation(relation).find((each) => each.name === filter.column)?.type
  if (type === 'text') return sql`where ${column} = ${filter.value}`
  if (type === null) return sql`where cast(${column} as text) = ${filter.value}`
  const value = Number(filter.value)
  // A number that is none is the value of no row; Postgres would call it an error.
  return Number.isFinite(value) ? sql`where ${column} = ${value}` : sql`where 1 = 0`
}

export interface Facet {
  readonly value: string | number | null
  readonly rows: number
}

/**
 * The values of a column by the number of their rows, most first.
 *
 * *Cost:* a scan of the relation; of `plays` by station, artist or song one of the table that Spark has counted already.
 */
export async function relationFacets(
  reader: Reader,
  name: string,
  columnName: string,
  options: { readonly limit: number; readonly filter?: Filter },
): Promise<{ readonly values: readonly Facet[]; readonly more: boolean }> {
  const relation = relationNamed(name)
  const column = columnNamed(relation, columnName)
  const counted = options.filter === undefined && relation === 'plays' ? countedAlready[column] : undefined
  const from = counted ?? relation
  const rowsOf = counted ? sql`sum(plays)` : sql`count(*)`
  const where = options.filter ? whereOf(relation, options.filter) : sql``
  // One title may be the song of several artists, hence the grouping there too.
  const { rows } = await sql<{ value: string | number | null; rows: number }>`
    select ${sql.ref(column)} as value, ${rowsOf} as ${sql.ref('rows')} from ${sql.table(from)} ${where}
    group by ${sql.ref(column)} order by 2 desc, ${sql.ref(column)} is null, ${sql.ref(column)}
    limit ${options.limit + 1}`.execute(kyselyOf(reader))
  return { values: rows.slice(0, options.limit), more: rows.length > options.limit }
}

const countedAlready: Readonly<Record<string, Relation>> = {
  callsign: 'stations',
  artist_clean: 'artists',
  song_clean: 'songs',
}

export interface Hit {
  readonly kind: 'artist' | 'song' | 'station' | 'spelling'
  /** As it stands in the data. */
  readonly name: string
  /** Artist of a song; the resolved name of a spelling. */
  readonly of: string | null
  readonly plays: number
}

/**
 * Artists, songs, stations and spellings that contain a text, most plays first; capitals do not matter.
 *
 * *Cost:* a scan of the four tables of names, none of plays.
 */
export async function searchNames(reader: Reader, text: string, limit: number): Promise<readonly Hit[]> {
  const db = kyselyOf(reader)
  const contains = (column: string) =>
    sql<boolean>`(${sql.join(
      patterns(text).map((pattern) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`),
      sql` or `,
    )})`
  const artists = await db
    .selectFrom('artists')
    .select(['artist_clean as name', 'plays'])
    .where(contains('artist_clean'))
    .orderBy('plays', 'desc')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
  const songs = await db
    .selectFrom('songs')
    .select(['song_clean as name', 'artist_clean as of', 'plays'])
    .where(contains('song_clean'))
    .orderBy('plays', 'desc')
    .orderBy('song_clean')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
  const stations = await db
    .selectFrom('stations')
    .select(['callsign as name', 'plays'])
    .where(contains('callsign'))
    .orderBy('plays', 'desc')
    .orderBy('callsign')
    .limit(limit)
    .execute()
  const spellings = await db
    .selectFrom('artist_names')
    .select(['raw_artist as name', 'artist_clean as of', 'plays'])
    .where(contains('raw_artist'))
    .whereRef('raw_artist', '!=', 'artist_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .limit(limit)
    .execute()
  const hits: Hit[] = [
    ...artists.map((each) => ({ kind: 'artist' as const, of: null, ...each })),
    ...songs.map((each) => ({ kind: 'song' as const, ...each })),
    ...stations.map((each) => ({ kind: 'station' as const, of: null, ...each })),
    ...spellings.map((each) => ({ kind: 'spelling' as const, ...each })),
  ]
  return hits.sort((a, b) => b.plays - a.plays || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).slice(0, limit)
}

/**
 * LIKE patterns for a text, to be held against `lower(column)`. Both databases lower only a to z (the columns' order is
 * that of bytes), so other alphabets are looked for as given, small, capital and capitalised (the first word, or all).
 */
function patterns(text: string): readonly string[] {
  return inAnyCase(text).map((each) => `%${each.replace(/[\\%_]/g, '\\$&')}%`)
}

function inAnyCase(text: string): readonly string[] {
  const small = text.toLowerCase()
  const capitalised = (letters: RegExp) => small.replace(letters, (letter) => letter.toUpperCase())
  const variants = [text, small, text.toUpperCase(), capitalised(/\p{L}/u), capitalised(/(?<!\p{L})\p{L}/gu)]
  return [...new Set(variants.map((each) => each.replace(/[A-Z]/g, (letter) => letter.toLowerCase())))]
}

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

export interface ReviewedPair {
  readonly kind: 'artist' | 'song'
  /** What the last run decided. */
  readonly verdict: 'same' | 'different'
  /** As read. */
  readonly a: string
  /** The canonical name of it, or as read the other name that it was kept apart from. */
  readonly b: string
  /** Artist of a song; null for artists. */
  readonly artist: string | null
  readonly method: string
  readonly score: number | null
  readonly plays: number
  /** The evidence for it, or why it was not enough. */
  readonly why: string | null
}

export interface ReviewOptions {
  readonly limit: number
  /** 0 to 1: only what is not surer. */
  readonly maxScore?: number
}

/**
 * Names that were brought under another name by more than equal keys, and pairs that nearly were, most plays first: where a
 * person's look is worth most. `exact` and `key` are left out: there the letters are the same.
 */
export async function reviewNames(reader: Reader, options: ReviewOptions): Promise<readonly ReviewedPair[]> {
  const all = [...(await doubtfulMerges(reader, options)), ...(await doubtfulPairs(reader, options))]
  return all.sort((a, b) => b.plays - a.plays || (a.a < b.a ? -1 : a.a > b.a ? 1 : 0)).slice(0, options.limit)
}

async function doubtfulMerges(reader: Reader, { limit, maxScore }: ReviewOptions): Promise<ReviewedPair[]> {
  const db = kyselyOf(reader)
  const unsure = <T extends 'artist_names' | 'song_names'>(e: ExpressionBuilder<Database, T>) =>
    e.and([
      // What a person decided is not doubtful.
      sql<boolean>`method not in ('exact', 'key', 'override')`,
      ...(maxScore === undefined ? [] : [sql<boolean>`score is not null and score <= ${maxScore}`]),
    ])
  const artists = await db
    .selectFrom('artist_names')
    .select(['raw_artist as a', 'artist_clean as b', 'method', 'score', 'plays', 'evidence as why'])
    .where(unsure)
    .whereRef('raw_artist', '!=', 'artist_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .limit(limit)
    .execute()
  const songs = await db
    .selectFrom('song_names')
    .select([
      'raw_song as a',
      'song_clean as b',
      'artist_clean as artist',
      'method',
      'score',
      'plays',
      'evidence as why',
    ])
    .where(unsure)
    .whereRef('raw_song', '!=', 'song_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .orderBy('raw_song')
    .limit(limit)
    .execute()
  return [
    ...artists.map((each) => ({ kind: 'artist' as const, verdict: 'same' as const, artist: null, ...each })),
    ...songs.map((each) => ({ kind: 'song' as const, verdict: 'same' as const, ...each })),
  ]
}

/** The pairs of `name_doubts` in the most played spellings of their keys. */
async function doubtfulPairs(reader: Reader, { limit, maxScore }: ReviewOptions): Promise<readonly ReviewedPair[]> {
  const below = maxScore === undefined ? sql`` : sql`and score <= ${maxScore}`
  const { rows } = await sql<ReviewedPair>`
    with doubts as (select * from name_doubts where why <> 'kept apart by hand' ${below} order by plays desc, kind, artist, a, z limit ${limit}),
    artist_keys as (select a as name_key from doubts where kind = 'artist' union select z from doubts where kind = 'artist'
      union select artist from doubts where kind = 'song'),
    spelled as (select n.name_key, n.raw_artist, n.artist_clean,
        row_number() over (partition by n.name_key order by n.plays desc, n.raw_artist) as place
      from artist_names n join artist_keys k on k.name_key = n.name_key),
    song_keys as (select distinct s.artist_clean, k.name_key from spelled s join
        (select artist, a as name_key from doubts where kind = 'song'
          union select artist, z from doubts where kind = 'song') k on k.artist = s.name_key and s.place = 1),
    titled as (select n.artist_clean, n.name_key, n.raw_song,
        row_number() over (partition by n.artist_clean, n.name_key order by n.plays desc, n.raw_artist, n.raw_song) as place
      from song_names n join song_keys k on k.artist_clean = n.artist_clean and k.name_key = n.name_key)
    select d.kind, d.verdict, coalesce(ta.raw_song, sa.raw_artist, d.a) as a, coalesce(tz.raw_song, sz.raw_artist, d.z) as b,
      case when d.kind = 'song' then coalesce(s.artist_clean, d.artist) end as artist,
      d.rule as method, d.score, d.plays, d.why
    from doubts d
    left join spelled s on s.name_key = d.artist and s.place = 1
    left join spelled sa on d.kind = 'artist' and sa.name_key = d.a and sa.place = 1
    left join spelled sz on d.kind = 'artist' and sz.name_key = d.z and sz.place = 1
    left join titled ta on d.kind = 'song' and ta.artist_clean = s.artist_clean and ta.name_key = d.a and ta.place = 1
    left join titled tz on d.kind = 'song' and tz.artist_clean = s.artist_clean and tz.name_key = d.z and tz.place = 1`.execute(
    kyselyOf(reader),
  )
  return rows
}

/** What of the data a look-around remembers: it changes with this, and with nothing else, for the tables of a load. */
export async function stateOf(reader: Reader): Promise<string> {
  const run = await kyselyOf(reader)
    .selectFrom('runs')
    .select('run_id')
    .where('outcome', '=', 'published')
    .orderBy('finished_at', 'desc')
    .orderBy('run_id')
    .limit(1)
    .executeTakeFirst()
  return run?.run_id ?? ''
}

/**
 * Makes the database end each later statement of this reader after so many milliseconds. SQLite has no such limit: there,
 * end the process that runs the statement.
 */
export async function limitStatements(reader: Reader, limitMs: number): Promise<void> {
  await dialectOf(reader).limitStatements(limitMs)?.execute(kyselyOf(reader))
}
