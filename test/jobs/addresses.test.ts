import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { scratch } from '../support/input-files.ts'
import { runJob } from '../support/run-job.ts'

const folder = scratch()
let log = 'artist;title;station;time\nQueen;Tie;KXYZ;2024-05-01 10:00:00\n'
let server: Server
let address = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/logs/may.csv.gz')) return response.end(gzipSync(log))
    if (request.url?.startsWith('/any/')) {
      const title = encodeURIComponent(request.url)
      return response.end(`artist;title;station;time\nQueen;${title};KXYZ;2024-05-01 10:00:00\n`)
    }
    if (request.url === '/page')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')
    return response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const inspect = (path: string) => runJob('aggregate', ['--inspect', `${address}${path}`, '--json'], { cwd: folder })

test('a log at an address is fetched in every run and read like a file; its query is not shown', async () => {
  const rows = async () => JSON.parse((await inspect('/logs/may.csv.gz?key=s3cret')).stdout).files[0].rowsRead
  expect(await rows()).toBe(1)
  log += 'Kinks;Lola;KXYZ;2024-05-01 10:04:00\n'
  expect(await rows()).toBe(2)
  const files = readdirSync(join(folder, 'data/downloads'), { recursive: true }).map(String)
  expect(files.filter((name) => name.endsWith('.gz'))).toEqual([
    expect.stringMatching(/^127\.0\.0\.1\/logs\/may\.csv-[0-9a-f]{8}\.gz$/),
  ])
  expect((await inspect('/logs/may.csv.gz?key=s3cret')).stderr).not.toContain('s3cret')
})

test.each([
  ['/gone.csv', '404'],
  ['/page', 'web page'],
])('%s ends with 3 and says why', async (path, why) => {
  const { code, stderr } = await inspect(path)
  expect([code, stderr]).toEqual([3, expect.stringContaining(why)])
  // A flag that only data:fetch has.
  expect(stderr).not.toContain('--url')
  expect(existsSync(join(folder, 'data/downloads', path))).toBe(false)
})

test('each address has a file of its own, whatever is in its path', async () => {
  const long = 'n'.repeat(300)
  const paths = ['a%20b.csv', 'a_b.csv', 'a.csv?day=1', 'a.csv?day=2', '', 'logs', 'logs/', 'logs/a.csv', '%ff.csv']
  paths.push('%2e%2e%2fa.csv', '..%2f..%2fa.csv', `${long}.csv`, `${long}x.csv`, `${long}/a.csv`, '.a.csv')
  const urls = paths.map((path) => `${address}/any/${path}`)
  const cwd = join(folder, 'any')
  mkdirSync(cwd)
  const { code, stdout } = await runJob('aggregate', ['--inspect', '--json', ...urls], { cwd })
  expect(code).toBe(0)
  const titles = JSON.parse(stdout).files.map(({ rows }: any) => decodeURIComponent(rows[0].title))
  expect(titles).toEqual(paths.map((path) => `/any/${path}`))
  expect(readdirSync(cwd)).toEqual(['data'])
  expect(readdirSync(join(cwd, 'data'))).toEqual(['downloads'])
})

test.each(['http://', 'https://us er:pa55word@host:99999/a.csv?key=s3cret'])('%s is malformed', async (url) => {
  const { code, stdout, stderr } = await runJob('aggregate', ['--inspect', url], { cwd: folder })
  expect([code, stderr]).toEqual([2, expect.stringContaining('malformed')])
  expect(stdout + stderr).not.toMatch(/pa55word|s3cret/)
})
