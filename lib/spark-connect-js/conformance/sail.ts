import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SparkSession } from '../src/index.ts'
import { pythonWith } from './pyspark.ts'

const version = '0.7.2'
const suites = ['readme', 'round-trip', 'frames']
const root = join(import.meta.dirname, '..', '..', '..')

/** How a suite went: the names of the tests that failed, by what the first line of their errors says. */
export interface SuiteResult {
  readonly suite: string
  readonly passed: number
  readonly total: number
  readonly failures: ReadonlyMap<string, readonly string[]>
}

/**
 * Runs the README's programs, the round trip of every type and the frames suite on a Sail server of its own, which pip
 * installs once. *Errors:* what pip says where it does not reach its registry; an Error for a server that does not start.
 */
export async function runOnSail(): Promise<SuiteResult[]> {
  const python = await pythonWith(`sail-${version}`, [`pysail==${version}`, 'pyspark-client==4.2.0'])
  const port = await freePort()
  const args = ['spark', 'server', '--ip', '127.0.0.1', '--port', String(port)]
  const server = spawn(join(python, '..', 'sail'), args, { stdio: 'ignore' })
  try {
    const remote = `sc://127.0.0.1:${port}`
    await untilReady(remote)
    return await testResults(remote)
  } finally {
    server.kill()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

async function untilReady(remote: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await (await SparkSession.connect(remote)).stop()
      return
    } catch (error) {
      if (attempt === 20) throw new Error('Sail did not start', { cause: error })
      await sleep(500)
    }
  }
}

async function testResults(remote: string): Promise<SuiteResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sail-'))
  try {
    const output = join(folder, 'results.json')
    const files = suites.map((suite) => `lib/spark-connect-js/test/${suite}.test.ts`)
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
    const env = { ...process.env, SPARK_TEST_REMOTE: remote }
    // Jest ends with 1 where a test fails, which is what this is about.
    await promisify(execFile)(process.execPath, [...jest, '--json', '--outputFile', output, ...files], {
      cwd: root,
      env,
      maxBuffer: 1 << 26,
    }).catch(() => undefined)
    return suiteResults(JSON.parse(await readFile(output, 'utf8')))
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly title: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** What a report of jest says, suite by suite; skipped tests do not count. */
export const suiteResults = ({ testResults }: JestReport): SuiteResult[] =>
  testResults.map(({ name, assertionResults }) => {
    const run = assertionResults.filter(({ status }) => status === 'passed' || status === 'failed')
    const failures = new Map<string, string[]>()
    for (const { title, failureMessages } of run.filter(({ status }) => status === 'failed')) {
      const reason = reasonOf(failureMessages[0] ?? '')
      failures.set(reason, [...(failures.get(reason) ?? []), title])
    }
    const failed = [...failures.values()].flat().length
    return { suite: suiteOf(name), passed: run.length - failed, total: run.length, failures }
  })

const suiteOf = (file: string): string => /([^/\\]+)\.test\.ts$/.exec(file)?.[1] ?? file

/** What the server said, or that it answered something else. */
const reasonOf = (failure: string): string => {
  const said = /SparkConnectError: (?:\[[A-Z_]+\] )?([^\n]+)/.exec(failure)?.[1]
  return said ?? 'another answer than Spark’s'
}
