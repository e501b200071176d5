import { hostname } from 'node:os'
import { afterEach, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore, type Store } from '../../lib/store/index.ts'
import { onEachDatabase } from './support/databases.ts'
import { dataset, run } from './support/dataset.ts'
import { type Child, startChild } from './support/process.ts'

onEachDatabase((database) => {
  const open: Store[] = []
  const children: Child[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill()
      await child.ended()
    }
    for (const store of open.splice(0)) await store.close()
  })
  const storeOn = async (url: string) => {
    const store = await openStore(url, { log: silent })
    open.push(store)
    return store
  }
  const start = (...args: Parameters<typeof startChild>) => {
    const child = startChild(...args)
    children.push(child)
    return child
  }
  const holder = { runId: 'mine', job: 'job:aggregate' }

  test('a second process is refused at once, and told who has the lock', async () => {
    const url = await database.create()
    const other = start(url, 'lock')
    await other.line('locked')
    const store = await storeOn(url)
    const before = performance.now()
    await expect(store.lock(holder)).rejects.toMatchObject({
      kind: 'locked',
      exitCode: 75,
      message: expect.stringMatching(
        new RegExp(
          `^another run \\(job:aggregate, pid ${other.pid} on ${hostname()}, started \\d{4}-\\d\\d-\\d\\dT.*Z\\) is working`,
        ),
      ),
    })
    expect(performance.now() - before).toBeLessThan(2_000)
    other.say('enough')
    await other.line('released')
    const lock = await store.lock(holder)
    await lock.release()
    await lock.release()
  })

  test('the lock of a killed process is taken over, with its staging', async () => {
    const url = await database.create()
    const other = start(url, 'stage')
    await other.line('staged')
    expect(database.staging(url)).not.toEqual([])
    other.kill()
    await other.ended()
    const store = await storeOn(url)
    await run(store, dataset({ plays: 100, seed: 1 }), 'next')
    expect(database.staging(url)).toEqual([])
    expect((await store.totals()).plays).toBe(100)
  })

  test('of many that start at the same moment, one works', async () => {
    const url = await database.create()
    await (await storeOn(url)).close()
    open.pop()
    const racers = Array.from({ length: 6 }, () => start(url, 'lock'))
    const firstLines = await Promise.all(
      racers.map(async (racer) => (await Promise.race([racer.line('locked'), racer.line('error')])) ?? 'nothing'),
    )
    expect(firstLines.filter((line) => line === 'locked')).toHaveLength(1)
    expect(firstLines.filter((line) => line.startsWith('error locked another run'))).toHaveLength(5)
  })

  test('different databases do not disturb each other', async () => {
    const stores = [await storeOn(await database.create()), await storeOn(await database.create())]
    const locks = []
    for (const store of stores) locks.push(await store.lock(holder))
    for (const lock of locks) await lock.release()
  })

  test('two stores of one process are two runs', async () => {
    const url = await database.create()
    const [a, b] = [await storeOn(url), await storeOn(url)]
    const lock = await a.lock(holder)
    await expect(b.lock({ ...holder, runId: 'other' })).rejects.toMatchObject({ kind: 'locked' })
    await lock.release()
    await (await b.lock({ ...holder, runId: 'other' })).release()
  })

  test('who has lost the lock cannot publish', async () => {
    const url = await database.create()
    const store = await storeOn(url)
    await run(store, dataset({ plays: 50, seed: 1 }), 'first')
    const data = dataset({ plays: 60, seed: 2 })
    const lock = await store.lock(holder)
    const load = await store.startLoad({ ...holder, startedAt: new Date(), inputs: [], versions: {}, settings: {} })
    const { writeAll } = await import('./support/dataset.ts')
    await writeAll(load, data)
    // As another machine would do that has waited in vain for our heartbeat.
    database.sql(url, `update run_lock set token = 'somebody else', host = 'elsewhere'`)
    await expect(load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates })).rejects.toMatchObject({
      kind: 'locked',
      message: expect.stringContaining('on elsewhere'),
    })
    await load.abandon()
    await lock.release()
    expect((await store.totals()).plays).toBe(50)
  })

  test('a load without the lock is a bug', async () => {
    const store = await storeOn(await database.create())
    const info = { ...holder, startedAt: new Date(), inputs: [], versions: {}, settings: {} }
    await expect(store.startLoad(info)).rejects.toThrow('a load needs the run lock')
    const lock = await store.lock(holder)
    await lock.release()
    await expect(store.startLoad(info)).rejects.toThrow('a load needs the run lock')
  })

  // On Postgres the session decides, wherever its process runs.
  if (database.name === 'postgres') return
  test.each([
    ['another machine that was heard of a minute ago', { host: 'elsewhere' }, 60, false],
    ['another machine that has been silent for four minutes', { host: 'elsewhere' }, 240, true],
    ['another container of this machine with the same name', { host_id: 'BOOT pid:[1]' }, 60, false],
    ['this machine before it was started anew', { host_id: 'another-boot pid:[1]' }, 1, true],
    ['a process of this machine whose number was given to another', { process_started: '1' }, 1, true],
    ['a process of this machine that has ended', { pid: 2 ** 22 - 1 }, 1, true],
  ])('a lock of %s', async (_, change, secondsAgo, takenOver) => {
    const url = await database.create()
    const store = await storeOn(url)
    await store.lock(holder)
    const boot = database.sql(url, 'select host_id from run_lock')[0]![0]!.split(' ')[0]!
    const set = Object.entries({ ...change, heartbeat_at: new Date(Date.now() - secondsAgo * 1000).toISOString() })
      .map(([name, value]) => `${name} = '${String(value).replace('BOOT', boot)}'`)
      .join(', ')
    database.sql(url, `update run_lock set ${set}`)
    const other = await storeOn(url)
    const attempt = other.lock({ ...holder, runId: 'other' })
    if (takenOver) await (await attempt).release()
    else await expect(attempt).rejects.toMatchObject({ kind: 'locked' })
  })
})
