import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { stubToken } from '../lib/stubs/index.ts'
import { testSparkAddress } from './support/spark.ts'

/*
 * Every command block of the README is run, as it stands there, in a folder that looks like a fresh clone. Spark is the
 * server of this test run, and look-ups are cut short; everything else is what a reader gets.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

// Not run here, each for its reason; whatever else a block holds is.
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm ci$/, 'installs packages: a fresh clone does that before it can test'],
  [/^npm test$/, 'is this'],
  [/^docker compose /, 'needs an engine: npm run test:docker'],
  [/^npm run data:fetch$/, 'needs the network: test/download/fetch-file.test.ts has a server of its own'],
]

interface Block {
  readonly file: string
  readonly commands: readonly string[]
}

/** The `sh` blocks of a document, one command a part: lines without comments, split at `&&`. */
function blocksOf(file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, body]) => ({
    file,
    commands: body!
      .split('\n')
      .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split('&&'))
      .map((command) => command.trim())
      .filter((command) => command !== ''),
  }))
}

const blocks = ['README.md', 'CONTRIBUTING.md'].flatMap(blocksOf)
const folder = mkdtempSync(join(tmpdir(), 'radio-plays-readme-'))
let environment: Record<string, string> = {}
let server: ChildProcess | undefined

beforeAll(async () => {
  for (const name of ['package.json', 'node_modules', 'jobs', 'lib', 'scripts', 'sample', 'test']) {
    symlinkSync(join(root, name), join(folder, name))
  }
  // The logs of which the README speaks: a part of the sample, packed and plain, its songs in a column "Titel".
  const [header, ...lines] = readFileSync(join(root, 'sample/plays.csv'), 'utf8').split('\n')
  const part = (from: number, to: number) => [header!.replace('RAW_SONG', 'Titel'), ...lines.slice(from, to)].join('\n')
  const log = part(0, 150)
  mkdirSync(join(folder, 'logs'))
  writeFileSync(join(folder, 'logs/2014-06.csv.gz'), gzipSync(log))
  writeFileSync(join(folder, 'logs/2014-06-17.csv'), part(150, 200))
  writeFileSync(join(folder, 'more.txt'), log)
  environment = {
    ...(process.env as Record<string, string>),
    SPARK_REMOTE: await testSparkAddress(),
    MAX_API_CALLS: '6',
    LISTENBRAINZ_TOKEN: stubToken,
    ENRICH_CONTACT: 'me@radio.fm',
    LOG_LEVEL: 'warn',
  }
}, 120_000)

afterAll(() => {
  stop(server)
  rmSync(folder, { recursive: true, force: true })
})

/** npm passes a signal on, but not if its shell is killed: the whole group is ours. */
function stop(child: ChildProcess | undefined): void {
  if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
}

function start(command: string): ChildProcess {
  return spawn('bash', ['-c', command], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(command: string): Promise<{ code: number | null; output: string }> {
  const child = start(command)
  let output = ''
  const keep = (text: string) => {
    output += text
  }
  child.stdout!.setEncoding('utf8').on('data', keep)
  child.stderr!.setEncoding('utf8').on('data', keep)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output: output.slice(-3000) }
}

/** Starts the stub services as their line of the README says, and takes over the settings that they print. */
async function pasteSettings(command: string): Promise<void> {
  server = start(command)
  let printed = ''
  for await (const text of server.stdout!.setEncoding('utf8')) {
    printed += text
    if (/LASTFM_API_KEY/.test(printed)) break
  }
  for (const [, name, value] of printed.matchAll(/^export (\w+)=(.*)$/gm)) environment[name!] = value!
}

test('there are blocks to run', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(4)
})

describe.each(blocks.map((block, i) => [`${block.file}, block ${i + 1}`, block] as const))('%s', (_name, {
  commands,
}) => {
  for (const command of commands) {
    const reason = elsewhere.find(([pattern]) => pattern.test(command))?.[1]
    if (reason !== undefined) {
      test(`not run: ${command} (${reason})`, () => {
        expect(reason).not.toBe('')
      })
    } else if (command === 'npm run stubs') {
      test(command, () => pasteSettings(command), 60_000)
    } else {
      test(command, async () => expect(await run(command)).toMatchObject({ code: 0 }), 240_000)
    }
  }
})

test('the commands and scripts that the README names are there', () => {
  const scripts = ['package.json', 'lib/spark-connect-js/package.json'].flatMap((file) =>
    Object.keys(JSON.parse(readFileSync(join(root, file), 'utf8')).scripts),
  )
  // Jobs that the guide has its reader write.
  const guide = readFileSync(join(root, 'docs/own-job.md'), 'utf8')
  const written = [...guide.matchAll(/job:new -- ([\w-]+)|name: 'job:([\w-]+)'/g)].map(([, a, b]) => `job:${a ?? b}`)
  const named = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name!),
  )
  expect([...new Set(named)].filter((name) => ![...scripts, ...written].includes(name))).toEqual([])
})
