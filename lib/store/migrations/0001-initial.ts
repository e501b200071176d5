import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaBuilder } from './schema-builder.ts'

/** The tables of a load, the caches of enrichment, the records of the runs, and the views. */
export function initial(builder: SchemaBuilder): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createPlays(db, builder)
      await createNames(db, builder)
      await createAggregates(db, builder)
      await createArtistImages(db, builder)
      await createTrackInfo(db, builder)
      await createEnrichment(db, builder)
      await createRuns(db, builder)
      await createViews(db)
    },
  }
}

/** Plays and refused lines. */
async function createPlays(db: Kysely<unknown>, { table, text, int64, int32 }: SchemaBuilder): Promise<void> {
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
}

/** Raw names and what they became. */
async function createNames(db: Kysely<unknown>, { table, text, int64, double }: SchemaBuilder): Promise<void> {
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
}

/** Plays by artist, song, station and hour. */
async function createAggregates(db: Kysely<unknown>, { table, text, int64 }: SchemaBuilder): Promise<void> {
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
}

const status = (column: string) => sql<boolean>`${sql.ref(column)} in ('found', 'not_found', 'transient_error')`

/** What enrichment found about artists. */
async function createArtistImages(db: Kysely<unknown>, { table, text, int32, double }: SchemaBuilder): Promise<void> {
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
}

/** What enrichment found about songs. */
async function createTrackInfo(db: Kysely<unknown>, { table, text, int32, double }: SchemaBuilder): Promise<void> {
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
}

/** Cached answers and enrichment runs. */
async function createEnrichment(db: Kysely<unknown>, { table, text, int32 }: SchemaBuilder): Promise<void> {
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
}

/** Runs and the run lock. */
async function createRuns(db: Kysely<unknown>, { table, text, int64, int32 }: SchemaBuilder): Promise<void> {
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
}

/** The views in the shape that older users know. */
async function createViews(db: Kysely<unknown>): Promise<void> {
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
}
