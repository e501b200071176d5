import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SparkSession } from 'spark-connect-js'
import { explainExit, findArchive, startLocalServer } from 'spark-connect-js/local'
import type { AppError } from '../../lib/errors.ts'
import { type Logger, silent } from '../../lib/log.ts'
import { findJava, installSpark, openSpark, type SparkServer, sparkFolder } from '../../lib/spark/index.ts'

const root = join(import.meta.dirname, '..', '..')

beforeAll(async () => {
  await installSpark({ log: silent })
}, 600_000)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(what: () => boolean, withinMs: number): Promise<boolean> {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; await sleep(20)) if (what()) return true
  return what()
}

const jvmOf = async (server: SparkServer): Promise<number> =>
  Number(await readFile(join(server.scratch!, 'jvm.pid'), 'utf8'))

const collect = async (server: SparkServer, query: string): Promise<unknown[]> =>
  await (await server.session.sql(query)).collect()

interface Held {
  readonly child: ChildProcess
  readonly node: number
  readonly jvm: number
  readonly scratch: string
  stderr(): string
  readonly exit: Promise<number | null>
}

/** Starts hold-server.ts and waits until its server answers. */
async function hold(command: string, args: readonly string[]): Promise<Held> {
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr!.on('data', (data) => {
    stderr += String(data)
  })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('{')) continue
    const said = JSON.parse(line) as { node: number; jvm: number; scratch: string; rows: number }
    expect(said.rows).toBe(3)
    child.stdout!.resume()
    return { ...said, child, exit, stderr: () => stderr }
  }
  throw new Error(`the held server did not start: ${stderr}`)
}

describe('openSpark', () => {
  let spark: SparkServer
  const lines: [string, Record<string, unknown> | undefined][] = []
  const said: string[] = []

  beforeAll(async () => {
    const log: Logger = { ...silent, info: (message, fields) => void lines.push([message, fields]) }
    const onProgress = (text: string) => void said.push(text)
    spark = await openSpark({ remote: 'local[*]', driverMemory: '1g', log, onProgress })
  })

  afterAll(async () => {
    await spark.close()
  })

  test('gives a session that answers queries', async () => {
    const plays = await collect(spark, "SELECT explode(split('KZPS KGLK KVRQ', ' ')) AS callsign")
    expect(plays).toEqual([{ callsign: 'KZPS' }, { callsign: 'KGLK' }, { callsign: 'KVRQ' }])
  })

  test('says in one line what was chosen and why', () => {
    expect(lines).toEqual([['spark', { kind: 'embedded', address: spark.address, why: 'SPARK_REMOTE' }]])
    expect(said).toContain('starting Spark')
  })

  test('shuffles, although its processes authenticate each other', async () => {
    const rows = await collect(spark, 'SELECT id % 3 AS rest, count(*) AS n FROM range(1000) GROUP BY 1 ORDER BY 1')
    expect(rows).toEqual([
      { rest: 0n, n: 334n },
      { rest: 1n, n: 333n },
      { rest: 2n, n: 333n },
    ])
  })

  test('keeps to UTC and to an in-memory catalog', async () => {
    expect(await spark.session.conf.get('spark.sql.session.timeZone')).toBe('UTC')
    expect(await spark.session.conf.get('spark.sql.catalogImplementation')).toBe('in-memory')
    expect(await spark.session.conf.get('spark.master')).toBe('local[*,4]')
  })

  test('asks every caller for its token', async () => {
    const attempt = async (address: string): Promise<unknown> => {
      try {
        await using stranger = await SparkSession.connect(address)
        return await stranger.version()
      } catch (error) {
        return error
      }
    }
    expect(await attempt(spark.address)).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await attempt(`${spark.address}/;token=${'0'.repeat(64)}`)).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('shows its token neither in its address nor in the process list', async () => {
    const shown = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(await jvmOf(spark))], { encoding: 'utf8' })
    expect(spark.address).toMatch(/^sc:\/\/127\.0\.0\.1:\d+$/)
    expect(shown).not.toMatch(/[0-9a-f]{64}/)
    const args = await readFile(join(spark.scratch!, 'jvm.args'), 'utf8')
    expect(args).not.toMatch(/[0-9a-f]{64}/)
  })

  // The kernel's own table, in which 0100007F is 127.0.0.1 and state 0A is LISTEN.
  test('listens on loopback only', async () => {
    if (process.platform !== 'linux') return
    const pid = await jvmOf(spark)
    const descriptors = await readdir(`/proc/${pid}/fd`)
    const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
    const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]))
    const listening: string[] = []
    for (const table of ['tcp', 'tcp6']) {
      for (const line of (await readFile(`/proc/${pid}/net/${table}`, 'utf8')).split('\n').slice(1)) {
        const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
        if (state === '0A' && inodes.has(inode)) listening.push(local!.split(':')[0]!)
      }
    }
    expect(listening.length).toBeGreaterThanOrEqual(2)
    for (const address of listening) expect(['0100007F', '0000000000000000FFFF00000100007F']).toContain(address)
  })

  test('hands no secret of this process to the JVM', async () => {
    if (process.platform !== 'linux') return
    const names = (await readFile(`/proc/${await jvmOf(spark)}/environ`, 'latin1'))
      .split('\0')
      .map((pair) => pair.split('=')[0])
    expect(names).toContain('SPARK_CONNECT_AUTHENTICATE_TOKEN')
    expect(names.filter((name) => /PASSWORD|API_KEY|LISTENBRAINZ/.test(name!))).toEqual([])
  })

  test('an error of a query comes back with its class, an error of ours as it is', async () => {
    const error = await collect(spark, 'SELECT * FROM nothing_here').catch((e: unknown) => e)
    expect(await spark.explain(error)).toMatchObject({
      kind: 'spark',
      place: `${spark.address}, TABLE_OR_VIEW_NOT_FOUND`,
    })
    const own = new Error('of ours')
    expect(await spark.explain(own)).toBe(own)
  })

  test('close leaves no process and no folder, and may be called twice', async () => {
    const [pid, scratch] = [await jvmOf(spark), spark.scratch!]
    expect(isAlive(pid)).toBe(true)
    await Promise.all([spark.close(), spark.close()])
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(scratch)).toBe(false)
  })
})

