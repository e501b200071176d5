import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type FetchOptions, fetchFile } from '../../lib/download/index.ts'
import { AppError } from '../../lib/errors.ts'
import { silent } from '../../lib/log.ts'
import { scratch } from '../support/input-files.ts'
import { runJob } from '../support/run-job.ts'

const folder = scratch()
const file = randomBytes(300_000)
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

interface Asked {
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** A server on loopback that answers each request in turn as told; the last answer stays. */
class Stub {
  readonly asked: Asked[] = []
  readonly #server: Server
  constructor(...answers: ((response: ServerResponse, asked: Asked) => void)[]) {
    this.#server = createServer((request, response) => {
      const asked = { url: request.url ?? '', headers: request.headers }
      this.asked.push(asked)
      answers[Math.min(this.asked.length, answers.length) - 1]!(response, asked)
    })
    open.push(this)
  }
  async url(path = '/plays.csv'): Promise<string> {
    if (!this.#server.listening) {
      await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    }
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }
  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

const open: Stub[] = []
afterEach(() => {
  for (const stub of open.splice(0)) stub.close()
})

const head = { 'content-type': 'text/plain', etag: '"one"' }

/** The whole file, or the range that was asked for, as GitHub's servers give it; `data` may have changed meanwhile. */
const serve =
  (data: Uint8Array = file, headers: Record<string, string> = head) =>
  (response: ServerResponse, { headers: { range, 'if-range': ifRange } }: Asked) => {
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    if (start > 0 && ifRange === headers.etag) {
      const last = data.length - 1
      response.writeHead(206, {
        ...headers,
        'content-length': data.length - start,
        'content-range': `bytes ${start}-${last}/${data.length}`,
      })
      return response.end(data.subarray(start))
    }
    response.writeHead(200, { ...headers, 'content-length': data.length })
    response.end(data)
  }

/** Promises the file from `start` and hangs up after some bytes of it. */
const cut =
  (after: number, headers: Record<string, string> = head) =>
  (response: ServerResponse, { headers: { range } }: Asked) => {
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    response.writeHead(start > 0 ? 206 : 200, {
      ...headers,
      'content-length': file.length - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
    })
    // Ended, not reset: a reset takes with it what a busy reader has not read yet.
    response.write(file.subarray(start, start + after), () => response.socket?.end())
  }

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(code, headers)
    response.end('no')
  }

let places = 0
function place(): string {
  places += 1
  return join(folder, `f${places}`, 'plays.csv')
}

const get = (url: string, target: string, more: Partial<FetchOptions> = {}) =>
  fetchFile({ url, target, backoffMs: 1, log: silent, ...more })

const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw error ?? new Error('it did not fail')
  return error
}

const filesAt = (target: string) => readdirSync(join(target, '..')).sort()

