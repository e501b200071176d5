import { execFile, execFileSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { findComposeServer, openSpark, type SparkServer } from '../../lib/spark/index.ts'
import { copyFromContainers, openReadOnly, openStore } from '../../lib/store/index.ts'
import { contentHash } from '../store/support/content.ts'
import { dataset, run as runLoad } from '../store/support/dataset.ts'

// Run by `npm run test:docker`, not with the other tests: building the image takes minutes the first time.

const root = join(import.meta.dirname, '..', '..')
const project = 'radio-plays-test'
const token = 'a-token-of-the-tests'

const run = promisify(execFile)

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Compose as a plug-in of docker, or the older program of its own. */
const composeCommand: readonly string[] | null = succeeds('docker', 'compose', 'version')
  ? ['docker', 'compose']
  : succeeds('docker-compose', 'version')
    ? ['docker-compose']
    : null

const lacking = !succeeds('docker', 'info')
  ? 'no Docker engine answers'
  : composeCommand === null
    ? 'no docker compose'
    : null
if (lacking !== null) process.stderr.write(`container tests are skipped: ${lacking}\n`)
const engine = lacking === null ? describe : describe.skip

/** Where no registry can be reached, the base image is one that was imported under its tag, and has no digest. */
function importedBase(): Record<string, string> {
  const tag = 'debian:bookworm-slim'
  try {
    const digests = execFileSync('docker', ['image', 'inspect', '--format', '{{len .RepoDigests}}', tag], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return digests.trim() === '0' ? { DEBIAN_IMAGE: tag } : {}
  } catch {
    return {}
  }
}

async function compose(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const [command, ...first] = composeCommand!
  const { stdout, stderr } = await run(command!, [...first, '--project-name', project, ...args], {
    cwd: root,
    env: { ...importedBase(), ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout + stderr
}

async function docker(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('docker', args)
  return (stdout + stderr).trim()
}

const containerOf = async (service: string): Promise<string> =>
  await docker(
    ...['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`],
    ...['--filter', `label=com.docker.compose.service=${service}`],
  )

/** Waits for a container's state; `healthy` comes from its own health check. */
async function until(service: string, wanted: RegExp, seconds: number): Promise<string> {
  const id = await containerOf(service)
  const format = '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.State.ExitCode}}'
  let state = ''
  for (const endMs = Date.now() + seconds * 1000; Date.now() < endMs; await sleep(250)) {
    state = await docker('inspect', '--format', format, id)
    if (wanted.test(state)) return id
  }
  throw new Error(
    `${service} is "${state}" after ${seconds} s, not ${wanted}:\n${await docker('logs', '--tail', '20', id)}`,
  )
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const facts = (printed: string): unknown => {
  const { rowsIn, plays, repaired, quarantined, stations, artists, songs } = JSON.parse(printed)
  return { rowsIn, plays, repaired, quarantined, stations, artists, songs }
}

/** What the job makes of the sample, run on this machine; `during` happens once its rows are repaired. */
async function onHost(remote: string, during: () => Promise<unknown> = async () => {}): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-job-'))
  try {
    const args = ['jobs/aggregate.ts', '--json', '--input', 'sample/plays.csv', '--spark-remote', remote]
    const env = { DATABASE_URL: `sqlite:${join(folder, 'plays.db')}`, LOG_FORMAT: 'text', LOG_LEVEL: 'info' }
    const running = run(process.execPath, args, { cwd: root, env: { ...process.env, ...env } })
    let said = ''
    let struck: Promise<unknown> | undefined
    running.child.stderr!.on('data', (text) => {
      said += text
      if (said.includes('repair:')) struck ??= during()
    })
    const { stdout } = await running
    if (struck === undefined) throw new Error(`it never said that rows are repaired:\n${said}`)
    await struck
    return facts(stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

let embedded: Promise<unknown> | undefined
const onEmbedded = (): Promise<unknown> => {
  embedded ??= onHost('local[*]')
  return embedded
}

engine('docker compose', () => {
  beforeAll(async () => {
    if (await isListening(15002)) throw new Error('port 15002 is in use: end the server there before these tests')
    await compose(['build'])
  }, 20 * 60_000)

  afterAll(async () => {
    await compose(['down', '--volumes', '--timeout', '5'])
  }, 60_000)

  describe('up', () => {
    let id = ''
    beforeAll(async () => {
      await compose(['up', '--detach'])
      id = await until('spark', /^running healthy/, 90)
    }, 120_000)

    test('gives a server that jobs find with no setting', async () => {
      await using spark = await openSpark({ log: silent })
      expect(spark.kind).toBe('local')
      expect(spark.address).toBe('sc://localhost:15002')
      expect(await spark.session.version()).toBe('4.2.0')
      const frame = await spark.session.sql(
        "SELECT callsign, count(*) AS plays FROM VALUES ('KZPS'), ('KGLK'), ('KZPS') AS t(callsign) GROUP BY 1 ORDER BY 1",
      )
      const rows = await frame.collect()
      expect(rows).toEqual([
        { callsign: 'KGLK', plays: 1n },
        { callsign: 'KZPS', plays: 2n },
      ])
    })

    test('is published on loopback only', async () => {
      expect(await docker('port', id, '15002/tcp')).toBe('127.0.0.1:15002')
    })

    test('is asked by TLS, and in plain text where it is named', async () => {
      expect(await findComposeServer({ log: silent })).toMatchObject({ url: 'sc://localhost:15002' })
      await using named = await openSpark({ log: silent, remote: 'sc://localhost:15002' })
      expect(await named.session.range(3).count()).toBe(3n)
    })

    test('is not asked when it shows another certificate than Docker has of it', async () => {
      const certificate = '/var/spark/tls/cert.pem'
      await docker('exec', id, 'cp', certificate, '/tmp/cert.pem')
      await docker(
        'exec',
        id,
        'sh',
        '-c',
        `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout /tmp/k -out ${certificate}`,
      )
      expect(await findComposeServer({ log: silent })).toBeNull()
      await docker('exec', id, 'cp', '/tmp/cert.pem', certificate)
      expect(await findComposeServer({ log: silent })).not.toBeNull()
    })

    test('does not run as root, cannot change its image and has no capabilities', async () => {
      expect(await docker('exec', id, 'id', '-u')).toBe('185')
      await expect(docker('exec', id, 'sh', '-c', 'echo x > /opt/spark/jars/x')).rejects.toThrow(/Read-only|read-only/)
      expect(await docker('exec', id, 'sh', '-c', 'grep CapEff /proc/1/status')).toMatch(/0000000000000000$/)
    })

    test('has limits of memory and of processes', async () => {
      const limits = await docker('inspect', '--format', '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}', id)
      expect(limits).toBe(`${5 * 1024 ** 3} 2048`)
    })

    test('ends within its grace period when it is told to', async () => {
      const startedMs = Date.now()
      await compose(['stop'])
      expect(Date.now() - startedMs).toBeLessThan(10_000)
      expect(await docker('inspect', '--format', '{{.State.ExitCode}}', id)).toBe('143')
    }, 30_000)
  })

  test('the health check fails where only the port is open', async () => {
    // A listener that accepts and says nothing, in the place of the server.
    const listen = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => 15002) or die; push @c, $s->accept while 1'`
    const script = `${listen} & sleep 1; sh /opt/radio-plays/health.sh; echo "exit $?"`
    const said = await docker(
      ...['run', '--rm', '--tmpfs', '/tmp', '--entrypoint', 'sh', 'radio-plays-spark:4.2.0', '-c', script],
    )
    expect(said).toMatch(/exit [1-9]/)
    expect(said).toMatch(/timed out/i)
  }, 60_000)

  test('a server that others can reach does not start without a token', async () => {
    await compose(['up', '--detach'], { SPARK_PUBLISHED_ADDRESS: '0.0.0.0' })
    const id = await until('spark', /^exited .*2$/, 30)
    expect(await docker('logs', id)).toContain('needs a token: set SPARK_CONNECT_AUTHENTICATE_TOKEN')
  }, 60_000)

  test('with a token it is healthy, answers who has it and refuses who does not', async () => {
    await compose(['up', '--detach'], { SPARK_CONNECT_AUTHENTICATE_TOKEN: token })
    await until('spark', /^running healthy/, 90)
    await using spark = await openSpark({ log: silent, token })
    expect(spark.kind).toBe('local')
    expect(await spark.session.range(5).count()).toBe(5n)
    await expect(openSpark({ log: silent, remote: 'sc://localhost:15002' })).rejects.toMatchObject({
      kind: 'spark',
      message: 'the Spark server refused access',
    })
  }, 120_000)

  describe('profile cluster', () => {
    const remote = 'sc://localhost:15003'
    const collect = async (server: SparkServer, query: string): Promise<unknown[]> =>
      await (await server.session.sql(query)).collect()
    const workers = async (): Promise<string[]> => (await containerOf('worker')).split('\n')

    beforeAll(async () => {
      await compose(['--profile', 'cluster', 'up', '--detach', 'connect'])
      await until('connect', /^running healthy/, 120)
      expect(await workers()).toHaveLength(2)
    }, 180_000)

    test('gives a worker the processor of its one core and no more', async () => {
      expect(await docker('inspect', '--format', '{{.HostConfig.NanoCpus}}', (await workers())[0]!)).toBe('1000000000')
    })

    test('spreads a query over both workers', async () => {
      await using spark = await openSpark({ remote, log: silent })
      // Executors register one after the other: asked until both are there.
      const query = "SELECT DISTINCT reflect('java.lang.System', 'getenv', 'HOSTNAME') AS host FROM range(0, 64, 1, 16)"
      let hosts: unknown[] = []
      for (let tries = 0; hosts.length < 2 && tries < 20; tries++) hosts = await collect(spark, query)
      expect(hosts).toHaveLength(2)
    }, 120_000)

    test('runs the whole job for a machine that shares no file with it, also if a worker dies meanwhile', async () => {
      const [worker] = await workers()
      expect(await onHost(remote, () => docker('kill', worker!))).toEqual(await onEmbedded())
      await docker('start', worker!)
    }, 600_000)

    test('a worker that is killed in the middle of a query changes nothing in its result', async () => {
      await using spark = await openSpark({ remote, log: silent })
      const query = `SELECT count(*) AS n, sum(total) AS total FROM (
        SELECT id % 1000003 AS key, sum(id) AS total FROM range(0, 30000000, 1, 32) GROUP BY 1)`
      const expected = { n: 1000003n, total: (30_000_000n * 29_999_999n) / 2n }
      const running = collect(spark, query)
      await sleep(1500)
      await docker('kill', (await workers())[0]!)
      expect(await running).toEqual([expected])
    }, 180_000)

    test('the death of the Connect server is one error within half a minute', async () => {
      await using spark = await openSpark({ remote, log: silent, connectTimeoutMs: 10_000 })
      const running = collect(spark, 'SELECT count(*) AS n FROM range(1000000000000)').then(
        () => 'no error',
        (error: unknown) => error,
      )
      await sleep(1500)
      const startedMs = Date.now()
      await docker('kill', await containerOf('connect'))
      expect(await spark.explain(await running)).toMatchObject({ kind: 'spark', place: remote })
      expect(Date.now() - startedMs).toBeLessThan(30_000)
    }, 90_000)
  })

  describe('profile jobs', () => {
    test('the job image and a job of this machine make the same tables on the container as on the embedded server', async () => {
      await compose(['--profile', 'jobs', 'build', 'job'])
      // Made anew: the test before may have left one that asks for a token.
      await compose(['up', '--detach', '--force-recreate', 'spark'])
      await until('spark', /^running healthy/, 90)
      const { stdout: inContainer } = await run(
        composeCommand![0]!,
        [
          ...[...composeCommand!.slice(1), '--project-name', project, '--profile', 'jobs', 'run', '--rm', '-T', 'job'],
          ...['jobs/aggregate.ts', '--json', '--input', '/input/plays.csv'],
        ],
        { cwd: root },
      )
      const embedded = await onEmbedded()
      expect(facts(inContainer)).toEqual(embedded)
      expect(await onHost('sc://localhost:15002')).toEqual(embedded)
    }, 600_000)
  })

  test(
    'the job image runs on a mounted folder outside compose, as docs/operate.md says',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'docker-run-'))
      try {
        if (!succeeds('docker', 'image', 'inspect', 'radio-plays-job:0.1.0')) {
          await compose(['--profile', 'jobs', 'build', 'job'])
        }
        await compose(['up', '--detach', '--force-recreate', 'spark'])
        await until('spark', /^running healthy/, 90)
        await mkdir(join(folder, 'logs'))
        await copyFile(join(root, 'sample/plays.csv'), join(folder, 'logs/plays.csv'))
        const guide = await readFile(join(root, 'docs/operate.md'), 'utf8')
        const lines = guide.replaceAll('\\\n', '').match(/^docker run .*/gm)!
        expect(lines).toHaveLength(2)
        for (const line of lines) {
          const command = line.replace('radio-plays_default', `${project}_default`)
          await run('bash', ['-c', command], { cwd: folder })
        }
        expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
        const store = await openReadOnly(`sqlite:${join(folder, 'plays.db')}`, { log: silent })
        expect((await store.totals()).plays).toBeGreaterThan(4_900)
        await store.close()
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    20 * 60_000,
  )

  describe('the database of the containers', () => {
    const volume = `${project}_data`
    const dbCopy = async (...args: string[]) => {
      const { stdout } = await run(process.execPath, ['--no-warnings', 'scripts/db-copy.ts', ...args], {
        cwd: root,
        env: { ...process.env, COMPOSE_PROJECT_NAME: project, LOG_LEVEL: 'warn' },
      })
      return stdout
    }
    let folder = ''
    const file = (name: string) => `sqlite:${join(folder, name)}`

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'docker-copy-'))
      if (!succeeds('docker', 'image', 'inspect', 'radio-plays-job:0.1.0')) {
        await compose(['--profile', 'jobs', 'build', 'job'])
      }
      // As compose makes it, and empty.
      await run('docker', ['volume', 'rm', '--force', volume])
      await run('docker', ['volume', 'create', '--label', `com.docker.compose.project=${project}`, volume])
      const store = await openStore(file('original.db'), { log: silent })
      await runLoad(store, dataset({ plays: 500, seed: 91 }), 'original')
      await store.close()
    }, 20 * 60_000)
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true })
    })

    test('that is not there is an error which says how to make it', async () => {
      await expect(dbCopy('--from', 'docker', '--to', file('none.db'))).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/the containers have no database yet\n.*\n.*docker compose --profile jobs run/),
      })
    }, 60_000)

    test('goes in and out again, with equal rows and hashes, whether named by compose or by its volume', async () => {
      const into = await dbCopy('--from', file('original.db'), '--to', 'docker')
      expect(into).toMatch(/\nplays +500 /)
      expect(into).toContain('Rows and hashes of both databases are equal.')
      for (const [from, name] of [
        ['docker', 'one.db'],
        [`docker:${volume}`, 'two.db'],
      ] as const) {
        expect(await dbCopy('--from', from, '--to', file(name))).toBe(into)
        expect(await contentHash(file(name))).toBe(await contentHash(file('original.db')))
      }
      await expect(dbCopy('--from', file('original.db'), '--to', 'docker')).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the target is not empty'),
      })
      expect(await dbCopy('--from', file('original.db'), '--to', 'docker', '--replace')).toBe(into)
      const left = await docker(
        'run',
        '--rm',
        '-v',
        `${volume}:/data`,
        '--entrypoint',
        'ls',
        'radio-plays-job:0.1.0',
        '-A',
        '/data',
      )
      expect(left).not.toContain('.copy-')
    }, 180_000)

    test('is one state of it while a job writes there, and not written to then', async () => {
      const before = await contentHash(file('original.db'))
      // Holds the run lock and changes plays again and again, as a job that works there.
      const code = `import { openStore } from '/app/lib/store/index.ts'
        import { silent } from '/app/lib/log.ts'
        import Database from 'better-sqlite3'
        const store = await openStore('sqlite:/data/plays.db', { log: silent })
        await store.lock({ runId: 'busy', job: 'job:aggregate' })
        const db = new Database('/data/plays.db')
        console.log('busy')
        setInterval(() => {
          db.exec("begin; update plays set callsign = callsign || 'x'; update plays set callsign = rtrim(callsign, 'x'); commit")
        }, 5)`
      const name = `${project}-busy`
      await docker(
        ...['run', '--detach', '--rm', '--name', name, '-v', `${volume}:/data`, 'radio-plays-job:0.1.0'],
        ...['--no-warnings', '--input-type=module', '--eval', code],
      )
      try {
        for (let tries = 0; !(await docker('logs', name)).includes('busy'); tries++) {
          if (tries > 100) throw new Error(await docker('logs', name))
          await sleep(100)
        }
        await dbCopy('--from', 'docker', '--to', file('live.db'))
        expect(await contentHash(file('live.db'))).toBe(before)
        await expect(dbCopy('--from', file('original.db'), '--to', 'docker', '--replace')).rejects.toMatchObject({
          code: 75,
          stderr: expect.stringContaining('is working on this database'),
        })
      } finally {
        await docker('kill', name)
      }
    }, 180_000)

    test('of an unknown volume is a usage error', async () => {
      await expect(copyFromContainers('docker:no-such-volume', file('none.db'), { log: silent })).rejects.toMatchObject(
        {
          kind: 'usage',
          message: 'unknown volume no-such-volume',
        },
      )
    })
  })

  describe('profile postgres', () => {
    const env: Record<string, string> = { DB_PASSWORD: 'a-password-of-the-tests', DB_PORT: '25432' }

    beforeAll(async () => {
      // The official image where a registry can be reached; elsewhere Debian's own server with the same settings.
      const image = /postgres:17@sha256:[0-9a-f]+/.exec(await readFile(join(root, 'compose.yaml'), 'utf8'))![0]
      if (!succeeds('docker', 'image', 'inspect', image) && !succeeds('docker', 'pull', '--quiet', image)) {
        env.POSTGRES_IMAGE = 'radio-plays-postgres-stand-in'
        await docker('build', '--quiet', '--tag', env.POSTGRES_IMAGE, join(import.meta.dirname, 'postgres-stand-in'))
      }
      await compose(['--profile', 'postgres', 'up', '--detach', 'postgres'], env)
      await until('postgres', /^running healthy/, 60)
    }, 300_000)

    test('gives a database that the store can use, on loopback only', async () => {
      const id = await containerOf('postgres')
      expect(await docker('port', id, '5432/tcp')).toBe('127.0.0.1:25432')
      const url = `postgres://radio_plays:${env.DB_PASSWORD}@127.0.0.1:${env.DB_PORT}/radio_plays`
      const store = await openStore(url, { log: silent })
      try {
        expect(await store.counts()).toMatchObject({ plays: 0 })
      } finally {
        await store.close()
      }
    })
  })
})
