import { constants, existsSync } from 'node:fs'
import { access, mkdir, mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../errors.ts'
import {
  checkSparkFolder,
  checkTemporaryFolder,
  findJava,
  findProgram,
  oldestJava,
  readJars,
  sparkVersion,
} from '../spark/index.ts'
import { bytes } from '../terminal.ts'
import { type Check, type Finding, fail, ok, skip, warn } from './check.ts'

/** better-sqlite3 13 needs Node-API 10: below 22.14 it ends the process by SIGSEGV instead of an error (its issue 1514). */
const oldestNode = [22, 14] as const
/** Spark's jars (292 MB), the archive of its classes (176 MB) and room to move them. */
const sparkBytes = 1_000_000_000
const scarceBytes = 1_000_000_000
const noRoomBytes = 200_000_000
/** The heap of the embedded Spark begins at 1 GiB; Node and the rest of the JVM take about as much again. */
const scarceMemory = 2_000_000_000

export const machineChecks: readonly Check[] = [
  {
    id: 'node',
    title: 'Node',
    async run({ nodeVersion }) {
      const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number)
      const fits = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
      const remedy = 'start commands by npm run, which takes the Node of the project, or install a newer one'
      return fits ? ok(nodeVersion) : fail(`${nodeVersion}; ${oldestNode.join('.')} or later is needed`, remedy)
    },
  },
  {
    id: 'sqlite-library',
    title: 'SQLite library',
    async run() {
      try {
        // Loaded here and not on top: an installation without its binary is a finding.
        await import('../store/index.ts')
        return ok('loads')
      } catch (error) {
        return fail(`does not load: ${String(error).split('\n', 1)[0]}`, 'run npm ci again on this machine')
      }
    },
  },
  {
    id: 'java',
    title: 'Java',
    async run({ env, settings }) {
      try {
        const java = await findJava(env)
        return ok(`${java.version} (${java.path})`)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const remedy = error.remedy ?? `install Java ${oldestJava} or later`
        // A server of somebody else needs no Java here.
        return isRemote(settings.sparkRemote) ? warn(error.message, remedy) : fail(error.message, remedy)
      }
    },
  },
  {
    id: 'spark-jars',
    title: 'Spark’s jars',
    async run({ env, settings, sparkFolder }) {
      const installed = await readJars(join(sparkFolder, sparkVersion, 'jars'))
      if (installed) return ok(`Spark ${installed.version} is installed (${installed.paths.length} jars)`)
      const mvn = await findProgram('mvn', env)
      if (mvn) return ok(`not installed yet; the first run downloads Spark ${sparkVersion} by Maven (${mvn}), 292 MB`)
      const home = settings.sparkHome ? await readJars(join(settings.sparkHome, 'jars')) : null
      if (home) return ok(`Spark ${home.version} of SPARK_HOME`)
      const found = settings.sparkHome
        ? 'none, no Maven, and SPARK_HOME holds no Spark 4 with Connect'
        : 'none, and no Maven'
      const remedy = 'install Maven, set SPARK_HOME to a Spark 4, or start a server with "docker compose up"'
      return isRemote(settings.sparkRemote) ? warn(found, remedy) : fail(found, remedy)
    },
  },
  {
    id: 'spark-folder',
    title: 'Spark folder',
    async run({ sparkFolder, settings }) {
      if (isRemote(settings.sparkRemote)) return skip('not needed with SPARK_REMOTE')
      const rights = (await refused(() => checkSparkFolder(sparkFolder))) ?? (await writes(sparkFolder))
      if (rights.status !== 'ok') return rights
      const installed = (await readJars(join(sparkFolder, sparkVersion, 'jars'))) !== null
      const free = await freeBytes(sparkFolder)
      if (installed || free > sparkBytes) return ok(`${rights.found}, ${bytes(free)} free`)
      return fail(`${bytes(free)} free, about ${bytes(sparkBytes)} are needed for Spark`, 'make room on that disk')
    },
  },
  {
    id: 'data-folder',
    title: 'Results folder',
    run: ({ dataFolder }) => writes(dataFolder),
  },
  {
    id: 'disk',
    title: 'Results disk',
    run: async ({ dataFolder }) => room(await freeBytes(dataFolder), dataFolder),
  },
  {
    id: 'temporary-folder',
    title: 'Temporary folder',
    async run() {
      const folder = tmpdir()
      return (await refused(() => checkTemporaryFolder(folder))) ?? room(await freeBytes(folder), folder)
    },
  },
  {
    id: 'memory',
    title: 'Memory',
    async run() {
      // In a container the limit counts, not the machine; without one Node reports 0 or a number beyond all memory.
      const limit = process.constrainedMemory()
      const total = limit > 0 && limit < totalmem() ? limit : totalmem()
      const free = Math.min(total, process.availableMemory?.() ?? freemem())
      const found = `${bytes(free)} free of ${bytes(total)}`
      const remedy = 'close other programs, or let Spark run elsewhere (SPARK_REMOTE)'
      if (total < scarceMemory) return fail(`${found}; Spark beside Node needs ${bytes(scarceMemory)}`, remedy)
      return free < scarceMemory ? warn(`${found}: little for Spark beside Node`, remedy) : ok(found)
    },
  },
  {
    id: 'cpus',
    title: 'Processors',
    async run() {
      const cpus = availableParallelism()
      if (cpus >= 2) return ok(String(cpus))
      return warn('1: Node and Spark take turns', 'give the machine or the container two')
    },
  },
  {
    id: 'clock',
    title: 'Clock',
    async run({ now, root, database }) {
      const time = now()
      const remedy =
        'set the clock of this machine (timedatectl set-ntp true); certificates and the terms of caches need it'
      // Nothing that we are made of can be younger than now; a day of zone trouble on unpacking is forgiven.
      const made = (await stat(join(root, 'package.json'))).mtime
      if (time.getTime() < made.getTime() - 86_400_000) {
        return fail(`${time.toISOString()}, but files of this project are from ${made.toISOString()}`, remedy)
      }
      const health = await database().catch(() => null)
      const last = health?.lastRunFinishedAt ?? null
      if (last !== null && Date.parse(last) > time.getTime() + 300_000) {
        return fail(`${time.toISOString()}, but the last run ended ${last}`, remedy)
      }
      const ahead = health?.clockAheadMs ?? 0
      if (Math.abs(ahead) > 60_000) {
        return warn(`the database’s clock is ${Math.round(ahead / 1000)} s ahead of ours`, remedy)
      }
      return ok(time.toISOString())
    },
  },
  {
    id: 'time-zones',
    title: 'Time zones',
    async run({ settings }) {
      // A Node that was built without its data knows UTC only, and would read every local time wrongly.
      const summer = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Amsterdam', hour: 'numeric', hourCycle: 'h23' })
      if (summer.format(new Date('2014-07-01T12:00:00Z')) !== '14') {
        return fail(
          'this Node has no data of time zones',
          'start commands by npm run, which takes the Node of the project',
        )
      }
      return ok(`times without a zone count as ${settings.timezone}`)
    },
  },
  {
    id: 'sample',
    title: 'Sample data',
    async run({ root }) {
      const path = join(root, 'sample', 'plays.csv')
      const size = await stat(path).then(
        (found) => found.size,
        () => 0,
      )
      return size > 0 ? ok(`${path}, ${bytes(size)}`) : warn(`${path} is missing`, 'restore it: git checkout -- sample')
    },
  },
]

