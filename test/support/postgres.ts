import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** A Postgres server of this test file, made from the machine's own binaries. */
export interface PostgresServer {
  readonly port: number
  readonly version: string
  /** The certificate of its authority, where it was started with TLS. */
  readonly authority: string
  /** Its folder, which it owns. */
  readonly folder: string
  /** Superuser of the cluster, on loopback, with password. */
  url(database?: string): string
  /** A new empty database; returns its address. */
  createDatabase(): Promise<string>
  /** Runs SQL through psql and gives its output, one line a row. */
  sql(text: string, database?: string): string
  /** Does nothing if it runs. */
  start(): Promise<void>
  /** `fast` breaks off what runs, `immediate` is a crash. */
  stop(mode?: 'fast' | 'immediate'): void
  /** kill -9 of the postmaster and all its backends. */
  kill(): Promise<void>
  /** Makes a primary of a standby. */
  promote(): void
  /** Stops the server and removes its files. */
  remove(): void
}

const password = 'canary-db-password'

/** Folder of `postgres` and `initdb`, newest version first; undefined: this machine has none. */
export function postgresBinaries(): string | undefined {
  const candidates = [
    ...globSync('/usr/lib/postgresql/*/bin').sort((a, b) => Number(b.split('/').at(-2)) - Number(a.split('/').at(-2))),
    ...globSync('/usr/pgsql-*/bin').sort().reverse(),
    ...globSync('/opt/homebrew/opt/postgresql@*/bin').sort().reverse(),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return candidates.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
}

/** Why tests on Postgres cannot run here, as a sentence; undefined if they can. */
export function whyNoPostgres(): string | undefined {
  if (postgresBinaries() === undefined) return 'no Postgres binaries (postgres, initdb) on this machine'
  if (userInfo().uid === 0 && unprivilegedUser() === undefined)
    return 'Postgres does not run as root, and no other user is there'
  return undefined
}

interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Postgres refuses to run as root; a system user without rights serves. */
function unprivilegedUser(): User | undefined {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const found = users.find((fields) => fields[0] === name)
    if (found !== undefined) return { name, uid: Number(found[2]), gid: Number(found[3]) }
  }
  return undefined
}

export interface PostgresOptions {
  /** Takes encrypted connections only, under a certificate for the name `localhost` of an authority of its own. */
  readonly tls?: boolean
  /** Follows another server instead of being one by itself, until it is promoted. */
  readonly standbyOf?: PostgresServer
}

