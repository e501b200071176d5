import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { Progress, type QueryProgress } from '../lib/cli/index.ts'
import { type Logger, silent } from '../lib/log.ts'

/** A progress whose clock stands still until it is set, and what it said. */
function watched(terminal?: { columns: number }, stages?: readonly string[]) {
  const said: string[] = []
  let clock = 0
  const log: Logger = { ...silent, info: (message) => said.push(message) }
  const stream = { isTTY: terminal !== undefined, columns: terminal?.columns, write: (text: string) => said.push(text) }
  const progress = new Progress({
    log,
    stages,
    stream: stream as unknown as NodeJS.WritableStream,
    now: () => clock,
    quietMs: 10,
  })
  return {
    progress,
    said,
    at: (ms: number) => {
      clock = ms
    },
  }
}

const query = (completedTasks: number, done = false): QueryProgress => ({
  operationId: 'q',
  stages: [
    { tasks: 8, completedTasks },
    { tasks: 2, completedTasks: 0 },
  ],
  done,
})

describe('what a stage says', () => {
  test('rows, rows/s and the time that is left', async () => {
    const { progress, said, at } = watched()
    await progress.stage('load', async (stage) => {
      at(2000)
      stage.rows(1000, 4000)
      await sleep(50)
    })
    expect(said).toContain('load · 1,000 of 4,000 rows · 500 rows/s · about 6.0 s left · 2.0 s')
    expect(said.at(-1)).toBe('load: 2.0 s, 1,000 rows')
    expect(progress.stages).toEqual([{ stage: 'load', ms: 2000, rows: 1000 }])
  })

  test('which of the stages of a whole run it is, in the line that says what goes on', async () => {
    const { progress, said } = watched(undefined, ['read', 'load'])
    await progress.stage('load', () => sleep(50))
    await progress.stage('lake', () => sleep(50))
    expect(said).toContain('step 2 of 2: load · 0.0 s')
    expect(said).toContain('lake · 0.0 s')
    expect(said).toContain('load: 0.0 s')
  })

  test('tasks of the queries that run, with the time that is left of them; nothing of those that ended', async () => {
    const { progress, said, at } = watched()
    await progress.stage('resolve', async () => {
      at(1000)
      progress.query(query(0))
      await sleep(30)
      at(3000)
      progress.query(query(4))
      await sleep(30)
      progress.query(query(8, true))
      await sleep(30)
    })
    expect(said).toContain('resolve · Spark 0 of 10 tasks · 1.0 s')
    expect(said).toContain('resolve · Spark 4 of 10 tasks · about 3.0 s left of this query · 3.0 s')
    expect(said.at(-2)).toBe('resolve · 3.0 s')
  })

  test('on a terminal one line, never wider than it', async () => {
    const { progress, said } = watched({ columns: 20 })
    await progress.stage('spark', async (stage) => {
      stage.note('downloading one hundred and seventy-six jars')
      await sleep(250)
    })
    const live = said.filter((text) => text.startsWith('\r\u001b[2K') && text.length > 5)
    expect(live).toContain('\r\u001b[2Kspark · downloadin…')
    expect(said.at(-1)).not.toContain('·')
  })
})
