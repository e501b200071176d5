import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/*
 * Every schema that was ever released, in order. A migration is frozen once it is on main: what the code of today calls a
 * table (tables.ts) may change, what an old database holds does not. They are written once for both databases; `Dialect`
 * is all that differs.
 */

/** What the databases call the same thing. */
export interface SchemaDialect {
  readonly kind: 'sqlite' | 'postgres'
}

type Type = RawBuilder<unknown>

function types(dialect: SchemaDialect): { text: Type; int64: Type; int32: Type; double: Type } {
  // Byte order of text is part of the product: exports of both databases are identical, and SQLite knows no other order.
  return dialect.kind === 'postgres'
    ? { text: sql`text collate "C"`, int64: sql`bigint`, int32: sql`integer`, double: sql`double precision` }
    : { text: sql`text`, int64: sql`integer`, int32: sql`integer`, double: sql`real` }
}

// STRICT: SQLite would otherwise store a word in a number's column, and Postgres would not.
function tableOf(dialect: SchemaDialect) {
  return (db: Kysely<unknown>, name: string): CreateTableBuilder<string, string> => {
    const create = db.schema.createTable(name) as CreateTableBuilder<string, string>
    return dialect.kind === 'sqlite' ? create.modifyEnd(sql`strict`) : create
  }
}

