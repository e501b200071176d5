import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { globSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silent } from '../../lib/log.ts'
import { findJava, installSpark } from '../../lib/spark/index.ts'
import { freePort } from './free-port.ts'
import { whyNoPostgres } from './postgres.ts'

/** A Spark standalone cluster of processes on this machine: a master, workers, a Connect server. */
export interface SparkCluster {
  /** Connection string of the Connect server, with its token. */
  readonly remote: string
  /** Where the event log and the logs of all processes are. */
  readonly folder: string
  /** Process ids of the executors, by worker. */
  executors(): number[]
  /** kill -9. Executors of a killed worker end by themselves. */
  killExecutor(): Promise<number>
  killWorker(): Promise<void>
  killConnect(): Promise<void>
  startWorker(): Promise<void>
  /** On the same port as before, with the same token. */
  startConnect(): Promise<void>
  close(): Promise<void>
}

export interface ClusterOptions {
  readonly workers: number
  /** Heap of the Connect server and of each executor. */
  readonly memory?: string
  /** Beside those of the cluster, for the Connect server. */
  readonly settings?: Readonly<Record<string, string>>
  /** For a high rate; else for a fast start, as tests want it. */
  readonly largeInput?: boolean
  /** Whether an event log is written. */
  readonly eventLog?: boolean
  /**
   * Whether each worker and its executors are kept on one processor of their own (Linux). Else a worker of one core has its
   * compilers and its garbage collector on the others' cores.
   */
  readonly pinned?: boolean
}

/** Why no executors of a cluster can write to a Postgres here; undefined if they can. */
export async function whyNoExecutorWrites(): Promise<string | undefined> {
  const { paths } = await installSpark({ log: silent })
  return (
    whyNoPostgres() ??
    (process.platform === 'linux' ? undefined : 'processes are found in /proc') ??
    (paths.some((path) => /postgresql-[\d.]+\.jar$/.test(path))
      ? undefined
      : 'the jars of .spark are from before the driver of Postgres was one of them; remove .spark to have them anew')
  )
}

const spark = join(import.meta.dirname, '..', '..', 'lib', 'spark-connect-js', 'server')

