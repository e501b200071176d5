import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { findComposeServer } from '../../lib/spark/compose-server.ts'
import { openSpark } from '../../lib/spark/index.ts'
import { scratch } from '../support/input-files.ts'
import { testSparkAddress } from '../support/spark.ts'

const folder = scratch()
const secret = 'a-token-of-the-tests'

interface KeyPair {
  readonly key: string
  readonly cert: string
}

/** As docker/spark/start.sh makes it; null where there is no openssl. */
function keyPair(): KeyPair | null {
  const cwd = mkdtempSync(join(folder, 'tls-'))
  const subject = ['-subj', '/CN=radio-plays', '-addext', 'subjectAltName=DNS:localhost']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', [...kind, ...subject, '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd, stdio: 'ignore' })
  } catch {
    return null
  }
  return { key: readFileSync(join(cwd, 'key.pem'), 'utf8'), cert: readFileSync(join(cwd, 'cert.pem'), 'utf8') }
}
const own = keyPair()
const other = keyPair()
const withOpenssl = own === null ? test.skip : test
if (own === null) process.stderr.write('tests of certificates are skipped: openssl is not installed\n')

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** The port that it listens on. */
async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}

/** TLS before a server, as haproxy does it in the container. */
async function before(port: number, pair: KeyPair, seen: (bytes: Buffer) => void = () => {}): Promise<number> {
  const server = createTlsServer({ ...pair, ALPNProtocols: ['h2'] }, (socket) => {
    const inner = connect(port, '127.0.0.1')
    sockets.add(inner)
    socket.on('data', seen).on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
    socket.pipe(inner).pipe(socket)
  })
  server.on('tlsClientError', () => {})
  return await listen(server)
}

/** A Docker with one running container, whose certificate is this. */
const dockerWith = (certificate: string | null) => async (args: readonly string[]) =>
  args[0] === 'ps' ? (certificate === null ? '' : 'abc123\n') : args[0] === 'exec' ? certificate : null

const warnings: string[] = []
const log = {
  ...silent,
  warn: (message: string, fields?: object) => void warnings.push(message + JSON.stringify(fields)),
}
const find = (port: number, certificate: string | null, token = secret) =>
  findComposeServer({ log, token, port, docker: dockerWith(certificate) })
afterEach(() => void warnings.splice(0))

describe('the server of docker compose up', () => {
  withOpenssl('is taken when it shows the certificate that Docker has of it', async () => {
    const [address = '', token = ''] = (await testSparkAddress()).split('/;token=')
    const port = await before(Number(address.split(':').at(-1)), own!)
    const found = await find(port, own!.cert, decodeURIComponent(token))
    expect(warnings).toEqual([])
    expect(found).toEqual({ url: `sc://localhost:${port}`, certificate: own!.cert })
  })

  test('is not looked for where nobody listens', async () => {
    const port = await listen(createServer())
    for (const server of servers.splice(0)) server.close()
    const docker = async () => {
      throw new Error('asked Docker')
    }
    expect(await findComposeServer({ log, port, docker })).toBeNull()
  })
})

describe('a stranger in its place gets nothing', () => {
  /** Speaks HTTP/2 in plain text and keeps what it is told; the headers of a call, its token included, would be there. */
  async function plainStranger() {
    const heard: string[] = []
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => {
      heard.push(JSON.stringify(headers))
      stream.on('data', (bytes: Buffer) => heard.push(String(bytes)))
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { endStream: true })
    })
    server.on('sessionError', () => {})
    return { heard, port: await listen(server) }
  }

  withOpenssl.each([
    ['and no container runs', () => null],
    ['although a container runs', () => own!.cert],
  ])('who speaks plain text, %s', async (_what, certificate) => {
    const { heard, port } = await plainStranger()
    expect(await find(port, certificate())).toBeNull()
    expect(heard).toEqual([])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain(secret)
    // The same stranger hears it all where he is named: the test can fail.
    await openSpark({ log: silent, token: secret, remote: `sc://localhost:${port}`, connectTimeoutMs: 500 }).catch(
      () => {},
    )
    expect(heard.join()).toContain(secret)
  })

  withOpenssl('who shows a certificate of his own', async () => {
    const { heard, port } = await plainStranger()
    const bytes: Buffer[] = []
    expect(await find(await before(port, other!, (chunk) => bytes.push(chunk)), own!.cert)).toBeNull()
    expect(heard).toEqual([])
    expect(bytes).toEqual([])
    expect(warnings).toHaveLength(1)
  })
})

withOpenssl('a stranger who takes the port in the middle of a job gets nothing either', async () => {
  const [address = '', token = ''] = (await testSparkAddress()).split('/;token=')
  const port = await before(Number(address.split(':').at(-1)), own!)
  const found = await find(port, own!.cert, decodeURIComponent(token))
  const { SparkSession } = await import('spark-connect-js')
  const session = await SparkSession.connect(`${found!.url}/;token=${token}`, {
    tls: { ca: found!.certificate },
    retry: { maxTotalWaitMs: 500 },
  })
  await new Promise<void>((resolve) => {
    servers.pop()!.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
  const bytes: Buffer[] = []
  const stranger = createTlsServer(
    { ...other!, ALPNProtocols: ['h2'] },
    (socket) => void socket.on('data', (b) => bytes.push(b)),
  )
  stranger.on('tlsClientError', () => {})
  servers.push(stranger)
  await new Promise<void>((resolve) => stranger.listen(port, 'localhost', resolve))
  await expect(session.range(1).count()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(bytes).toEqual([])
})