function initial(dialect: SchemaDialect): Migration {
  const { text, int64, int32, double } = types(dialect)
  const table = tableOf(dialect)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await table(db, 'plays')
        .addColumn('unique_id', text, (c) => c.notNull().primaryKey())
        .addColumn('raw_song', text, (c) => c.notNull())
        .addColumn('raw_artist', text, (c) => c.notNull())
        .addColumn('song_clean', text, (c) => c.notNull())
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('featured', text)
        .addColumn('version', text)
        .addColumn('callsign', text, (c) => c.notNull())
        .addColumn('time', text, (c) => c.notNull())
        .addColumn('time_unix', int64, (c) => c.notNull())
        .addColumn('combined', text)
        .addColumn('first_play', int32)
        .addColumn('repaired', int32, (c) => c.notNull())
        .addColumn('repair_rule', text)
        .addColumn('original_line', text)
        .addColumn('source_file', text)
        .addColumn('source_line', int64)
        .addColumn('created_at', text, (c) => c.notNull())
        .addColumn('updated_at', text, (c) => c.notNull())
        .execute()
      await table(db, 'quarantined_plays')
        .addColumn('quarantine_id', text, (c) => c.notNull().primaryKey())
        .addColumn('reason', text, (c) => c.notNull())
        .addColumn('line', text, (c) => c.notNull())
        .addColumn('source_file', text)
        .addColumn('source_line', int64)
        .execute()
      await table(db, 'artist_names')
        .addColumn('raw_artist', text, (c) => c.notNull().primaryKey())
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('artist_id', text, (c) => c.notNull())
        .addColumn('method', text, (c) => c.notNull())
        .addColumn('score', double)
        .addColumn('plays', int64, (c) => c.notNull())
        .execute()
      await table(db, 'song_names')
        .addColumn('raw_artist', text, (c) => c.notNull())
        .addColumn('raw_song', text, (c) => c.notNull())
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('song_clean', text, (c) => c.notNull())
        .addColumn('song_id', text, (c) => c.notNull())
        .addColumn('method', text, (c) => c.notNull())
        .addColumn('score', double)
        .addColumn('plays', int64, (c) => c.notNull())
        .addPrimaryKeyConstraint('song_names_pkey', ['raw_artist', 'raw_song'])
        .execute()
      await table(db, 'artists')
        .addColumn('artist_id', text, (c) => c.notNull().primaryKey())
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('plays', int64, (c) => c.notNull())
        .addColumn('songs', int64, (c) => c.notNull())
        .addColumn('stations', int64, (c) => c.notNull())
        .addColumn('first_play_unix', int64, (c) => c.notNull())
        .addColumn('last_play_unix', int64, (c) => c.notNull())
        .execute()
      await table(db, 'songs')
        .addColumn('song_id', text, (c) => c.notNull().primaryKey())
        .addColumn('artist_id', text, (c) => c.notNull())
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('song_clean', text, (c) => c.notNull())
        .addColumn('plays', int64, (c) => c.notNull())
        .addColumn('stations', int64, (c) => c.notNull())
        .addColumn('first_play_unix', int64, (c) => c.notNull())
        .addColumn('last_play_unix', int64, (c) => c.notNull())
        .execute()
      await table(db, 'stations')
        .addColumn('callsign', text, (c) => c.notNull().primaryKey())
        .addColumn('plays', int64, (c) => c.notNull())
        .addColumn('artists', int64, (c) => c.notNull())
        .addColumn('songs', int64, (c) => c.notNull())
        .addColumn('first_play_unix', int64, (c) => c.notNull())
        .addColumn('last_play_unix', int64, (c) => c.notNull())
        .execute()
      await table(db, 'plays_by_hour')
        .addColumn('callsign', text, (c) => c.notNull())
        .addColumn('hour_unix', int64, (c) => c.notNull())
        .addColumn('plays', int64, (c) => c.notNull())
        .addPrimaryKeyConstraint('plays_by_hour_pkey', ['callsign', 'hour_unix'])
        .execute()

      const status = (column: string) => sql<boolean>`${sql.ref(column)} in ('found', 'not_found', 'transient_error')`
      await table(db, 'artist_images')
        .addColumn('artist_clean', text, (c) => c.notNull().primaryKey())
        .addColumn('artist_lastfm', text)
        .addColumn('canonical_name', text)
        .addColumn('canonical_source', text)
        .addColumn('mbid', text)
        .addColumn('wikidata_qid', text)
        .addColumn('image_url', text)
        .addColumn('image_thumb_url', text)
        .addColumn('image_mime', text)
        .addColumn('image_width', int32)
        .addColumn('image_height', int32)
        .addColumn('image_provider', text)
        .addColumn('image_page_url', text)
        .addColumn('licence', text)
        .addColumn('licence_url', text)
        .addColumn('attribution', text)
        .addColumn('attribution_required', int32)
        .addColumn('identity_status', text, (c) => c.notNull().check(status('identity_status')))
        .addColumn('image_status', text, (c) => c.notNull().check(status('image_status')))
        .addColumn('match_method', text)
        .addColumn('match_score', double)
        .addColumn('ambiguous', int32, (c) => c.notNull().defaultTo(0))
        .addColumn('providers_asked', text, (c) => c.notNull())
        .addColumn('fetched_at', text)
        .addColumn('expires_at', text)
        .addColumn('attempts', int32, (c) => c.notNull().defaultTo(0))
        .addColumn('next_attempt_at', text)
        .addColumn('last_error', text)
        .addColumn('created_at', text)
        .addColumn('updated_at', text)
        .execute()
      await table(db, 'track_info')
        .addColumn('artist_clean', text, (c) => c.notNull())
        .addColumn('song_clean', text, (c) => c.notNull())
        .addColumn('artist_lastfm', text)
        .addColumn('song_lastfm', text)
        .addColumn('canonical_artist', text)
        .addColumn('canonical_title', text)
        .addColumn('canonical_source', text)
        .addColumn('recording_mbid', text)
        .addColumn('duration_ms', int32)
        .addColumn('duration_source', text)
        .addColumn('duration_spread_ms', int32)
        .addColumn('cover_url', text)
        .addColumn('status', text, (c) => c.notNull().check(status('status')))
        .addColumn('match_method', text)
        .addColumn('match_score', double)
        .addColumn('providers_asked', text, (c) => c.notNull())
        .addColumn('fetched_at', text)
        .addColumn('expires_at', text)
        .addColumn('attempts', int32, (c) => c.notNull().defaultTo(0))
        .addColumn('next_attempt_at', text)
        .addColumn('last_error', text)
        .addPrimaryKeyConstraint('track_info_pkey', ['artist_clean', 'song_clean'])
        .execute()
      await table(db, 'enrichment_lookup')
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('key', text, (c) => c.notNull())
        .addColumn('provider', text, (c) => c.notNull())
        .addColumn('outcome', text)
        .addColumn('http_status', int32)
        .addColumn('api_code', text)
        .addColumn('payload', text)
        .addColumn('fetched_at', text)
        .addColumn('expires_at', text)
        .addColumn('attempts', int32)
        .addColumn('next_attempt_at', text)
        .addPrimaryKeyConstraint('enrichment_lookup_pkey', ['kind', 'key', 'provider'])
        .execute()
      await table(db, 'enrichment_run')
        .addColumn('id', text, (c) => c.notNull().primaryKey())
        .addColumn('started_at', text)
        .addColumn('finished_at', text)
        .addColumn('config_fingerprint', text)
        .addColumn('heartbeat_at', text)
        .addColumn('owner', text)
        .addColumn('counters', text)
        .addColumn('exit', text)
        .execute()
      for (const [on, column] of [
        ['artist_images', 'next_attempt_at'],
        ['artist_images', 'expires_at'],
        ['track_info', 'next_attempt_at'],
        ['track_info', 'expires_at'],
      ] as const) {
        await db.schema.createIndex(`${on}_${column}`).on(on).column(column).execute()
      }

      await table(db, 'runs')
        .addColumn('run_id', text, (c) => c.notNull().primaryKey())
        .addColumn('job', text, (c) => c.notNull())
        .addColumn('started_at', text, (c) => c.notNull())
        .addColumn('finished_at', text, (c) => c.notNull())
        .addColumn('outcome', text, (c) => c.notNull().check(sql`outcome in ('published', 'unchanged', 'failed')`))
        .addColumn('error', text)
        .addColumn('rows_in', int64)
        .addColumn('plays', int64)
        .addColumn('quarantined', int64)
        .addColumn('duplicates', int64)
        .addColumn('repaired', int64)
        .addColumn('changes', text)
        .addColumn('inputs', text, (c) => c.notNull())
        .addColumn('versions', text, (c) => c.notNull())
        .addColumn('settings', text, (c) => c.notNull())
        .addColumn('stages_ms', text, (c) => c.notNull())
        // What the job asserts, the database holds: no published run whose rows do not add up.
        .addCheckConstraint(
          'runs_ledger',
          sql`outcome = 'failed' or (rows_in is not null and rows_in = plays + quarantined + duplicates)`,
        )
        .execute()
      await table(db, 'run_lock')
        .addColumn('id', int32, (c) => c.notNull().primaryKey().check(sql`id = 1`))
        .addColumn('token', text, (c) => c.notNull())
        .addColumn('run_id', text, (c) => c.notNull())
        .addColumn('job', text, (c) => c.notNull())
        .addColumn('pid', int64, (c) => c.notNull())
        .addColumn('host', text, (c) => c.notNull())
        .addColumn('host_id', text, (c) => c.notNull())
        .addColumn('process_started', text, (c) => c.notNull())
        .addColumn('started_at', text, (c) => c.notNull())
        .addColumn('heartbeat_at', text, (c) => c.notNull())
        .addColumn('backend_pid', int64)
        .execute()

      await db.schema
        .createView('music_records')
        .as(
          sql`select row_number() over (order by p.unique_id) as id,
            p.raw_song, p.raw_artist, p.song_clean, p.artist_clean, a.artist_lastfm, t.song_lastfm, p.callsign,
            p.time, p.time_unix, p.unique_id, p.combined, p.first_play, a.image_url as artist_image_url,
            a.mbid as artist_mbid, (t.duration_ms + 500) / 1000 as track_duration, t.recording_mbid as track_mbid,
            p.created_at, p.updated_at
          from plays p
          left join artist_images a on a.artist_clean = p.artist_clean
          left join track_info t on t.artist_clean = p.artist_clean and t.song_clean = p.song_clean` as never,
        )
        .execute()
      await db.schema
        .createView('distinct_artists')
        .as(
          sql`select coalesce(i.artist_lastfm, a.artist_clean) as artist_name, a.plays as play_count, a.artist_clean,
            i.artist_lastfm
          from artists a
          left join artist_images i on i.artist_clean = a.artist_clean
          order by a.plays desc, coalesce(i.artist_lastfm, a.artist_clean), a.artist_clean` as never,
        )
        .execute()
    },
  }
}

