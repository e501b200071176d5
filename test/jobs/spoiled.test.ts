import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'

/* Runs each command in each surrounding that a user can mend: never a bug (70) or a crash (1), and always words about it. */

const folder = scratch()
const root = fileURLToPath(new URL('../../', import.meta.url))
const sample = join(root, 'sample', 'plays.csv')
const soundDatabase = `sqlite:${join(folder, 'plays.db')}`

let web: Server
let page = ''
beforeAll(async () => {
  await fillStore(soundDatabase, {
    plays: [{ artist: 'Queen', song: 'Innuendo', callsign: 'KXYZ', timeUnix: 1_403_279_923 }],
  })
  web = createServer((_request, response) => void response.end('time,artist,title\n'))
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  page = `http://127.0.0.1:${(web.address() as AddressInfo).port}/plays.csv`
})
afterAll(() => void web.close())

/** What a command reads: `.env`, the database of the settings. */
type Need = 'settings' | 'database'

type Command = readonly [name: string, args: () => readonly string[], needs: readonly Need[]]
/** Every command that a user runs, with arguments that work in sound surroundings. */
const commands: readonly Command[] = [
  ['jobs/aggregate', () => ['--input', sample], ['settings', 'database']],
  ['jobs/enrich', () => ['--dry-run'], ['settings', 'database']],
  ['jobs/enrich', () => ['--deadline', '1s', '--contact', 'me@radio.example'], ['settings', 'database']],
  ['jobs/export', () => ['--table', 'songs'], ['settings', 'database']],
  ['jobs/report', () => [], ['settings', 'database']],
  ['jobs/stats', () => [], ['settings', 'database']],
  ['jobs/explore', () => ['tables'], ['settings', 'database']],
  ['jobs/explore', () => ['sql', 'select 1'], ['settings', 'database']],
  ['jobs/doctor', () => [], ['settings', 'database']],
  ['jobs/fetch', () => ['--url', page, '--out', 'input/plays.csv'], ['settings']],
  ['scripts/db-setup', () => [], ['settings', 'database']],
  ['scripts/db-copy', () => ['--to', 'sqlite:copy.db'], ['settings', 'database']],
  ['scripts/db-copy', () => ['--from', soundDatabase, '--to', 'sqlite:other.db'], ['settings']],
  ['scripts/generate', () => ['--plays', '20', '--out', 'made.csv'], ['settings']],
  ['scripts/score', () => [sample, '--truth', join(root, 'sample', 'truth.csv')], ['settings']],
  ['scripts/demo', () => [], ['settings']],
  ['scripts/screenshots', () => ['--chromium', process.execPath], ['settings']],
  ['scripts/enrich-record', () => ['--service', 'musicbrainz', '--out', 'answers'], ['settings']],
  ['scripts/enrich-replay', () => [join(root, 'sample', 'answers')], ['settings']],
]

interface Ended {
  readonly command: string
  readonly code: number | null
  readonly text: string
}

/** With the kept modules a command starts in half of the time. */
const asNpmStartsIt = ['--import', join(root, 'lib', 'compile-cache.mjs')]

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { SPARK_TEST_REMOTE: _, ...inherited } = process.env
  const child = spawn(process.execPath, [...asNpmStartsIt, `${resolve(root, program)}.ts`, ...args], {
    cwd,
    // No service is asked: these ports are closed.
    env: { ...inherited, ...services, LOG_LEVEL: 'warn', SPARK_REMOTE: 'local[*]', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (data: string) => {
      text += data
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { command: `${program} ${args.join(' ')}`, code, text }
}

const services = Object.fromEntries(
  ['LASTFM', 'MUSICBRAINZ', 'LISTENBRAINZ', 'WIKIDATA_QUERY', 'WIKIDATA', 'COMMONS'].map((name) => [
    `${name}_URL`,
    'http://127.0.0.1:1/',
  ]),
)

interface Surrounding {
  /** The folder to run in. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the commands, a few at a time. */
async function runAll(make: () => Surrounding, chosen: readonly Command[] = commands): Promise<Ended[]> {
  const left = [...chosen]
  const ended: Ended[] = []
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [program, args] = next
      const { cwd, env = {} } = make()
      ended.push(await run(program, args(), cwd, { DATABASE_URL: soundDatabase, ...env }))
    }
  }
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism() + 1) }, work))
  return ended
}

/** What a user would have to report; empty if all is well. */
function faults(ended: readonly Ended[], codes: readonly number[], message: RegExp): string[] {
  return ended
    .filter(({ command, code, text }) => {
      if (code === 0) return false
      // The doctor has a list of its own form.
      const form = /jobs\/doctor /.test(command) || /^error: .+\n {2}(at: .+\n {2})?do: .+\n/m.test(text)
      return !codes.includes(code ?? -1) || !form || !message.test(text)
    })
    .map(({ command, code, text }) => `${command}: exit ${code}\n${text}`)
}

/** Without the one that asks a service, and the one that needs a browser. */
const ofThisMachine = commands.filter(([name]) => !/enrich-record|screenshots/.test(name))
const needing = (need: Need) => commands.filter(([, , needs]) => needs.includes(need))
const place = () => mkdtempSync(join(folder, 'here-'))
const withDotenv = (make: (path: string) => void) => () => {
  const cwd = place()
  make(join(cwd, '.env'))
  return { cwd }
}