export function isRemote(sparkRemote: string | undefined): boolean {
  return sparkRemote?.startsWith('sc://') === true
}

function room(free: number, folder: string): Finding {
  const found = `${bytes(free)} free in ${folder}`
  if (free < noRoomBytes) return fail(found, 'make room there before a run')
  return free < scarceBytes ? warn(found, 'a million plays take about 700 MB; make room') : ok(found)
}

/** Writes a file there, or where the folder is not there yet into the nearest above it, and takes it away again. */
async function writes(folder: string): Promise<Finding> {
  const there = existing(folder)
  const remedy = `give this user the right to write into ${there}`
  try {
    await access(there, constants.W_OK)
    const probe = await mkdtemp(join(there, '.doctor-'))
    try {
      await mkdir(join(probe, 'folder'))
      await writeFile(join(probe, 'file'), 'written by npm run doctor')
    } finally {
      await rm(probe, { recursive: true, force: true })
    }
    return ok(there === resolve(folder) ? `${folder} can be written` : `${folder} can be made`)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    return fail(`cannot write into ${there} (${code})`, code === 'ENOSPC' ? 'make room on that disk' : remedy)
  }
}

/** The finding of a check that throws; undefined where all is well. */
async function refused(check: () => void | Promise<void>): Promise<Finding | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return fail(`${error.message}: ${error.place}`, error.remedy ?? 'correct it')
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(existing(folder))
  return bavail * bsize
}

function existing(folder: string): string {
  let path = resolve(folder)
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  return path
}
