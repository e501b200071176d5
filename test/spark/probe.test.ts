import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { probeTimeoutMs, speaksConnect } from '../../lib/spark/probe.ts'
import { testSparkAddress } from '../support/spark.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
  server = undefined
})

async function listen(made: Server): Promise<string> {
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return `sc://127.0.0.1:${(made.address() as AddressInfo).port}`
}

function recorder() {
  const warnings: string[] = []
  return { warnings, log: { ...silent, warn: (message: string) => void warnings.push(message) } }
}

describe('speaksConnect', () => {
  test('a Spark Connect server does', async () => {
    const { log, warnings } = recorder()
    expect(await speaksConnect(await testSparkAddress(), { log })).toBe(true)
    expect(warnings).toEqual([])
  })

  test('a server with another token does not, and that is said', async () => {
    const [address] = (await testSparkAddress()).split('/;')
    const { log, warnings } = recorder()
    // A server that was given for development may ask for no token.
    const asks = (await testSparkAddress()).includes('token=')
    expect(await speaksConnect(address!, { log, token: 'wrong' })).toBe(!asks)
    expect(warnings).toHaveLength(asks ? 1 : 0)
  })

  test('a port where nobody listens does not, at once and without a word', async () => {
    const address = await listen(createServer())
    await new Promise((resolve) => server!.close(resolve))
    const { log, warnings } = recorder()
    const startedMs = performance.now()
    expect(await speaksConnect(address, { log })).toBe(false)
    expect(performance.now() - startedMs).toBeLessThan(500)
    expect(warnings).toEqual([])
  })

  test('a port that is open and silent does not, within its deadline', async () => {
    const sockets: { destroy(): void }[] = []
    const address = await listen(createServer((socket) => void sockets.push(socket)))
    const { log, warnings } = recorder()
    const startedMs = performance.now()
    expect(await speaksConnect(address, { log })).toBe(false)
    expect(performance.now() - startedMs).toBeLessThan(probeTimeoutMs + 2000)
    expect(warnings).toHaveLength(1)
    for (const socket of sockets) socket.destroy()
  })

  test('a web server does not', async () => {
    const address = await listen(createHttpServer((_request, response) => void response.end('hello')))
    const { log, warnings } = recorder()
    expect(await speaksConnect(address, { log })).toBe(false)
    expect(warnings).toHaveLength(1)
  })

  test('an abort ends the question', async () => {
    const sockets: { destroy(): void }[] = []
    const address = await listen(createServer((socket) => void sockets.push(socket)))
    const asked = speaksConnect(address, { log: silent, signal: AbortSignal.timeout(200) })
    await expect(asked).rejects.toThrow(/timeout|abort/i)
    for (const socket of sockets) socket.destroy()
  })
})
