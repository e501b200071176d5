import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { socketName } from '../../src/local/kept/words.ts'

test('a process that has nothing else to do hears that the kept server did not fail', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lease-'))
  const [record, socket] = [join(folder, 'kept-server.json'), join(folder, socketName)]
  const server = {
    port: 1,
    token: 't',
    pid: process.pid,
    scratch: folder,
    logFile: join(folder, 'log'),
    usedArchive: false,
  }
  const keeper = createServer((connection) => {
    connection.on('error', () => {})
    connection.once('data', () => connection.write(`${JSON.stringify({ is: 'yours', server })}\n`))
  })
  try {
    await new Promise<void>((resolve) => keeper.listen(socket, resolve))
    await chmod(folder, 0o700)
    await writeFile(record, JSON.stringify({ key: 'k', socket, keeper: process.pid, startedAt: '' }), { mode: 0o600 })
    const code = `
      const { leaseKept } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/local/kept/lease.ts'))})
      const server = await leaseKept(process.argv[1], 'k', { debug() {} })
      console.log(await server.failure(0), await server.failure(20), await server.stop())`
    const run = promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', code, record])
    expect((await run).stdout).toBe('null null kept\n')
  } finally {
    keeper.close()
    await rm(folder, { recursive: true, force: true })
  }
})