describe('no JVM outlives the process that started it', () => {
  test('after kill -9', async () => {
    const held = await hold(process.execPath, ['test/spark/hold-server.ts'])
    process.kill(held.node, 'SIGKILL')
    expect(await until(() => !isAlive(held.jvm) && !existsSync(held.scratch), 5000)).toBe(true)
  })

  test('after kill -9 of the process and of the shell that watches over the JVM: the next start cleans up', async () => {
    const held = await hold(process.execPath, ['test/spark/hold-server.ts'])
    const shell = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(held.jvm)], { encoding: 'utf8' }))
    process.kill(shell, 'SIGSTOP')
    process.kill(held.node, 'SIGKILL')
    process.kill(shell, 'SIGKILL')
    expect(await until(() => !isAlive(held.node), 2000)).toBe(true)
    const next = await openSpark({ remote: 'local[1]', driverMemory: '512m', log: silent })
    await next.close()
    expect(isAlive(held.jvm)).toBe(false)
    expect(existsSync(held.scratch)).toBe(false)
  })

  // What a terminal does: the signal goes to every process of the foreground group at once, npm and its shell included.
  test('after Ctrl-C through npm, and the JVM does not die before our clean-up', async () => {
    const held = await hold('npm', ['exec', '--offline', '-c', 'node test/spark/hold-server.ts'])
    process.kill(-held.child.pid!, 'SIGINT')
    expect(await until(() => !isAlive(held.jvm) && !isAlive(held.node), 5000)).toBe(true)
    await held.exit
    expect(existsSync(held.scratch)).toBe(false)
    expect(held.stderr()).toContain('stopped')
    expect(held.stderr()).not.toMatch(/bug|does not answer|exit code/)
  })

  test('after SIGTERM', async () => {
    const held = await hold(process.execPath, ['test/spark/hold-server.ts'])
    process.kill(held.node, 'SIGTERM')
    expect(await held.exit).toBe(143)
    expect(isAlive(held.jvm)).toBe(false)
    expect(existsSync(held.scratch)).toBe(false)
  })
})