/** What a resolution of names leaves behind beside the names: why, in doubt of what, and which ids changed their meaning. */
function nameEvidence(dialect: SchemaDialect): Migration {
  const { text, int64, double } = types(dialect)
  const table = tableOf(dialect)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const name of ['artist_names', 'song_names']) {
        for (const column of ['cleaned', 'name_key', 'evidence']) {
          await db.schema.alterTable(name).addColumn(column, text).execute()
        }
      }
      await table(db, 'name_doubts')
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('artist', text, (c) => c.notNull())
        .addColumn('a', text, (c) => c.notNull())
        .addColumn('z', text, (c) => c.notNull())
        .addColumn('rule', text, (c) => c.notNull())
        .addColumn('score', double, (c) => c.notNull())
        .addColumn('plays', int64, (c) => c.notNull())
        .addColumn('verdict', text, (c) => c.notNull())
        .addColumn('why', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('name_doubts_pkey', ['kind', 'artist', 'a', 'z'])
        .execute()
      await table(db, 'id_events')
        .addColumn('run_id', text, (c) => c.notNull())
        .addColumn('at', text, (c) => c.notNull())
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('level', text, (c) => c.notNull())
        .addColumn('id', text, (c) => c.notNull())
        .addColumn('into_id', text, (c) => c.notNull())
        .addColumn('name', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('id_events_pkey', ['run_id', 'level', 'id', 'into_id'])
        .execute()
    },
  }
}

/** Name → migration; applied in the order of their names. */
export function migrations(dialect: SchemaDialect): Readonly<Record<string, Migration>> {
  return { '0001_initial': initial(dialect), '0002_name_evidence': nameEvidence(dialect) }
}
