import { expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openLookups, openStore } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'
import { identityText, type ProcessIdentity, thisProcess } from '../../lib/store/lock/process-identity.ts'
import { onEachDatabase } from './support/databases.ts'
import { startChild } from './support/process.ts'

const lease = (id: string) => {
  const now = Date.now()
  return {
    id,
    fingerprint: '',
    now: new Date(now).toISOString(),
    staleBefore: new Date(now - 60_000).toISOString(),
  }
}

onEachDatabase((database) => {
  /** A database in which a run of `owner` has begun a second ago and not ended. */
  async function withRunOf(owner: string) {
    const store = await openStore(await database.create(), { log: silent })
    const then = new Date(Date.now() - 1000).toISOString()
    await kyselyOf(store)
      .insertInto('enrichment_run')
      .values({
        ...{ id: 'other', started_at: then, heartbeat_at: then, owner },
        ...{ finished_at: null, config_fingerprint: null, counters: null, exit: null },
      })
      .execute()
    return store
  }

  test('of a process that was killed is taken over at once, not after a minute', async () => {
    const url = await database.create()
    const victim = startChild(url, 'lease', { runId: 'killed' })
    expect(await victim.line('leased')).toBe('leased')
    const store = await openStore(url, { log: silent })
    await expect(openLookups(store).beginRun(lease('early'))).rejects.toMatchObject({
      kind: 'locked',
      place: expect.stringMatching(new RegExp(`^\\S+:${victim.pid}, since `)),
    })
    victim.kill()
    await victim.ended()
    await openLookups(store).beginRun(lease('next'))
    const runs = await kyselyOf(store).selectFrom('enrichment_run').select(['id', 'exit']).orderBy('id').execute()
    expect(runs).toEqual([
      { id: 'killed', exit: 'abandoned' },
      { id: 'next', exit: null },
    ])
    await store.close()
  }, 60_000)

  const own = thisProcess()
  test.each<[string, ProcessIdentity]>([
    [
      'the same pid in another container',
      { ...own, pid: 2 ** 22 + 1, host_id: `${own.host_id.split(' ')[0]} pid:[1]` },
    ],
    ['another machine of the same name', { ...own, pid: 2 ** 22 + 1, host_id: '00000000-0000 pid:[4026531836]' }],
    ['another machine', { ...own, pid: 2 ** 22 + 1, host: 'elsewhere' }],
    ['this process itself', own],
  ])('of %s is not taken over while its heart beats', async (_, identity) => {
    const store = await withRunOf(identityText(identity))
    await expect(openLookups(store).beginRun(lease('next'))).rejects.toMatchObject({ kind: 'locked' })
    await store.close()
  })

  test.each<[string, string]>([
    ['a pid that nobody has', identityText({ ...own, pid: 2 ** 22 + 1 })],
    ['a pid that was given to another process since', identityText({ ...own, process_started: '1' })],
  ])('of %s is taken over', async (_, owner) => {
    const store = await withRunOf(owner)
    await openLookups(store).beginRun(lease('next'))
    await store.close()
  })

  test('that an older version wrote, with host and pid alone, is judged by its heart', async () => {
    const store = await withRunOf(`${own.host}:${2 ** 22 + 1}`)
    await expect(openLookups(store).beginRun(lease('next'))).rejects.toMatchObject({ kind: 'locked' })
    await store.close()
  })
})
