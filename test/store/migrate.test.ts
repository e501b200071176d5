import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rp-migrate-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('a new database has every table and both views, and opening it again changes nothing', async () => {
  const url = `sqlite:${join(folder, 'new', 'plays.db')}`
  for (const _ of [1, 2]) {
    const store = await openStore(url, { log: silent })
    const tables = await kyselyOf(store).introspection.getTables()
    expect(tables.map((table) => table.name).sort()).toEqual(
      [
        ...['artist_images', 'artist_names', 'artists', 'distinct_artists', 'enrichment_lookup', 'enrichment_run'],
        ...['music_records', 'plays', 'plays_by_hour', 'quarantined_plays', 'run_lock', 'runs', 'song_names', 'songs'],
        ...['stations', 'store_migration', 'store_migration_lock', 'track_info'],
      ].sort(),
    )
    await store.close()
  }
})
