import { silent } from '../../../lib/log.ts'
import { openLookups, openStore } from '../../../lib/store/index.ts'
import { contentHash } from './content.ts'
import { dataset, run, writeAll } from './dataset.ts'

/*
 * A process of its own for tests of locks and kills: `node child.ts URL ACTION [JSON]`. It reports on stdout, one line an
 * event, and ends as it is told or killed.
 */
interface ChildOptions {
  readonly runId?: string
  readonly plays?: number
  readonly seed?: number
  readonly from?: number
  readonly changeEvery?: number
  readonly now?: string
  /** Kills itself with SIGKILL at this step of the publish, counted from 0. */
  readonly dieAtStep?: number
  /** Milliseconds to stay at each step. */
  readonly stayMs?: number
}

const [url, action, json] = process.argv.slice(2)
const options = JSON.parse(json ?? '{}') as ChildOptions
const say = (line: string) => process.stdout.write(`${line}\n`)
const { runId = `run-${process.pid}`, now = '2026-03-02T12:00:00.000Z' } = options

let steps = 0
const onStep = (step: string) => {
  say(`step ${steps} ${step}`)
  if (options.dieAtStep === steps) process.kill(process.pid, 'SIGKILL')
  steps += 1
  if (options.stayMs !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, options.stayMs)
}

try {
  const store = await openStore(url!, { log: silent, clock: () => new Date(now), onStep })
  say('open')
  if (action === 'load') {
    const { plays = 1_000, seed = 1, from = 0, changeEvery = 0 } = options
    const result = await run(store, dataset({ plays, seed, from, changeEvery }), runId, new Date(now))
    say(`published ${JSON.stringify(result.changed.plays)}`)
  } else if (action === 'stage') {
    // Holds the lock with a loaded staging until it is killed.
    await store.lock({ runId, job: 'test' })
    const load = await store.startLoad({
      runId,
      job: 'test',
      startedAt: new Date(now),
      inputs: [],
      versions: {},
      settings: {},
    })
    await writeAll(load, dataset({ plays: 500, seed: 3 }))
    say('staged')
    await new Promise((resolve) => process.stdin.once('data', resolve))
  } else if (action === 'lease') {
    const staleBefore = new Date(Date.now() - 60_000).toISOString()
    await openLookups(store).beginRun({ id: runId, fingerprint: '', now: new Date().toISOString(), staleBefore })
    say('leased')
    await new Promise((resolve) => process.stdin.once('data', resolve))
  } else if (action === 'lock') {
    const lock = await store.lock({ runId, job: 'job:aggregate' })
    say('locked')
    await new Promise((resolve) => process.stdin.once('data', resolve))
    await lock.release()
    say('released')
  }
  await store.close()
  say(action === 'hash' ? `hash ${await contentHash(url!)}` : 'closed')
  process.stdin.destroy()
} catch (error) {
  const { kind, message } = error as { kind?: string; message: string }
  say(`error ${kind ?? 'bug'} ${message}`)
  process.exit(1)
}
