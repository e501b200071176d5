import { afterEach, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore, type Store } from '../../lib/store/index.ts'
import { keptIds, type Overlap } from '../../lib/store/load/keep-ids.ts'
import { type GivenPlay, tablesOf } from '../support/filled-store.ts'
import { rowsOf } from './support/content.ts'
import { onEachDatabase } from './support/databases.ts'
import { columnNames, type Dataset, run } from './support/dataset.ts'

const overlap = (fresh: string, old: string | null, plays: number): Overlap => ({ fresh, old, plays, name: fresh })
const kept = (...overlaps: Overlap[]) => Object.fromEntries(keptIds(overlaps))

describe('which id a name has', () => {
  test('the one that most of its plays had', () => {
    expect(kept(overlap('new', 'small', 2), overlap('new', 'large', 9), overlap('new', null, 100))).toEqual({
      new: 'large',
    })
  })
  test('its own, if none of its spellings was there', () => {
    expect(kept(overlap('a', null, 5))).toEqual({ a: 'a' })
  })
  test('of two that want one, the more played one keeps it; of as many plays the smaller id', () => {
    expect(kept(overlap('a', 'old', 3), overlap('b', 'old', 4))).toEqual({ a: 'a', b: 'old' })
    expect(kept(overlap('a', 'old', 4), overlap('b', 'old', 4))).toEqual({ a: 'old', b: 'b' })
  })
  test('never that of another: who lost the id that it would be given anew gets one made of it', () => {
    const ids = kept(overlap('a', 'a', 3), overlap('b', 'a', 9))
    expect(ids.b).toBe('a')
    expect(ids.a).not.toBe('a')
    expect(new Set(Object.values(ids)).size).toBe(2)
  })
  test('the order does not matter', () => {
    const all = [
      overlap('a', 'x', 3),
      overlap('b', 'x', 9),
      overlap('b', 'y', 9),
      overlap('c', 'y', 1),
      overlap('x', null, 7),
    ]
    expect(kept(...all.toReversed())).toEqual(kept(...all))
  })
})

onEachDatabase((database) => {
  const open: Store[] = []
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
  })
  const started = async () => {
    const store = await openStore(await database.create(), { log: silent })
    open.push(store)
    return store
  }
  const play = (artist: string, artistClean: string, n = 1): GivenPlay[] =>
    Array.from({ length: n }, (_, i) => ({ artist, artistClean, song: 'One', callsign: 'KA', timeUnix: 1000 + i }))
  const load = (store: Store, plays: readonly GivenPlay[], runId: string) => {
    const tables = tablesOf({ plays }) as unknown as Dataset['tables']
    return run(store, { rowsIn: BigInt(plays.length), duplicates: 0n, tables }, runId)
  }
  const idsOf = async (store: Store) =>
    Object.fromEntries((await rowsOf(store, 'artist_names')).map((row) => [row.raw_artist, row.artist_id]))

  test('ids outlive another most played spelling; merges and splits are told and kept', async () => {
    const store = await started()
    expect(columnNames.artist_names).toContain('evidence')
    await load(store, [...play('Cyster', 'Cyster', 3), ...play('Alone', 'Alone', 2), ...play('Other', 'Other')], 'one')
    const before = await idsOf(store)

    const renamed = [...play('Cyster', 'Oyster', 3), ...play('Oyster', 'Oyster', 50), ...play('Alone', 'Alone', 2)]
    const second = await load(store, [...renamed, ...play('Other', 'Other')], 'two')
    const ids = await idsOf(store)
    expect(ids).toEqual({ ...before, Oyster: before.Cyster })
    expect(second.idEvents).toEqual([])
    expect((await rowsOf(store, 'artists')).map((row) => row.artist_id)).toContain(before.Cyster)
    for (const song of await rowsOf(store, 'songs')) expect(Object.values(ids)).toContain(song.artist_id)

    // The same again changes nothing, although the names would have other ids if they were new.
    expect((await load(store, [...renamed, ...play('Other', 'Other')], 'three')).unchanged).toBe(true)

    const merged = await load(store, [...renamed, ...play('Other', 'Alone')], 'four')
    expect(merged.idEvents.filter(({ level }) => level === 'artist')).toEqual([
      { level: 'artist', kind: 'merged', id: before.Other, into: before.Alone, name: 'Alone' },
    ])
    const split = await load(
      store,
      [
        ...play('Cyster', 'Cyster', 3),
        ...play('Oyster', 'Oyster', 50),
        ...play('Alone', 'Alone', 2),
        ...play('Other', 'Alone'),
      ],
      'five',
    )
    const after = await idsOf(store)
    expect(after.Oyster).toBe(before.Cyster)
    expect(after.Cyster).not.toBe(before.Cyster)
    expect(split.idEvents).toContainEqual({
      level: 'artist',
      kind: 'split',
      id: before.Cyster,
      into: after.Cyster,
      name: 'Cyster',
    })
    const events = await rowsOf(store, 'id_events')
    expect(events.filter((row) => row.level === 'artist').map((row) => [row.run_id, row.kind])).toEqual([
      ['four', 'merged'],
      ['five', 'split'],
    ])
  })

  test('ids may change places', async () => {
    const store = await started()
    await load(store, [...play('a1', 'A', 9), ...play('b1', 'B', 9)], 'one')
    const before = await idsOf(store)
    await load(store, [...play('a1', 'B', 9), ...play('b1', 'A', 9)], 'two')
    expect(await idsOf(store)).toEqual(before)
  })

  test('doubts are those of the last run', async () => {
    const store = await started()
    const data = {
      rowsIn: 1n,
      duplicates: 0n,
      tables: tablesOf({ plays: play('A', 'A') }) as unknown as Dataset['tables'],
    }
    const doubt = {
      kind: 'artist',
      artist: '',
      a: 'kings',
      z: 'kinks',
      rule: 'spelling',
      score: 0.9,
      verdict: 'different',
      why: 'x',
    } as const
    await run(store, data, 'one', undefined, [{ ...doubt, plays: 5 }])
    expect(await rowsOf(store, 'name_doubts')).toEqual([{ ...doubt, plays: 5n }])
    await run(store, data, 'two')
    expect(await rowsOf(store, 'name_doubts')).toEqual([])
  })
})
