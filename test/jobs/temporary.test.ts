import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { scratch } from '../support/input-files.ts'

const folder = scratch()
const root = join(import.meta.dirname, '..', '..')

/** The job on its own Spark, with a temporary folder of its own for Node and for every JVM. */
function start(input: string): {
  child: ChildProcess
  temporary: string
  said(): string
  ended: Promise<number | null>
} {
  const work = mkdtempSync(join(folder, 'run-'))
  const temporary = join(work, 'tmp')
  mkdirSync(temporary)
  const child = spawn(process.execPath, [join(root, 'jobs', 'aggregate.ts'), '--input', input], {
    cwd: work,
    env: {
      ...process.env,
      TMPDIR: temporary,
      // What /tmp is to a JVM that was told nothing else: Java does not read TMPDIR.
      JAVA_TOOL_OPTIONS: `-Djava.io.tmpdir=${temporary}`,
      SPARK_REMOTE: 'local[*]',
      DATABASE_URL: 'sqlite:plays.db',
      LOG_FORMAT: 'text',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, temporary, said: () => said, ended }
}

async function until(what: () => boolean, withinMs: number): Promise<void> {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs && !what(); ) await sleep(50)
}

const plays = join(folder, 'plays.csv')
const rows = Array.from({ length: 500 }, (_, i) => `Queen;Song ${i % 17};KXYZ;${1_403_279_923 + i * 60}`)
writeFileSync(plays, `artist;title;station;time\n${rows.join('\n')}\n`)
const damaged = join(folder, 'damaged.csv')
writeFileSync(damaged, `artist;title;station;time\n${rows.map((row) => row.replace(/\d+$/, 'never')).join('\n')}\n`)

test('a run leaves nothing in the temporary folder', async () => {
  const { temporary, said, ended } = start(plays)
  expect({ code: await ended, said: said() }).toMatchObject({ code: 0 })
  expect(readdirSync(temporary)).toEqual([])
}, 400_000)

test('nor does a failed one', async () => {
  const { temporary, said, ended } = start(damaged)
  expect(await ended).not.toBe(0)
  // It had got as far as Spark.
  expect(said()).toMatch(/spark.*embedded/)
  expect(readdirSync(temporary)).toEqual([])
}, 400_000)

test('nor does one that was killed', async () => {
  const { child, temporary, said, ended } = start(plays)
  await until(() => said().includes('repair:') || child.exitCode !== null, 300_000)
  expect(readdirSync(temporary)).not.toEqual([])
  child.kill('SIGKILL')
  await ended
  await until(() => readdirSync(temporary).length === 0, 20_000)
  expect(readdirSync(temporary)).toEqual([])
}, 400_000)
