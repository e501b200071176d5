import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerCredentials } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { SparkConnectClient } from '../src/client/client.ts'
import type { TlsOptions } from '../src/client/connection.ts'
import { SparkConnectError } from '../src/client/errors.ts'
import { parseRemote } from '../src/client/url.ts'
import { type ScriptedServer, scriptedServer } from './support/scripted-server.ts'

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    console.log('skipped: openssl, which makes the certificates of these tests, is not installed')
    return false
  }
})()

/** An authority with a certificate for a server called `spark.test` and one for a client. */
function makeCertificates(folder: string): {
  ca: Buffer
  serverCert: Buffer
  serverKey: Buffer
  cert: Buffer
  key: Buffer
} {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = (name: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`)
  const read = (name: string) => readFileSync(join(folder, name))
  key('ca')
  openssl('req', '-x509', '-new', '-key', 'ca.key', '-days', '2', '-subj', '/CN=test authority', '-out', 'ca.pem')
  for (const [name, extension] of [
    ['server', 'subjectAltName=DNS:spark.test'],
    ['client', 'extendedKeyUsage=clientAuth'],
  ]) {
    key(name!)
    writeFileSync(join(folder, `${name}.ext`), `${extension}\n`)
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    )
  }
  return {
    ca: read('ca.pem'),
    serverCert: read('server.pem'),
    serverKey: read('server.key'),
    cert: read('client.pem'),
    key: read('client.key'),
  }
}

const withOpenssl = hasOpenssl ? describe : describe.skip
withOpenssl('TLS', () => {
  let folder: string
  let certificates: ReturnType<typeof makeCertificates>
  const open: { close(): Promise<void> }[] = []

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spark-connect-js-tls-'))
    certificates = makeCertificates(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
  })

  const serve = async (asksForCertificate = false): Promise<ScriptedServer> => {
    const { ca, serverCert, serverKey } = certificates
    const pair = { cert_chain: serverCert, private_key: serverKey }
    const server = await scriptedServer({ credentials: ServerCredentials.createSsl(ca, [pair], asksForCertificate) })
    open.push(server)
    return server
  }

  const ask = async (server: ScriptedServer, tls: TlsOptions | undefined, parameters = ''): Promise<string> => {
    const remote = parseRemote(`sc://127.0.0.1:${server.port}/;use_ssl=true;${parameters}`, {})
    const client = new SparkConnectClient(remote, { tls, retry: { maxRetries: 0 } })
    open.push(client)
    try {
      return await client.sparkVersion()
    } catch (error) {
      const { code, message } = SparkConnectError.from(error)
      return `${code} ${message}`
    }
  }

  test('with the authority given and the name that the certificate carries', async () => {
    const server = await serve()
    expect(await ask(server, { ca: certificates.ca, serverName: 'spark.test' }, 'token=sesame')).toBe('4.2.0')
    expect(server.seen[0]!.headers).toMatchObject({ authorization: 'Bearer sesame' })
  })

  test('the certificate as text', async () => {
    expect(await ask(await serve(), { ca: certificates.ca.toString(), serverName: 'spark.test' })).toBe('4.2.0')
  })

  test('an authority that nobody told us of is not trusted', async () => {
    expect(await ask(await serve(), { serverName: 'spark.test' })).toMatch(/^UNAVAILABLE .*certificate/)
    expect(await ask(await serve(), undefined)).toMatch(/^UNAVAILABLE .*certificate/)
  })

  test('a certificate for another name is not accepted', async () => {
    expect(await ask(await serve(), { ca: certificates.ca, serverName: 'other.test' })).toMatch(
      /^UNAVAILABLE .*other\.test/,
    )
  })

  test('a server that asks for the client’s certificate', async () => {
    const server = await serve(true)
    const { ca, cert, key } = certificates
    expect(await ask(server, { ca, cert, key, serverName: 'spark.test' })).toBe('4.2.0')
    expect(await ask(server, { ca, serverName: 'spark.test' })).toMatch(/^UNAVAILABLE/)
  })

  test('a key without its certificate is refused at once', () => {
    const { ca, key } = certificates
    expect(() => new SparkConnectClient(parseRemote('sc://localhost', {}), { tls: { ca, key } })).toThrow(/^TLS: /)
  })
})
