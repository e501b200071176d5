import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { contentHash } from './support/content.ts'
import { onEachDatabase, type TestDatabase } from './support/databases.ts'
import { dataset, random, run } from './support/dataset.ts'
import { startChild } from './support/process.ts'

// The full form kills at every step and 100 times at random: TEST_FAULTS=full. TEST_SEED repeats a run.
const full = process.env.TEST_FAULTS === 'full'
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9))

const old = { plays: 1_500, seed: 31 }
const changed = { plays: 1_500, seed: 31, from: 150, changeEvery: 7 }
const oldTime = new Date('2026-03-01T12:00:00.000Z')
const newTime = '2026-03-02T12:00:00.000Z'

/** A database in the old state, and what it is before and after an undisturbed run. */
async function prepare(
  database: TestDatabase,
): Promise<{ url: string; before: string; after: string; steps: number; committed: number }> {
  const url = await database.create()
  const store = await openStore(url, { log: silent, clock: () => oldTime })
  await run(store, dataset(old), 'old')
  await store.close()
  const undisturbed = await database.copy(url)
  const child = startChild(undisturbed, 'load', { ...changed, now: newTime })
  const lines = await child.ended()
  expect(lines.at(-1)).toBe('closed')
  const steps = lines.filter((line) => line.startsWith('step'))
  const committed = steps.findIndex((line) => line.endsWith(' committed'))
  const [before, after] = [await contentHash(url), await contentHash(undisturbed)]
  return { url, before, after, steps: steps.length, committed }
}

onEachDatabase((database) => {
  describe('SIGKILL', () => {
    /** What every kill must leave: the old or the new state, sound, and a next run that needs no cleaning. */
    async function judge(url: string, { before, after }: { before: string; after: string }): Promise<'old' | 'new'> {
      // Read as any reader would, before anybody has mended anything.
      const left = await contentHash(url)
      expect([before, after]).toContain(left)
      database.checkIntegrity(url)
      const store = await openStore(url, { log: silent, clock: () => new Date(newTime) })
      const { unchanged } = await run(store, dataset(changed), 'next', new Date(newTime))
      await store.close()
      expect(unchanged).toBe(left === after)
      expect(await contentHash(url)).toBe(after)
      expect(database.staging(url)).toEqual([])
      return left === before ? 'old' : 'new'
    }

    test('at steps of the publish', async () => {
      const prepared = await prepare(database)
      expect(prepared.steps).toBeGreaterThan(30)
      const next = random(seed)
      const all = Array.from({ length: prepared.steps }, (_, step) => step)
      // Always those around the commit and after it; of the others a few, or all.
      const chosen = full ? all : all.filter((step) => step >= prepared.committed - 1 || next() < 6 / prepared.steps)
      process.stderr.write(
        `${database.name}: killed at steps ${chosen.join(', ')} of ${prepared.steps} (TEST_SEED=${seed})\n`,
      )
      for (const step of chosen) {
        const url = await database.copy(prepared.url)
        const lines = await startChild(url, 'load', { ...changed, now: newTime, dieAtStep: step }).ended()
        expect(lines.at(-1)).toMatch(`step ${step} `)
        expect({ step, state: await judge(url, prepared) }).toEqual({
          step,
          state: step >= prepared.committed ? 'new' : 'old',
        })
      }
    }, 600_000)

    test('at random moments of a run', async () => {
      const prepared = await prepare(database)
      const next = random(seed + 1)
      const timed = await database.copy(prepared.url)
      const child = startChild(timed, 'load', { ...changed, now: newTime })
      await child.line('open')
      const started = performance.now()
      await child.line('step')
      const publishStarted = performance.now()
      await child.ended()
      const [wholeMs, publishMs] = [performance.now() - started, performance.now() - publishStarted]
      const states = { old: 0, new: 0 }
      for (let round = 0; round < (full ? 100 : 4); round += 1) {
        const url = await database.copy(prepared.url)
        const victim = startChild(url, 'load', { ...changed, now: newTime })
        // Every other one while it publishes: that is short, and where it matters.
        const publishing = round % 2 === 1
        await victim.line(publishing ? 'step' : 'open')
        await sleep(next() * (publishing ? publishMs : wholeMs))
        victim.kill()
        await victim.ended()
        states[await judge(url, prepared)] += 1
      }
      process.stderr.write(`${database.name}: random kills left ${JSON.stringify(states)} (TEST_SEED=${seed})\n`)
    }, 1_200_000)
  })

  test('readers see the old state or the new, never a mix, and are never turned away', async () => {
    const prepared = await prepare(database)
    const child = startChild(prepared.url, 'load', { ...changed, now: newTime, stayMs: 25 })
    await child.line('open')
    const seen = new Map<string, number>()
    let ended = false
    void child.ended().then(() => {
      ended = true
    })
    while (!ended) {
      const hash = await contentHash(prepared.url)
      seen.set(hash, (seen.get(hash) ?? 0) + 1)
      await sleep(1)
    }
    expect(child.lines.at(-1)).toBe('closed')
    seen.set(await contentHash(prepared.url), 1)
    expect([...seen.keys()]).toEqual([prepared.before, prepared.after])
    expect(seen.get(prepared.before)).toBeGreaterThan(5)
  }, 120_000)
})
