import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type LocalServer, startLocalServer } from 'spark-connect-js/local'
import { silent } from '../../lib/log.ts'
import { installSpark, sparkFolder, withSpark } from '../../lib/spark/index.ts'

const token = 'a-token-of-the-tests'
const running: LocalServer[] = []

/** A server that is not the job's own: it can be ended and started again on the same port. */
async function start(port?: number): Promise<LocalServer> {
  const home = sparkFolder
  const server = await startLocalServer({
    ...{ home, master: 'local[1]', memory: '512m', inputBytes: 0, log: silent },
    ...{ token, port },
  })
  running.push(server)
  return server
}

beforeAll(async () => {
  await installSpark({ log: silent })
}, 600_000)

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
})

describe('a server that is not ours', () => {
  test('is restarted in the middle of the work: the work runs once more, views and all', async () => {
    const first = await start()
    const warnings: string[] = []
    const log = { ...silent, warn: (message: string) => void warnings.push(message) }
    const seen: string[] = []
    const result = await withSpark({ remote: `sc://127.0.0.1:${first.port}`, token, log }, async ({ session }) => {
      seen.push(session.sessionId)
      const plays = session.range(5)
      await plays.createTempView('plays')
      if (seen.length === 1) {
        await first.stop()
        await start(first.port)
      }
      return await (await session.sql('SELECT count(*) AS n FROM plays')).collect()
    })
    expect(result).toEqual([{ n: 5n }])
    expect(new Set(seen).size).toBe(2)
    expect(warnings).toEqual(['the Spark server was lost; starting over'])
  }, 180_000)

  test('is lost twice: one error', async () => {
    const first = await start()
    let last = first
    let attempts = 0
    const work = withSpark({ remote: `sc://127.0.0.1:${first.port}`, token, log: silent }, async ({ session }) => {
      attempts++
      await last.stop()
      last = await start(first.port)
      return await session.range(5).count()
    })
    await expect(work).rejects.toMatchObject({
      kind: 'spark',
      message: 'the Spark server lost our session, as it does when it is restarted',
    })
    expect(attempts).toBe(2)
  }, 180_000)

  test('stays away: one error within the patience that was given', async () => {
    const server = await start()
    const startedMs = performance.now()
    const options = { remote: `sc://127.0.0.1:${server.port}`, token, connectTimeoutMs: 2000, log: silent }
    const work = withSpark(options, async ({ session }) => {
      await server.stop()
      return await session.range(5).count()
    })
    await expect(work).rejects.toMatchObject({ kind: 'spark', message: 'the Spark server does not answer' })
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  })

  test('an error of the work itself is not tried again', async () => {
    const server = await start()
    let attempts = 0
    const work = withSpark({ remote: `sc://127.0.0.1:${server.port}`, token, log: silent }, async () => {
      attempts++
      throw new Error('of ours')
    })
    await expect(work).rejects.toThrow('of ours')
    expect(attempts).toBe(1)
  })
})