describe('a fetch', () => {
  test('brings the file whole and remembers its checksum as sha256sum writes it', async () => {
    const target = place()
    const seen: [number, number | null][] = []
    const stub = new Stub(serve())
    const result = await get(await stub.url(), target, { onProgress: (done, total) => seen.push([done, total]) })
    expect(result).toEqual({
      path: target,
      bytes: file.length,
      sha256: sha256(file),
      outcome: 'fetched',
      checksum: 'remembered',
      resumedBytes: 0,
    })
    expect(readFileSync(target).equals(file)).toBe(true)
    expect(filesAt(target)).toEqual(['plays.csv', 'plays.csv.sha256'])
    expect(readFileSync(`${target}.sha256`, 'utf8')).toBe(`${sha256(file)}  plays.csv\n`)
    expect(seen[0]).toEqual([0, file.length])
    expect(seen.at(-1)).toEqual([file.length, file.length])
    expect(stub.asked[0]!.headers['accept-encoding']).toBe('identity')
  })

  test('the second time asks nobody', async () => {
    const target = place()
    const stub = new Stub(serve())
    await get(await stub.url(), target)
    expect(await get(await stub.url(), target)).toMatchObject({ outcome: 'present', checksum: 'verified' })
    expect(stub.asked).toHaveLength(1)
  })

  test('goes on where it was cut, as often as it takes', async () => {
    const target = place()
    // Eight cuts are more than the tries allowed without progress.
    const stub = new Stub(...Array.from({ length: 8 }, () => cut(30_000)), serve())
    const result = await get(await stub.url(), target, { tries: 3 })
    expect(result).toMatchObject({ sha256: sha256(file), resumedBytes: expect.any(Number) })
    const starts = stub.asked.map(({ headers }) => Number(headers.range?.slice('bytes='.length, -1) ?? 0))
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(result.resumedBytes).toBe(starts.at(-1))
    expect(starts.at(-1)).toBeGreaterThan(200_000)
    expect(stub.asked.slice(1).every(({ headers }) => headers['if-range'] === '"one"')).toBe(true)
  })

  test('goes on in the next run, and keeps no secret of the address until then', async () => {
    const target = place()
    const stub = new Stub(cut(100_000), status(503), serve())
    const url = (await stub.url('/plays.csv?key=s3cret')).replace('//', '//me:pa55word@')
    const error = await failure(get(url, target, { tries: 1 }))
    expect(error.remedy).toMatch(/; \d+ bytes are kept and the next run resumes from there$/)
    expect(filesAt(target)).toEqual(['plays.csv.part', 'plays.csv.part.json'])
    expect(readFileSync(`${target}.part.json`, 'utf8')).not.toMatch(/pa55word|s3cret/)
    await failure(get(url, target, { tries: 1 }))
    expect(await get(url, target)).toMatchObject({ sha256: sha256(file), outcome: 'fetched' })
    expect(stub.asked[2]!.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test.each<[string, Record<string, string>]>([
    ['a file that changed meanwhile', { ...head, etag: '"two"' }],
    ['a server without ranges', { 'content-type': 'text/plain' }],
    ['a weak ETag', { ...head, etag: 'W/"one"' }],
  ])('%s starts from its beginning', async (_name, headers) => {
    const target = place()
    const changed = randomBytes(200_000)
    const stub = new Stub(cut(100_000, headers.etag === '"two"' ? head : headers), serve(changed, headers))
    expect(await get(await stub.url(), target)).toMatchObject({ sha256: sha256(changed), resumedBytes: 0 })
  })

  test('a part that is longer than the file has become is thrown away', async () => {
    const target = place()
    const stub = new Stub(cut(100_000), status(416), serve())
    expect(await get(await stub.url(), target)).toMatchObject({ sha256: sha256(file) })
    expect(stub.asked[2]!.headers.range).toBeUndefined()
  })

  test('tries again while a server is busy, and waits as it says', async () => {
    const stub = new Stub(status(503), status(429, { 'retry-after': '0' }), status(500), serve())
    await get(await stub.url(), place())
    expect(stub.asked).toHaveLength(4)
  })

  test.each([
    '0',
    '-1',
    '-0.5',
    'NaN',
    '[1]',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Fri, 32 Foo 2026',
    '1e400',
  ])('Retry-After: %s is no leave to ask again at once', async (retryAfter) => {
    const stub = new Stub(status(503, { 'retry-after': retryAfter }), serve())
    const target = place()
    const started = performance.now()
    await get(await stub.url(), target, { backoffMs: 300 })
    expect(performance.now() - started).toBeGreaterThanOrEqual(290)
  })

  test('follows where it is sent', async () => {
    const there = new Stub(serve())
    const here = new Stub(
      (response) => status(302, { location: '/next' })(response),
      status(301, { location: await there.url() }),
    )
    expect(await get(await here.url(), place())).toMatchObject({ sha256: sha256(file) })
    expect(here.asked.map(({ url }) => url)).toEqual(['/plays.csv', '/next'])
  })
})

describe('refused, with nothing under the final name', () => {
  test.each<[string, Stub | string, Partial<FetchOptions>, RegExp, number]>([
    ['nothing there', new Stub(status(404)), {}, /^the server answers 404/, 1],
    ['not ours to read', new Stub(status(403)), {}, /^the server answers 403/, 1],
    ['a server that is down', new Stub(status(502)), { tries: 3 }, /^fetching failed: the server answers 502/, 3],
    [
      'a login page',
      new Stub(serve(file, { 'content-type': 'text/html; charset=utf-8' })),
      {},
      /^the server sent a web page/,
      1,
    ],
    ['packed', new Stub(serve(file, { ...head, 'content-encoding': 'gzip' })), {}, /compressed the file \(gzip\)/, 1],
    ['too large by its own word', new Stub(serve()), { maxBytes: 299_999 }, /larger than 299999 bytes/, 1],
    [
      'too large in fact',
      new Stub((response) => {
        response.writeHead(200, { 'content-type': 'text/plain' })
        response.end(file)
      }),
      { maxBytes: 100_000 },
      /larger than 100000 bytes/,
      1,
    ],
    ['a circle of redirects', new Stub(status(302, { location: '/plays.csv' })), {}, /redirects more than 5 times/, 6],
    ['sent to a file', new Stub(status(302, { location: 'file:///etc/passwd' })), {}, /a non-HTTP address/, 1],
    ['silent', new Stub(() => {}), { idleMs: 50, tries: 2 }, /^fetching failed: the server stopped responding/, 2],
    ['no address', 'ftp://example.org/x', {}, /is not an http or https address$/, 0],
    [
      'no such host',
      'http://no-such-host.invalid/x',
      { tries: 1 },
      /^no network, or no such host: no-such-host\.invalid$/,
      0,
    ],
  ])('%s', async (_name, from, more, message, requests) => {
    const target = place()
    const url = typeof from === 'string' ? from : await from.url()
    const error = await failure(get(url, target, more))
    expect(error.message).toMatch(message)
    expect(error.remedy).toBeTruthy()
    expect(typeof from === 'string' ? 0 : from.asked.length).toBe(requests)
    if (typeof from !== 'string') from.close()
    expect(existsSync(target)).toBe(false)
    expect(existsSync(`${target}.sha256`)).toBe(false)
    expect(existsSync(`${target}.part`)).toBe(false)
  })

  test('another file than the first time', async () => {
    const target = place()
    const stub = new Stub(serve(), serve(randomBytes(1000)))
    const url = await stub.url()
    await get(url, target)
    const other = join(target, '..', 'gone')
    mkdirSync(other)
    // The file was deleted, its checksum was not.
    writeFileSync(join(other, 'plays.csv.sha256'), readFileSync(`${target}.sha256`))
    const error = await failure(get(url, join(other, 'plays.csv')))
    expect(error).toMatchObject({ kind: 'input', message: 'the publisher’s file differs from the one fetched first' })
    expect(readdirSync(other)).toEqual(['plays.csv.sha256'])
    expect(await get(url, join(other, 'plays.csv'), { renew: true })).toMatchObject({
      bytes: 1000,
      checksum: 'remembered',
    })
  })

  test('a file that was changed here', async () => {
    const target = place()
    const stub = new Stub(serve())
    await get(await stub.url(), target)
    writeFileSync(target, 'edited')
    const error = await failure(get(await stub.url(), target))
    expect(error).toMatchObject({
      kind: 'input',
      message: 'the file was changed after it was fetched: its checksum differs',
    })
    expect(readFileSync(target, 'utf8')).toBe('edited')
  })

  test('a file of somebody else in the place', async () => {
    const target = place()
    mkdirSync(join(target, '..'), { recursive: true })
    writeFileSync(target, 'mine')
    expect(await failure(get('http://127.0.0.1:1/', target))).toMatchObject({ kind: 'usage' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const stub = new Stub(serve())
    expect(await failure(get(await stub.url(), target, { renew: true }))).toMatchObject({ kind: 'usage' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(await get(await stub.url(), target, { force: true })).toMatchObject({ outcome: 'fetched' })
  })

  test('without a network no folder is made', async () => {
    const target = place()
    await failure(get('http://127.0.0.1:1/', target, { tries: 1 }))
    expect(existsSync(join(target, '..'))).toBe(false)
  })

  test('stopped: the part is kept', async () => {
    const target = place()
    const stop = new AbortController()
    const stub = new Stub((response) => {
      response.writeHead(200, { ...head, 'content-length': file.length })
      response.write(file.subarray(0, 50_000), () =>
        setTimeout(() => stop.abort(new AppError('interrupted', 'stop')), 50),
      )
    })
    expect(await failure(get(await stub.url(), target, { signal: stop.signal }))).toMatchObject({ kind: 'interrupted' })
    expect(filesAt(target)).toEqual(['plays.csv.part', 'plays.csv.part.json'])
  })
})

describe('npm run data:fetch', () => {
  test('prints what it brought', async () => {
    const target = place()
    const url = await new Stub(serve()).url()
    const { code, stdout } = await runJob('fetch', ['--url', url, '--out', target, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, path: target, sha256: sha256(file), outcome: 'fetched' })
    const again = await runJob('fetch', ['--url', url, '--out', target])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was there already, checksum verified') })
  })

  test.each<[string, string[], number]>([
    ['offline', ['--url', 'http://127.0.0.1:9/x?key=canary', '--tries', '1'], 3],
    ['no address', ['--url', 'plays.csv'], 2],
  ])('%s', async (_name, args, code) => {
    const ended = await runJob('fetch', [...args, '--out', place()], { env: { LOG_LEVEL: 'error' } })
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toMatch(/^error: .*\n(?: {2}at: .*\n)? {2}do: .*\n$/)
    expect(ended.stderr).not.toContain('canary')
  })
})
