import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../errors.ts'
import { openStore } from '../open.ts'
import { type CopiedTable, type CopyOptions, copyDatabase } from './copy.ts'

/*
 * The SQLite database of the containers: a file in the volume `data` of compose.yaml, which only a container reaches.
 * A container of the job image makes SQLite's own backup of it, or copies into it under the run lock; the file passes
 * through its stdin or stdout, so that the engine may be on another machine.
 */

interface ContainerDatabase {
  readonly volume: string
  readonly image: string
  /** Its path in the container. */
  readonly file: string
}

export interface ContainerOptions extends CopyOptions {
  readonly signal?: AbortSignal
}

/** Whether `docker` or `docker:VOLUME` is meant, and not the address of a database. */
export function isContainers(place: string): boolean {
  return place === 'docker' || place.startsWith('docker:')
}

/**
 * Copies the database of the containers to another one, checked by rows and hashes; whether jobs run there meanwhile or not.
 *
 * *Errors:* AppError `usage` (Docker not there, no such volume, image or database), and those of `copyDatabase`.
 */
export async function copyFromContainers(
  place: string,
  to: string,
  options: ContainerOptions,
): Promise<readonly CopiedTable[]> {
  const found = await findDatabase(place)
  return inFolder(async (file) => {
    const child = runInside(found, backUp, [found.file, `/data/.copy-${randomUUID()}.db`], options.signal)
    const ended = outcome(child)
    const hash = createHash('sha256')
    await pipeline(child.stdout!, hashing(hash), createWriteStream(file, { mode: 0o600 })).catch(() => {})
    const { code, stderr } = await ended
    if (code !== 0) throw failedInside(found, code, stderr)
    assertSame(hash.digest('hex'), stderr.trim().split('\n').at(-1)!, found)
    // The volume may be of an older version; this copy is ours to bring up to date.
    await (await openStore(`sqlite:${file}`, { log: options.log })).close()
    return copyDatabase(`sqlite:${file}`, to, options)
  })
}

/**
 * Copies a database into the volume of the containers, in one transaction under the run lock of the database there; checked
 * there and here by rows and hashes. *Errors:* as {@link copyFromContainers}; AppError `locked` while a job runs there.
 */
export async function copyToContainers(
  from: string,
  place: string,
  options: ContainerOptions,
): Promise<readonly CopiedTable[]> {
  const found = await findDatabase(place)
  return inFolder(async (file) => {
    const wanted = await copyDatabase(from, `sqlite:${file}`, options)
    const replace = options.replace === true ? 'replace' : ''
    const child = runInside(found, takeIn, [found.file, `/data/.copy-${randomUUID()}.db`, replace], options.signal)
    let stdout = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    const ended = outcome(child)
    await pipeline(createReadStream(file), child.stdin!).catch(() => {})
    const { code, stderr } = await ended
    if (code !== 0) throw failedInside(found, code, stderr)
    assertSame(JSON.stringify(wanted), stdout.trim(), found)
    return wanted
  })
}