describe('a server that fails', () => {
  test('by its heap: the error names the setting, in less than 30 s', async () => {
    await using spark = await openSpark({ remote: 'local[2]', driverMemory: '512m', inputBytes: 0, log: silent })
    const startedMs = performance.now()
    // One row of 800 MB: more than the heap, and nothing that Spark could write to disk.
    const error = await collect(
      spark,
      "SELECT length(concat_ws('', collect_list(repeat('x', 100000)))) AS n FROM range(8000)",
    ).catch((e: unknown) => e)
    const meaning = (await spark.explain(error)) as AppError
    expect(meaning).toMatchObject({ kind: 'spark', exitCode: 4, remedy: 'raise SPARK_DRIVER_MEMORY' })
    expect(performance.now() - startedMs).toBeLessThan(30_000)
  })

  test('by a kill -9 in the middle of a query: one error, soon', async () => {
    await using spark = await openSpark({ remote: 'local[2]', driverMemory: '512m', inputBytes: 0, log: silent })
    const pid = await jvmOf(spark)
    const query = collect(spark, 'SELECT count(*) AS n FROM range(1000000000000)')
    const failed = query.then(
      () => 'no error',
      (e: unknown) => e,
    )
    await sleep(1000)
    const startedMs = performance.now()
    process.kill(pid, 'SIGKILL')
    expect(await spark.explain(await failed)).toMatchObject({
      kind: 'spark',
      message: 'Spark was killed from outside, as a machine without free memory does',
    })
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })

  test('by a heap that no machine has', async () => {
    const opening = openSpark({ remote: 'local[1]', driverMemory: '900000g', log: silent })
    await expect(opening).rejects.toMatchObject({ kind: 'spark', remedy: 'lower or correct SPARK_DRIVER_MEMORY' })
  })

  test('to be reached: the address without its token, and what to do', async () => {
    const opening = openSpark({ remote: 'sc://127.0.0.1:1/;token=hush', log: silent, connectTimeoutMs: 1000 })
    const error = (await opening.catch((e: unknown) => e)) as AppError
    expect(error).toMatchObject({
      kind: 'spark',
      message: 'the Spark server does not answer',
      place: 'sc://127.0.0.1:1',
    })
  })

  test.each([
    [
      'java.lang.OutOfMemoryError: Java heap space',
      3,
      /out of memory \(Java heap space\)/,
      'raise SPARK_DRIVER_MEMORY',
    ],
    ['[INVALID_DRIVER_MEMORY] System memory 304087040 must be', 1, /less memory than it needs/, /512m/],
    ['java.io.IOException: No space left on device', 1, /no space left/, /TMPDIR/],
    ['Error: Could not find or load main class x', 1, /Could not find or load main class/, /log/],
    ['', 137, /killed from outside/, /SPARK_DRIVER_MEMORY/],
  ])('explainExit(%s)', async (text, code, message, remedy) => {
    const file = join(await mkdtemp(join(tmpdir(), 'log-test-')), 'log')
    await writeFile(file, `2026-01-01 WARN something\n${text}\n`)
    const error = await explainExit(code, file)
    expect(error.message).toMatch(message)
    expect(error.remedy).toMatch(remedy)
    await rm(join(file, '..'), { recursive: true })
  })

  test('is not waited for after an abort', async () => {
    const abort = new AbortController()
    const opening = openSpark({ remote: 'local[1]', driverMemory: '512m', log: silent, signal: abort.signal })
    setTimeout(() => abort.abort(new Error('enough')), 300)
    await expect(opening).rejects.toThrow('enough')
  })
})

describe('the class archive', () => {
  test('is recorded by the first real run and used by the next; a damaged one is done without', async () => {
    const home = await mkdtemp(join(tmpdir(), 'archive-test-'))
    try {
      const [java, jars] = await Promise.all([findJava(process.env), installSpark({ log: silent })])
      const start = () =>
        startLocalServer({
          jars,
          home,
          master: 'local[1]',
          memory: '512m',
          inputBytes: 0,
          archive: 'record',
          log: silent,
        })
      const first = await start()
      expect(first.usedArchive).toBe(false)
      await first.stop()
      const archive = await findArchive(home, java, jars)
      expect(archive.exists).toBe(true)
      expect(await readdir(join(home, 'classes'))).toHaveLength(1)

      const second = await start()
      expect(second.usedArchive).toBe(true)
      await second.stop()

      await rm(archive.path, { force: true })
      await mkdir(join(home, 'classes'), { recursive: true })
      await copyFile(join(root, 'package-lock.json'), archive.path)
      const third = await start()
      await third.stop()
      expect(third.port).toBeGreaterThan(0)
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }, 120_000)

  test('and the logs are kept in the project, ignored by git', async () => {
    expect(sparkFolder).toBe(join(root, '.spark'))
    expect(await readFile(join(root, '.gitignore'), 'utf8')).toMatch(/^\.spark\/$/m)
    expect((await readdir(join(sparkFolder, 'logs'))).length).toBeLessThanOrEqual(11)
  })
})
