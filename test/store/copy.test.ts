import { linkSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { copyDatabase, openStore, relationNames } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'
import { contentHash } from './support/content.ts'
import { onEachDatabase } from './support/databases.ts'
import { dataset, run } from './support/dataset.ts'

const first = new Date('2026-03-01T12:00:00.000Z')
const second = new Date('2026-03-02T12:00:00.000Z')

onEachDatabase((database) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rp-copy-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A database with two runs, so that time stamps differ, and with look-ups. */
  async function filled(url: string): Promise<string> {
    for (const [at, options] of [
      [first, { plays: 1_200, seed: 41 }],
      [second, { plays: 1_200, seed: 41, from: 60, changeEvery: 9 }],
    ] as const) {
      const store = await openStore(url, { log: silent, clock: () => at })
      await run(store, dataset(options), `run-${at.toISOString()}`, at)
      const db = kyselyOf(store)
      await db.deleteFrom('track_info').execute()
      await db
        .insertInto('track_info')
        .values({
          ...{ artist_clean: 'AC/DC', song_clean: 'Song 1 – «x»', duration_ms: 215_000, match_score: 0.875 },
          ...{ status: 'found', providers_asked: '["musicbrainz"]' },
        } as never)
        .execute()
      await store.close()
    }
    return url
  }

  test('the same runs give both databases the same content, to the byte', async () => {
    const here = await filled(await database.create())
    const there = await filled(`sqlite:${join(folder, 'twin.db')}`)
    for (const name of relationNames) {
      expect({ name, hash: await contentHash(here, [name]) }).toEqual({ name, hash: await contentHash(there, [name]) })
    }
  })

  test('a copy to the other side and back is the original', async () => {
    const original = await filled(await database.create())
    const away = `sqlite:${join(folder, 'away.db')}`
    const back = await database.create()
    const tables = await copyDatabase(original, away, { log: silent })
    expect(tables.find((each) => each.table === 'plays')).toMatchObject({
      rows: 1_200,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await copyDatabase(away, back, { log: silent })).toEqual(tables)
    for (const copy of [away, back])
      expect(await contentHash(copy, relationNames)).toBe(await contentHash(original, relationNames))
    // A copy is a database like any other.
    const store = await openStore(back, { log: silent, clock: () => second })
    expect((await run(store, dataset({ plays: 1_200, seed: 41, from: 60, changeEvery: 9 }), 'again')).unchanged).toBe(
      true,
    )
    await store.close()
  })

  test('a target with rows is refused, and replaced if asked', async () => {
    const [one, other] = [await filled(await database.create()), await database.create()]
    const store = await openStore(other, { log: silent })
    await run(store, dataset({ plays: 90, seed: 42 }), 'other')
    await store.close()
    const before = await contentHash(other)
    await expect(copyDatabase(one, other, { log: silent })).rejects.toMatchObject({
      kind: 'usage',
      message: 'the target is not empty (plays has rows)',
    })
    expect(await contentHash(other)).toBe(before)
    await copyDatabase(one, other, { log: silent, replace: true })
    expect(await contentHash(other, relationNames)).toBe(await contentHash(one, relationNames))
  })

  test('a target in use is refused, and so is a source that is none', async () => {
    const [one, other] = [await filled(await database.create()), await database.create()]
    const store = await openStore(other, { log: silent })
    const lock = await store.lock({ runId: 'busy', job: 'job:aggregate' })
    await expect(copyDatabase(one, other, { log: silent })).rejects.toMatchObject({ kind: 'locked' })
    await lock.release()
    await store.close()
    await expect(copyDatabase(`sqlite:${join(folder, 'none.db')}`, other, { log: silent })).rejects.toMatchObject({
      kind: 'database',
    })
    await expect(copyDatabase(await database.create(), other, { log: silent })).rejects.toMatchObject({
      kind: 'database',
    })
    await expect(copyDatabase(one, one, { log: silent })).rejects.toMatchObject({ kind: 'usage' })
  })
})

test('a database is not copied to itself under another name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rp-copy-'))
  const path = (name: string) => join(folder, name)
  await (await openStore(`sqlite:${path('plays.db')}`, { log: silent })).close()
  linkSync(path('plays.db'), path('hard.db'))
  symlinkSync('plays.db', path('soft.db'))
  for (const name of ['hard.db', 'soft.db', 'x/../plays.db']) {
    const copied = copyDatabase(`sqlite:${path('plays.db')}`, `sqlite:${folder}/${name}`, {
      log: silent,
      replace: true,
    })
    await expect(copied).rejects.toMatchObject({ message: 'source and target are the same database' })
  }
  rmSync(folder, { recursive: true })
})