/** A test on a file system of 256 kB that is full; only root can mount one. */
function onTinyDisk(name: string, body: (disk: string) => Promise<void>): void {
  const disk = mkdtempSync(join(tmpdir(), 'radio-plays-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    process.stderr.write(`"${name}" is skipped: no file system can be mounted here\n`)
    rmdirSync(disk)
    test.skip(name, () => {})
    return
  }
  afterAll(() => {
    execFileSync('umount', ['--lazy', disk])
    rmdirSync(disk)
  })
  test(name, async () => {
    writeFileSync(join(disk, 'filling'), '')
    for (let size = 4096; size >= 1; size /= 16) {
      try {
        for (;;) appendFileSync(join(disk, 'filling'), Buffer.alloc(size))
      } catch {
        // No room for so many bytes.
      }
    }
    await body(disk)
  }, 300_000)
}

describe('.env', () => {
  test.each<[string, (path: string) => void]>([
    ['a folder', (path) => mkdirSync(path)],
    ['UTF-16', (path) => writeFileSync(path, Buffer.from('\ufeffLOG_LEVEL=warn\n', 'utf16le'))],
    ['Latin-1', (path) => writeFileSync(path, Buffer.from('ENRICH_CONTACT=Zo\xeb\n', 'latin1'))],
    ['a loop of links', (path) => symlinkSync(path, path)],
  ])(
    '%s',
    async (_, make) => {
      const ended = await runAll(withDotenv(make), needing('settings'))
      expect(faults(ended, [2], /\.env (is a folder|is not UTF-8 text|cannot be read \(ELOOP\))/)).toEqual([])
      expect(ended.filter(({ code }) => code === 0)).toEqual([])
    },
    300_000,
  )

  test('with the byte order mark of Windows editors is read', async () => {
    const ended = await runAll(
      withDotenv((path) => writeFileSync(path, '\ufeffTIMEZONE=Atlantis/Main\n')),
      needing('settings'),
    )
    expect(faults(ended, [2], /TIMEZONE is "Atlantis\/Main" but must be/)).toEqual([])
    expect(ended.filter(({ code }) => code === 0)).toEqual([])
  }, 300_000)
})

describe('TMPDIR', () => {
  const file = join(folder, 'a-file')
  beforeAll(() => {
    writeFileSync(file, '')
    for (const name of ['a,b', 'a\nb']) mkdirSync(join(folder, name))
  })

  test.each<[string, string]>([
    ['missing', join(folder, 'none')],
    ['a file', file],
    ['with a comma', join(folder, 'a,b')],
    ['with a line break', join(folder, 'a\nb')],
  ])(
    '%s',
    async (_, temporary) => {
      const ended = await runAll(() => ({ cwd: place(), env: { TMPDIR: temporary } }), ofThisMachine)
      expect(faults(ended, [2, 3, 4], /TMPDIR/)).toEqual([])
      // Who starts Spark cannot do without it.
      expect(ended.filter(({ command, code }) => code === 0 && /aggregate|score/.test(command))).toEqual([])
    },
    300_000,
  )

  onTinyDisk('full', async (disk) => {
    const ended = await runAll(() => ({ cwd: place(), env: { TMPDIR: disk } }), ofThisMachine)
    expect(faults(ended, [2, 3, 4, 5], /full|TMPDIR|room/)).toEqual([])
    expect(ended.filter(({ command, code }) => code === 0 && /aggregate|score/.test(command))).toEqual([])
  })
})

describe('the database', () => {
  const loop = join(folder, 'loop.db')
  beforeAll(() => symlinkSync(loop, loop))

  test.each<[string, () => string]>([
    ['a loop of links', () => loop],
    ['with a path of 5,000 characters', () => `${'deep/'.repeat(998)}plays.db`],
    ['with a name of 300 characters', () => `${'x'.repeat(300)}.db`],
    ['a folder', () => folder],
    ['below a file', () => join(sample, 'plays.db')],
    ['where no file can be', () => '/proc/self/plays.db'],
  ])(
    '%s',
    async (_, path) => {
      const ended = await runAll(
        () => ({ cwd: place(), env: { DATABASE_URL: `sqlite:${path()}` } }),
        needing('database'),
      )
      expect(faults(ended, [2, 3, 5], /database/i)).toEqual([])
      expect(ended.filter(({ code }) => code === 0)).toEqual([])
    },
    300_000,
  )
})

onTinyDisk('a project on a full disk', async (disk) => {
  // The demo works in the project, which is not on that disk.
  const there = ofThisMachine.filter(([name]) => name !== 'scripts/demo')
  const ended = await runAll(() => ({ cwd: disk, env: { DATABASE_URL: 'sqlite:data/plays.db' } }), there)
  expect(faults(ended, [2, 3, 5], /room|full|space|does not exist yet|no tables|nothing/i)).toEqual([])
})

test('a project whose path has a colon', async () => {
  const project = join(folder, 'a:b')
  mkdirSync(project)
  for (const name of ['jobs', 'scripts', 'sample', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(project, name), { recursive: true })
  }
  cpSync(join(root, 'lib'), join(project, 'lib'), {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  const inProject = ofThisMachine.map(([name, ...rest]) => [join(project, name), ...rest] as const)
  const ended = await runAll(() => ({ cwd: project }), inProject)
  expect(faults(ended, [2], /a colon in the path[\s\S]*a:b[\s\S]*move the project/)).toEqual([])
  expect(ended.filter(({ command, code }) => code === 0 && /aggregate|score/.test(command))).toEqual([])
}, 300_000)