/** Runs `work` with the path of a file that is not there yet, in a private folder that is removed afterwards. */
async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'radio-plays-copy-'))
  try {
    return await work(join(folder, 'plays.db'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function hashing(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
}

function assertSame(here: string, there: string, { volume }: ContainerDatabase): void {
  if (here === there) return
  throw new AppError('check', 'the copy differs from the database of the containers', {
    place: `volume ${volume}`,
    remedy: 'copy again; if it stays, please report it',
  })
}

/** SQLite's backup is one frozen state, whoever writes meanwhile; a copy of the files would not be. */
const backUp = `
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
const [file, copy] = process.argv.slice(1)
if (!existsSync(file)) process.exit(66)
try {
  const db = new Database(file, { readonly: true, timeout: 60000 })
  await db.backup(copy)
  db.close()
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(copy)) {
    hash.update(chunk)
    if (!process.stdout.write(chunk)) await new Promise((done) => process.stdout.once('drain', done))
  }
  process.stderr.write(hash.digest('hex') + '\\n')
} finally {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(copy + end, { force: true })
}`

const takeIn = `
import { createWriteStream, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { copyDatabase } from '/app/lib/store/index.ts'
import { silent } from '/app/lib/log.ts'
const [file, copy, replace] = process.argv.slice(1)
try {
  await pipeline(process.stdin, createWriteStream(copy, { mode: 0o600 }))
  const tables = await copyDatabase('sqlite:' + copy, 'sqlite:' + file, { log: silent, replace: replace === 'replace' })
  process.stdout.write(JSON.stringify(tables))
} catch (error) {
  process.stderr.write(JSON.stringify({ kind: error.kind, message: error.message, remedy: error.remedy }) + '\\n')
  process.exitCode = 65
} finally {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(copy + end, { force: true })
}`

function runInside(
  { volume, image }: ContainerDatabase,
  code: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): ChildProcess {
  const docker = [
    ...['run', '--rm', '--interactive', '--network', 'none', '--read-only', '--tmpfs', '/tmp'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--volume', `${volume}:/data`],
    ...[image, '--no-warnings', '--input-type=module', '--eval', code, ...args],
  ]
  return spawn('docker', docker, { stdio: ['pipe', 'pipe', 'pipe'], ...(signal === undefined ? {} : { signal }) })
}

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a program ended; null: it could not be started, or was killed. */
function outcome(child: ChildProcess): Promise<Omit<Outcome, 'stdout'>> {
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((done) => {
    child.once('error', (error) => done({ code: null, stderr: error.message }))
    child.once('close', (code) => done({ code, stderr }))
  })
}

async function run(command: string, ...args: readonly string[]): Promise<Outcome> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const { code, stderr } = await outcome(child)
  return { code, stdout, stderr }
}

function failedInside({ volume, file }: ContainerDatabase, code: number | null, stderr: string): AppError {
  if (code === 66) {
    return new AppError('usage', 'the containers have no database yet', {
      place: `volume ${volume}, ${file}`,
      remedy: 'make it with: docker compose --profile jobs run --rm job jobs/aggregate.ts --input /input',
    })
  }
  const last = stderr.trim().split('\n').at(-1) ?? ''
  if (code === 65) {
    const { kind, message, remedy } = JSON.parse(last)
    const known = ['usage', 'locked', 'check', 'database'].includes(kind) ? kind : 'database'
    return new AppError(known, message, { place: `volume ${volume}`, remedy })
  }
  return new AppError('database', `the container that copies has failed: ${last}`, {
    place: `volume ${volume}`,
    remedy: 'build its image again (docker compose --profile jobs build job), then copy again',
  })
}

/** Volume, image and file, as compose has them in this folder. */
async function findDatabase(place: string): Promise<ContainerDatabase> {
  const engine = await run('docker', 'info', '--format', '{{.ServerVersion}}')
  if (engine.code !== 0) {
    throw new AppError('usage', 'no Docker engine answers', {
      place,
      remedy:
        'start Docker, or name its address in DOCKER_HOST; "docker info" shows what is wrong. Without an engine a volume cannot be read',
    })
  }
  const compose = await composeConfig()
  const named = place.slice('docker:'.length)
  const volume = named || compose.volume
  if (compose.file === undefined && named === '') {
    throw new AppError('usage', 'the containers keep their data in another database than SQLite', {
      place: 'JOB_DATABASE_URL',
      remedy:
        'copy from its own address: npm run db:copy -- --from postgres://USER:PASSWORD@HOST:PORT/NAME --to sqlite:copy.db',
    })
  }
  if ((await run('docker', 'volume', 'inspect', volume)).code !== 0) {
    throw new AppError('usage', `unknown volume ${volume}`, {
      place,
      remedy: 'name it as in docker:VOLUME ("docker volume ls" shows them), or run a job in a container first',
    })
  }
  if ((await run('docker', 'image', 'inspect', compose.image)).code !== 0) {
    throw new AppError('usage', `unknown image ${compose.image}`, {
      place,
      remedy: 'build it: docker compose --profile jobs build job',
    })
  }
  return { volume, image: compose.image, file: compose.file ?? '/data/plays.db' }
}

interface ComposeConfig {
  readonly volume: string
  readonly image: string
  readonly file: string | undefined
}

/** What compose itself makes of compose.yaml, .env and the environment; docker-compose 1 does not tell the names. */
async function composeConfig(): Promise<ComposeConfig> {
  for (const [command, ...first] of [['docker', 'compose'], ['docker-compose']] as const) {
    const { code, stdout } = await run(command, ...first, '--profile', 'jobs', 'config', '--format', 'json')
    if (code !== 0 || !stdout.startsWith('{')) continue
    const { volumes, services } = JSON.parse(stdout)
    return {
      volume: volumes.data.name,
      image: services.job.image,
      file: sqliteFile(services.job.environment.DATABASE_URL),
    }
  }
  const { COMPOSE_PROJECT_NAME, JOB_IMAGE, JOB_DATABASE_URL } = process.env
  const project = (COMPOSE_PROJECT_NAME || basename(resolve('.'))).toLowerCase().replace(/[^-_a-z0-9]/g, '')
  return {
    volume: `${project}_data`,
    image: JOB_IMAGE || 'radio-plays-job:0.1.0',
    file: sqliteFile(JOB_DATABASE_URL || 'sqlite:/data/plays.db'),
  }
}

function sqliteFile(url: string): string | undefined {
  return /^sqlite:(?:\/\/)?(\/.*)$/.exec(url)?.[1]
}
