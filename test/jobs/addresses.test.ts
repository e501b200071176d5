import { existsSync, readdirSync } from 'node:fs'
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
    expect.stringMatching(/^127\.0\.0\.1_\d+\/logs\/may\.csv-[0-9a-f]{8}\.gz$/),
  ])
  expect((await inspect('/logs/may.csv.gz?key=s3cret')).stderr).not.toContain('s3cret')
})

test.each([
  ['/gone.csv', '404'],
  ['/page', 'web page'],
])('%s ends with 3 and says why', async (path, why) => {
  const { code, stderr } = await inspect(path)
  expect([code, stderr]).toEqual([3, expect.stringContaining(why)])
  expect(existsSync(join(folder, 'data/downloads', path))).toBe(false)
})
