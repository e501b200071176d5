import { setTimeout as sleep } from 'node:timers/promises'
import { explainExit } from '../exit.ts'
import type { LocalServer } from '../local-server.ts'
import type { LocalLog } from '../log.ts'
import { isAlive } from '../stale-servers.ts'
import { readRecord } from './record.ts'
import { talk } from './talk.ts'
import { endServer } from './words.ts'

/** How long a server that is told to end may take. */
const endMs = 5_000

/**
 * The server that an earlier run has left, for this run alone: null where there is none, where it was started with another
 * `key`, or where another run has it. One of another key that waits is ended, so that there are not two in memory.
 */
export async function leaseKept(
  recordFile: string,
  key: string,
  log: LocalLog,
): Promise<Omit<LocalServer, 'sessionConfig'> | null> {
  const record = await readRecord(recordFile)
  if (record === null) return null
  try {
    const { answer, connection } = await talk(record.socket, record.key === key ? 'lease' : 'stop')
    if (answer.is !== 'yours') {
      connection.destroy()
      log.debug('the server that is kept is not for this run', { answer: answer.is })
      return null
    }
    return leased(answer.server, connection)
  } catch (error) {
    log.debug('the server that was kept is gone', { error })
    return null
  }
}

type Talk = Awaited<ReturnType<typeof talk>>
type Facts = Extract<Talk['answer'], { is: 'yours' }>['server']

function leased(server: Facts, connection: Talk['connection']): Omit<LocalServer, 'sessionConfig'> {
  let stopping: Promise<'ended' | 'kept'> | undefined
  const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()))
  // The lease lasts as long as this process, but does not keep it alive.
  connection.resume().unref()
  const stop = async (keep: boolean): Promise<'ended' | 'kept'> => {
    connection.ref()
    if (!keep) connection.write(endServer)
    connection.end()
    await ended
    if (keep) return 'kept'
    for (const lateMs = performance.now() + endMs; isAlive(server.pid) && performance.now() < lateMs; ) await sleep(20)
    return 'ended'
  }
  return {
    ...server,
    url: `sc://127.0.0.1:${server.port}/;token=${encodeURIComponent(server.token)}`,
    wasKept: true,
    ended,
    stop: (how = {}) => {
      stopping ??= stop(how.keep !== false)
      return stopping
    },
    async failure(patienceMs = 1000) {
      // It keeps the process alive: nothing else may be left that does, when a query has failed.
      await Promise.race([ended, sleep(patienceMs)])
      return connection.closed && stopping === undefined ? await explainExit(null, server.logFile) : null
    },
  }
}
