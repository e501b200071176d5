import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SparkSession } from 'spark-connect-js'
import { keptServer, type LocalServer, type SparkJars, startLocalServer, stopKeptServer } from 'spark-connect-js/local'
import { silent } from '../../lib/log.ts'
import { installSpark, keptServerText, sparkFolder, stopKeptServer as stopAndSay } from '../../lib/spark/index.ts'

const root = join(import.meta.dirname, '..', '..')
const minute = 60_000
let home: string
let jars: SparkJars
const others: ChildProcess[] = []

beforeAll(async () => {
  jars = await installSpark({ log: silent })
  home = await mkdtemp(join(tmpdir(), 'kept-'))
}, 600_000)

afterAll(async () => {
  for (const other of others) other.kill('SIGKILL')
  await stopKeptServer(home)
  await rm(home, { recursive: true, force: true })
})

const start = (more: { memory?: string; keepMs?: number; archive?: 'record' } = {}): Promise<LocalServer> =>
  startLocalServer({ home, jars, master: 'local[1]', inputBytes: 0, memory: '512m', keepMs: minute, ...more })

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(what: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<boolean> {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; await sleep(20))
    if (await what()) return true
  return await what()
}

/** What a server that is told to stay has once its keeper has taken over. */
const isKept = () => until(async () => (await keptServer(home))?.heldBy === null)
const isGone = (server: LocalServer) => until(() => !isAlive(server.pid))
const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

async function rows(server: LocalServer): Promise<number> {
  await using session = await SparkSession.connect(server.url)
  return (await session.range(3).collect()).length
}

/** A run as a process of its own, which holds the server until it is killed. */
async function runElsewhere(): Promise<{ child: ChildProcess; pid: number }> {
  const code = `
    const { startLocalServer, installSpark } = await import('spark-connect-js/local')
    const options = { master: 'local[1]', inputBytes: 0, memory: '512m', keepMs: ${minute} }
    const jars = await installSpark({ home: process.argv[2] })
    const server = await startLocalServer({ ...options, jars, home: process.argv[1] })
    console.log(server.pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', code, home, sparkFolder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  others.push(child)
  for await (const line of createInterface({ input: child.stdout! })) return { child, pid: Number(line) }
  throw new Error('the other run did not start')
}

describe('a server that is kept', () => {
  test('serves the next run, one run at a time, and each from a folder of its own', async () => {
    const first = await start()
    expect([first.wasKept, await first.stop()]).toEqual([false, 'kept'])
    expect(await isKept()).toBe(true)
    expect(await keptServerText(home)).toMatch(/it ends in 1 min, unless a run takes it/)

    const second = await start()
    expect([second.wasKept, second.pid, await rows(second)]).toEqual([true, first.pid, 3])
    expect(dirname(second.scratch)).toBe(first.scratch)
    await expect(stopAndSay(home)).rejects.toThrow(`process ${process.pid} is using the Spark that is kept`)

    const third = await start()
    expect(third.pid).not.toBe(first.pid)
    expect([third.wasKept, await rows(third)]).toEqual([false, 3])
    // One is enough.
    await third.stop()
    expect(await isGone(third)).toBe(true)

    expect(await second.stop()).toBe('kept')
    expect(await until(async () => !(await exists(second.scratch)))).toBe(true)
    const fourth = await start()
    expect(fourth.pid).toBe(first.pid)
    // A run that failed may have failed because of the server.
    expect(await fourth.stop({ keep: false })).toBe('ended')
    expect([isAlive(first.pid), await keptServer(home)]).toEqual([false, null])
    expect(await until(async () => !(await exists(first.scratch)))).toBe(true)
  }, 120_000)

  test('makes way for one with other settings, and ends when it is told to', async () => {
    const small = await start()
    await small.stop()
    await isKept()
    const larger = await start({ memory: '600m' })
    expect([larger.wasKept, await isGone(small)]).toEqual([false, true])
    await larger.stop()
    await isKept()
    expect(await stopAndSay(home)).toBe('the Spark that was kept has ended')
    expect(await isGone(larger)).toBe(true)
    expect(await stopAndSay(home)).toBe('no Spark is kept; there is nothing to stop')
  }, 120_000)

  test('comes back from a run that is killed, and goes with a keeper that is', async () => {
    const first = await start()
    await first.stop()
    await isKept()
    const other = await runElsewhere()
    expect(other.pid).toBe(first.pid)
    expect((await keptServer(home))?.heldBy).toBe(other.child.pid)
    other.child.kill('SIGKILL')
    expect(await isKept()).toBe(true)

    process.kill((await keptServer(home))!.keeper, 'SIGKILL')
    expect(await isGone(first)).toBe(true)
    expect(await until(async () => !(await exists(first.scratch)))).toBe(true)
    const next = await start()
    expect([next.wasKept, await rows(next)]).toEqual([false, 3])
    await next.stop()
    await isKept()

    const { keeper } = (await keptServer(home))!
    process.kill(next.pid, 'SIGKILL')
    expect(await until(() => !isAlive(keeper))).toBe(true)
    expect(await keptServer(home)).toBeNull()
  }, 120_000)

  test('tells the run that has it of its end', async () => {
    const first = await start()
    await first.stop()
    await isKept()
    const second = await start()
    expect(await second.failure(0)).toBeNull()
    process.kill(second.pid, 'SIGKILL')
    expect((await second.failure())?.message).toContain('ended by itself')
    expect(await second.stop({ keep: false })).toBe('ended')
  }, 120_000)

  test('ends when nobody comes, leaves its class archive and nothing else', async () => {
    const server = await start({ keepMs: 500, archive: 'record' })
    await rows(server)
    await server.stop()
    await isKept()
    expect(await until(() => !isAlive(server.pid), 60_000)).toBe(true)
    expect(await until(async () => (await readdir(join(home, 'classes'))).some((name) => name.endsWith('.jsa')))).toBe(
      true,
    )
    expect([await exists(server.scratch), (await readdir(home)).sort()]).toEqual([false, ['classes', 'logs']])
  }, 120_000)

  test('ends when its record goes, and is not believed to others', async () => {
    const server = await start()
    await server.stop()
    await isKept()
    const record = join(home, 'kept-server.json')
    expect((await stat(record)).mode & 0o777).toBe(0o600)
    await chmod(record, 0o644)
    expect(await keptServer(home)).toBeNull()
    await rm(record)
    expect(await isGone(server)).toBe(true)
  }, 120_000)
})
