import { expect, test } from '@jest/globals'
import { nothingNew } from '../../lib/load/index.ts'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { onEachDatabase } from '../store/support/databases.ts'
import { fillStore } from '../support/filled-store.ts'

onEachDatabase((database) => {
  /** What a run finds after a load of one play that started at 11:59, and the figures for its metrics. */
  async function runAt(startedAt: string) {
    const url = await database.create()
    await fillStore(url, { plays: [{ artist: 'Boston', song: 'Amanda', callsign: 'KAAA', timeUnix: 1_771_243_200 }] })
    const run = { inputs: '[]', versions: '{"spark":"4"}', settings: '{"fingerprint":"same"}' }
    for (const [name, value] of Object.entries(run)) database.sql(url, `update runs set ${name} = '${value}'`)
    await using store = await openStore(url, { log: silent })
    await store.lock({ runId: 'next', job: 'job:aggregate' })
    const figures: Record<string, number> = {}
    const ahead = {
      ...{ runId: 'next', startedAt: new Date(startedAt), options: {}, args: [], log: silent },
      settings: { timezone: 'UTC', fuzzyThreshold: 90 },
      signal: new AbortController().signal,
      measure: (more: object) => void Object.assign(figures, more),
    }
    const target = { store, fingerprint: 'same', skippedFiles: [], known: { overrides: [], mbids: [] } }
    const facts = await nothingNew(ahead as never, { files: [], uris: [] } as never, target as never)
    return { facts, figures }
  }

  test('a run with nothing new has figures for its metrics, as any other', async () => {
    const { facts, figures } = await runAt('2026-03-01T12:30:00Z')
    expect(facts).toMatchObject({ plays: 1, spark: expect.stringMatching(/^not needed/) })
    expect(figures).toMatchObject({ read: 1, plays: 1, plays_in_all: 1, quarantined: 0, inserted: 0, deleted: 0 })
  })

  test('where the clock went back, nobody knows which load was the last, and all is done', async () => {
    expect((await runAt('2026-03-01T11:58:00Z')).facts).toBeUndefined()
  })
})