/** Starts a cluster of workers with one core each, all on loopback and free ports. Takes about ten seconds. */
export async function startCluster(options: ClusterOptions): Promise<SparkCluster> {
  const [java, jars] = await Promise.all([findJava(process.env), installSpark({ log: silent })])
  const memory = options.memory ?? '1g'
  const jvm = options.largeInput ? ['-XX:+UseParallelGC'] : ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const folder = mkdtempSync(join(tmpdir(), 'rp-cluster-'))
  const token = randomBytes(16).toString('hex')
  const [masterPort, connectPort] = [await freePort(), await freePort()]
  const master = `spark://127.0.0.1:${masterPort}`
  const workers: Process[] = []
  let connectServer: Process | undefined

  const start = (
    name: string,
    args: readonly string[],
    { env = {}, processor }: { readonly env?: Record<string, string>; readonly processor?: number } = {},
  ): Process => {
    const home = join(folder, name)
    mkdirSync(join(home, 'tmp'), { recursive: true })
    const log = openSync(join(home, 'log'), 'a', 0o600)
    // A process group of its own, which the kernel ends with this process: the shell waits for the end of its input.
    const child = spawn(
      'sh',
      [
        ...[
          '-c',
          'exec 3<&0; "$@" </dev/null 3<&- & java=$!; { cat <&3; kill -9 0; } & wait $java; kill -9 0',
          'sh',
          ...(processor === undefined ? [] : ['taskset', '--cpu-list', String(processor)]),
          java.path,
        ],
        ...[`@${join(spark, 'jvm.args')}`, ...jvm, `-Djava.io.tmpdir=${join(home, 'tmp')}`],
        ...[`-Dlog4j2.configurationFile=${join(spark, 'log4j2.properties')}`, '-cp', `${jars.folder}/*`, ...args],
      ],
      {
        cwd: home,
        detached: true,
        stdio: ['pipe', log, log],
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          LC_ALL: 'C.UTF-8',
          // A worker builds the command of an executor from these.
          SPARK_HOME: dirname(jars.folder),
          SPARK_SCALA_VERSION: '2.13',
          JAVA_HOME: dirname(dirname(java.path)),
          SPARK_LOCAL_IP: '127.0.0.1',
          SPARK_LOCAL_DIRS: join(home, 'tmp'),
          ...env,
        },
      },
    )
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    return { child, home, ended }
  }

  const cluster: SparkCluster = {
    remote: `sc://127.0.0.1:${connectPort}/;token=${token}`,
    folder,

    executors: () => executorsBelow(folder),

    async killExecutor() {
      let found = executorsBelow(folder)
      for (let tries = 0; found.length === 0 && tries < 100; tries++) {
        await sleep(50)
        found = executorsBelow(folder)
      }
      const [pid] = found
      if (pid === undefined) throw new Error('there is no executor')
      process.kill(pid, 'SIGKILL')
      return pid
    },

    async killWorker() {
      const worker = workers.shift()
      if (worker === undefined) throw new Error('there is no worker')
      await end(worker)
    },

    async killConnect() {
      if (connectServer !== undefined) await end(connectServer)
      connectServer = undefined
    },

    async startWorker() {
      const name = `worker-${randomBytes(3).toString('hex')}`
      const args = ['--host', '127.0.0.1', '--port', '0', '--webui-port', '0', '--cores', '1', '--memory', memory]
      workers.push(
        start(name, ['org.apache.spark.deploy.worker.Worker', ...args, '--work-dir', join(folder, name), master], {
          ...(options.pinned && { processor: workers.length % availableParallelism() }),
        }),
      )
    },

    async startConnect() {
      const events = join(folder, 'events')
      mkdirSync(events, { recursive: true })
      const settings = {
        'spark.master': master,
        'spark.driver.host': '127.0.0.1',
        'spark.driver.bindAddress': '127.0.0.1',
        'spark.executor.memory': memory,
        'spark.executor.extraJavaOptions': jvm.join(' '),
        'spark.executor.cores': '1',
        'spark.connect.grpc.binding.address': '127.0.0.1',
        'spark.connect.grpc.binding.port': String(connectPort),
        'spark.ui.enabled': 'false',
        'spark.sql.catalogImplementation': 'in-memory',
        'spark.sql.session.timeZone': 'UTC',
        'spark.sql.shuffle.partitions': '8',
        'spark.sql.codegen.cache.maxEntries': '1000',
        'spark.sql.warehouse.dir': join(folder, 'warehouse'),
        ...(options.eventLog
          ? {
              'spark.eventLog.enabled': 'true',
              'spark.eventLog.compress': 'false',
              'spark.eventLog.dir': `file://${events}`,
            }
          : {}),
        ...options.settings,
      }
      connectServer = start(
        'connect',
        [
          `-Xmx${memory}`,
          ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
          'org.apache.spark.sql.connect.service.SparkConnectServer',
        ],
        { env: { SPARK_CONNECT_AUTHENTICATE_TOKEN: token } },
      )
      await listening(connectPort, connectServer)
    },

    async close() {
      await Promise.all([...workers, ...(connectServer ? [connectServer] : []), masterProcess].map(end))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }

  const masterProcess = start('master', [
    ...['-Xmx256m', 'org.apache.spark.deploy.master.Master'],
    ...['--host', '127.0.0.1', '--port', String(masterPort), '--webui-port', '0'],
  ])
  try {
    await listening(masterPort, masterProcess)
    for (let i = 0; i < options.workers; i++) await cluster.startWorker()
    await cluster.startConnect()
  } catch (error) {
    await cluster.close()
    throw error
  }
  return cluster
}

interface Process {
  readonly child: ChildProcess
  readonly home: string
  readonly ended: Promise<void>
}

/** The whole group, executors with it. */
async function end({ child, ended }: Process): Promise<void> {
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It ended before.
  }
  child.stdin?.destroy()
  await ended
}

function executorsBelow(folder: string): number[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      const text = readFileSync(file, 'utf8')
      if (
        !text.includes('CoarseGrainedExecutorBackend') ||
        !readFileSync(join(dirname(file), 'environ'), 'utf8').includes(folder)
      )
        return []
      return [Number(file.split('/')[2])]
    } catch {
      return []
    }
  })
}

async function listening(port: number, { child, home }: Process): Promise<void> {
  for (const endMs = Date.now() + 90_000; Date.now() < endMs && child.exitCode === null; await sleep(100)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
  }
  throw new Error(`nothing listens on ${port}:\n${readFileSync(join(home, 'log'), 'utf8').slice(-2000)}`)
}
