import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from '@jest/globals'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { testSparkAddress } from '../support/spark.ts'

/*
 * Process managers and CI systems end what they started, which is npm. What npm started must end with it: a job that lives
 * on would publish after everybody believes that it was stopped.
 */

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = scratch()
let remote: string

beforeAll(async () => {
  remote = await testSparkAddress()
}, 300_000)

/** `npm run …`; resolves with the exit code and the text when every process with its output in hand has ended. */
function npmRun(args: readonly string[], env: Record<string, string>) {
  const child = spawn('npm', ['run', ...args], {
    cwd: root,
    env: { ...process.env, LOG_FORMAT: 'text', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const waiting: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, text })),
  )
  const says = (wanted: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = wanted.exec(text)
        if (found) resolve(found)
      }
      waiting.push(look)
      look()
      void ended.then(() => reject(new Error(`ended before it said ${wanted}: ${text}`)))
    })
  return { child, says, ended }
}

test('a job that runs under npm ends when npm gets SIGTERM, and publishes nothing', async () => {
  const database = join(folder, 'stopped.db')
  const run = npmRun(['job:aggregate', '--', '--input', 'sample/plays.csv'], {
    SPARK_REMOTE: remote,
    DATABASE_URL: `sqlite:${database}`,
  })
  await run.says(/^repair:/m)
  run.child.kill('SIGTERM')
  const { code, text } = await run.ended
  expect(code).toBe(143)
  expect(text).toContain('stopped; nothing was published')
  expect(text).not.toMatch(/^publish:/m)
  expect(existsSync(database)).toBe(true)
})

test('explore -- serve ends when npm gets SIGTERM', async () => {
  const url = `sqlite:${join(folder, 'full.db')}`
  await fillStore(url, { plays: [{ artist: 'Queen', song: 'Innuendo', callsign: 'KXYZ', timeUnix: 1_403_279_923 }] })
  const run = npmRun(['explore', '--', 'serve'], { DATABASE_URL: url })
  const port = Number((await run.says(/http:\/\/127\.0\.0\.1:(\d+)\//))[1])
  run.child.kill('SIGTERM')
  await gone(run.child)
  await run.ended
  expect(await answers(port)).toBe(false)
})

test('every command replaces the shell that npm starts it in', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(Object.entries(scripts).filter(([, command]) => /^node /.test(command))).toEqual([])
})

const gone = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()))

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