/** Makes and starts a cluster in a temporary folder; the caller removes it. Takes about two seconds. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = postgresBinaries()
  if (bin === undefined) throw new Error(whyNoPostgres())
  const user = userInfo().uid === 0 ? unprivilegedUser() : undefined
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid }
  const root = mkdtempSync(join(tmpdir(), 'rp-pg-'))
  if (user !== undefined) chownSync(root, user.uid, user.gid)
  const data = join(root, 'data')
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', PGPASSWORD: password, TZ: 'UTC' }
  const run = (command: string, args: readonly string[], input?: string) =>
    execFileSync(join(bin, command), args, {
      ...as,
      cwd: root,
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })

  const passwordFile = join(root, 'password')
  execFileSync('sh', ['-c', 'umask 077; cat > password'], { ...as, cwd: root, input: password })
  if (options.standbyOf === undefined) {
    run('initdb', [
      ...['-D', data, '-U', 'tester', '--encoding=UTF8', '--locale=C', '--no-sync'],
      ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ])
  } else {
    run('pg_basebackup', ['-D', data, '-d', options.standbyOf.url(), '-R', '-c', 'fast'])
  }
  const authority = join(root, 'ca.pem')
  if (options.tls) {
    execFileSync('sh', ['-ec', makeCertificates], { ...as, cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n')
    writeFileSync(
      join(data, 'postgresql.auto.conf'),
      `ssl = on\nssl_cert_file = '${root}/server.pem'\nssl_key_file = '${root}/server.key'\n`,
    )
    env.PGSSLMODE = 'require'
  }
  const port = await freePort()

  const pid = () => {
    try {
      return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    } catch {
      return undefined
    }
  }
  const isReady = () =>
    spawnSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-d', 'postgres'], { env })
      .status === 0

  const server: PostgresServer = {
    port,
    authority,
    folder: root,
    version: run('postgres', ['--version']).trim(),
    url: (database = 'postgres') => `postgres://tester:${password}@127.0.0.1:${port}/${database}`,

    async createDatabase() {
      const name = `rp_${randomBytes(6).toString('hex')}`
      server.sql(`create database ${name}`)
      return server.url(name)
    },

    sql: (text, database = 'postgres') =>
      run(
        'psql',
        ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', server.url(database), '-f', '-'],
        text,
      ).trimEnd(),

    async start() {
      if (isReady()) return
      // The shell waits for the end of its input, which is the end of this process, however it comes: `kill -9` of a
      // test run leaves neither a server nor its files.
      const child = spawn(
        'sh',
        [
          ...['-c', '"$@" & server=$!; cat; kill -INT $server; wait $server; rm -rf "$PWD"', 'sh'],
          join(bin, 'postgres'),
          ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', root],
          // Tests kill processes, never the machine: what was written survives that without a sync.
          ...[
            '-c',
            'fsync=off',
            '-c',
            'full_page_writes=off',
            '-c',
            'max_connections=50',
            '-c',
            'shared_buffers=128MB',
          ],
        ],
        { ...as, cwd: root, env, stdio: ['pipe', 'ignore', 'ignore'] },
      )
      ;(child.stdin as unknown as { unref(): void }).unref()
      child.unref()
      const deadline = Date.now() + 60_000
      while (!isReady()) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error('Postgres did not start')
        await sleep(50)
      }
    },

    stop(mode = 'fast') {
      if (pid() === undefined) return
      spawnSync(join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', mode, '-w', '-t', '60'], { ...as, cwd: root, env })
    },

    async kill() {
      const postmaster = pid()
      if (postmaster === undefined) return
      process.kill(postmaster, 'SIGKILL')
      // Its children end by themselves when they notice; until then a new postmaster refuses the folder.
      while (globSync(`/proc/[0-9]*/stat`).some((file) => parentOf(file) === postmaster)) await sleep(20)
      await sleep(200)
      rmSync(join(data, 'postmaster.pid'), { force: true })
    },

    promote() {
      run('pg_ctl', ['promote', '-D', data, '-w'])
    },

    remove() {
      server.stop('immediate')
      rmSync(root, { recursive: true, force: true })
    },
  }
  try {
    await server.start()
  } catch (error) {
    server.remove()
    throw error
  }
  // A test run that is broken off leaves no server behind.
  process.once('exit', () => server.remove())
  return server
}

/** An authority, and a certificate of it for `localhost`; good for two days. */
const makeCertificates = `
  umask 077
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
  openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
  echo subjectAltName=DNS:localhost >server.ext
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem
`

/** Why there can be no server with TLS, as a sentence; undefined if there can. */
export function whyNoTls(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0 ? undefined : 'no openssl on this machine'
}

export interface Pooler {
  /** The address of a database by way of the pooler. */
  url(direct: string): string
  stop(): void
}

/** Why tests with a pooler cannot run here, as a sentence; undefined if they can. */
export function whyNoPooler(): string | undefined {
  return spawnSync('sh', ['-c', 'command -v pgbouncer']).status === 0 ? undefined : 'no pgbouncer on this machine'
}

/** PgBouncer before a server, on a free port of loopback. */
export async function startPooler(
  server: PostgresServer,
  mode: 'session' | 'transaction',
  settings = '',
): Promise<Pooler> {
  const user = userInfo().uid === 0 ? unprivilegedUser() : undefined
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid }
  const port = await freePort()
  const folder = mkdtempSync(join(server.folder, 'pooler-'))
  writeFileSync(join(folder, 'users'), `"tester" "${password}"\n`)
  writeFileSync(
    join(folder, 'ini'),
    `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}
auth_type = scram-sha-256\nauth_file = ${folder}/users\npool_mode = ${mode}\nunix_socket_dir =\n${settings}\n`,
  )
  if (user !== undefined) for (const path of ['', 'users', 'ini']) chownSync(join(folder, path), user.uid, user.gid)
  // As above: the end of this process is the end of the pooler.
  const child = spawn('sh', ['-c', '"$@" & pooler=$!; cat; kill -9 $pooler', 'sh', 'pgbouncer', join(folder, 'ini')], {
    ...as,
    cwd: folder,
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  ;(child.stdin as unknown as { unref(): void }).unref()
  child.unref()
  const bin = postgresBinaries()!
  const ready = () => spawnSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0
  for (const deadline = Date.now() + 20_000; !ready(); await sleep(50)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('PgBouncer did not start')
  }
  return {
    url: (direct) => Object.assign(new URL(direct), { port: String(port) }).href,
    stop: () => child.stdin?.end(),
  }
}

function parentOf(statFile: string): number | undefined {
  try {
    return Number(readFileSync(statFile, 'utf8').split(') ').at(-1)!.split(' ')[1])
  } catch {
    return undefined
  }
}
