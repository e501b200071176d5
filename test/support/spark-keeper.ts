import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../../lib/log.ts'
import { type EmbeddedServer, startEmbedded } from '../../lib/spark/embedded.ts'
import { sparkFolder } from '../../lib/spark/folder.ts'
import { installSpark } from '../../lib/spark/install.ts'
import { findJava } from '../../lib/spark/java.ts'

/** Keeps one embedded Spark server for a test run: started by the first question, ended with the run. */
export interface Keeper {
  /** A Unix socket in a private folder; whoever connects is told the server's address as JSON. */
  readonly path: string
  close(): Promise<void>
}

const folderPrefix = 'radio-plays-keeper-'

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

/** Listens for workers; costs nothing until one asks. A killed test run leaves no server: see lifeline.sh. */
export async function keepSpark(): Promise<Keeper> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`))
  const path = join(folder, 'socket')
  let server: Promise<EmbeddedServer> | undefined
  const start = async (): Promise<EmbeddedServer> => {
    const say = (text: string): void => void process.stderr.write(`test server: ${text}\n`)
    const [java, jars] = await Promise.all([
      findJava(process.env),
      installSpark({ home: sparkFolder, sparkHome: process.env.SPARK_HOME, log: silent, onProgress: say }),
    ])
    // Tests are many small queries: tuned like a small input.
    return await startEmbedded({ java, jars, home: sparkFolder, inputBytes: 0, archive: 'use', log: silent })
  }
  const listener: Server = createServer((socket) => {
    socket.on('error', () => {})
    server ??= start()
    server.then(
      ({ port, token }) => socket.end(JSON.stringify({ address: `sc://127.0.0.1:${port}/;token=${token}` })),
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
