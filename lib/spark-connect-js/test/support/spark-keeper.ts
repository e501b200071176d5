import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalServer, smallInputBytes, startLocalServer } from '../../src/local/index.ts'
import { defaultHome } from '../../src/local/shared.ts'

/** Keeps one embedded Spark server for a test run: started by the first question, ended with the run. */
export interface Keeper {
  /** A Unix socket in a private folder; whoever connects is told the server's address as JSON. */
  readonly path: string
  close(): Promise<void>
}

const folderPrefix = 'spark-connect-js-keeper-'

/** Removes the folders of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(folderPrefix) && name.slice(folderPrefix.length).split('-')[0])
    if (!(pid > 0)) continue
    try {
      process.kill(pid, 0)
    } catch {
      await rm(join(tmpdir(), name), { recursive: true, force: true })
    }
  }
}

/** Listens for workers; Spark is kept in `home`. Costs nothing until one asks. A killed test run leaves no server: see lifeline.sh. */
export async function keepSpark(home = defaultHome()): Promise<Keeper> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`))
  const path = join(folder, 'socket')
  let server: Promise<LocalServer> | undefined
  const start = async (): Promise<LocalServer> => {
    const say = (text: string): void => void process.stderr.write(`test server: ${text}\n`)
    const version = process.env.SPARK_TEST_VERSION || undefined
    const sparkHome = process.env.SPARK_HOME
    // Tests are many small queries: a JVM as for a small input. But compiled plans, as large inputs have them; those of the
    // jobs' own tests are interpreted.
    const inputBytes = smallInputBytes
    return await startLocalServer({ home, version, sparkHome, inputBytes, onProgress: say })
  }
  const listener: Server = createServer((socket) => {
    socket.on('error', () => {})
    server ??= start()
    server.then(
      ({ url }) => socket.end(JSON.stringify({ address: url })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    )
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(path, resolve)
  })
  listener.unref()
  return {
    path,
    close: async () => {
      listener.close()
      await server?.then(
        (running) => running.stop(),
        () => {},
      )
      await rm(folder, { recursive: true, force: true })
    },
  }
}
