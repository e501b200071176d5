import { SparkConnectError } from 'spark-connect-js'
import { type LocalServer, LocalServerError } from 'spark-connect-js/local'
import { AppError } from '../errors.ts'

/** An error of installing, starting or keeping our own server as one of ours; any other comes back as it is. */
export function explainLocal(error: unknown): unknown {
  if (!(error instanceof LocalServerError)) return error
  return new AppError(error.code === 'INVALID_ARGUMENT' ? 'usage' : 'spark', error.what, {
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    cause: error.cause,
  })
}

/**
 * An error of a session as a user can act on it; one that is not of Spark, and an abort, come back as they are.
 *
 * *Errors:* none; the cause is kept.
 */
export function explainQuery(error: unknown, address: string, memoryRemedy = moreServerMemory): unknown {
  if (!(error instanceof SparkConnectError) || error.code === 'CANCELLED') return error
  const fields = { place: address, cause: error }
  if (isOutOfMemory(error)) {
    return new AppError('spark', 'Spark ran out of memory', { ...fields, remedy: memoryRemedy })
  }
  if (error.isSessionLost) {
    return new AppError('spark', 'the Spark server lost our session, as it does when it is restarted', {
      ...fields,
      remedy: 'start the command again; nothing was published',
    })
  }
  if (error.isUnknownHost) {
    return new AppError('spark', 'the host of the Spark server is not known', {
      ...fields,
      remedy: 'correct the host in SPARK_REMOTE, or set SPARK_REMOTE=local[*] for the embedded server',
    })
  }
  switch (error.code) {
    case 'UNAUTHENTICATED':
    case 'PERMISSION_DENIED':
      return new AppError('spark', 'the Spark server refused access', {
        ...fields,
        remedy: 'set SPARK_CONNECT_AUTHENTICATE_TOKEN to the token that the server was started with',
      })
    case 'UNAVAILABLE':
    case 'DEADLINE_EXCEEDED':
      return new AppError('spark', 'the Spark server does not answer', {
        ...fields,
        remedy: 'start it again, correct SPARK_REMOTE, or set SPARK_REMOTE=local[*] for the embedded server',
      })
    default:
      return new AppError('spark', `Spark failed: ${error.message.split('\n', 1)[0]!.slice(0, 300)}`, {
        ...fields,
        place: error.errorClass === null ? address : `${address}, ${error.errorClass}`,
      })
  }
}

// Checkpointed rows are with the executors, which a cluster may lose. As the reason of a failed task this has no field of its own.
const lostRows = 'CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND'

/** What of our session is gone, so that only a new one can go on; null: nothing, the error is about something else. */
export function whatIsLost(error: unknown): string | null {
  if (!(error instanceof SparkConnectError)) return null
  if (error.isSessionLost || error.code === 'UNAVAILABLE') return 'the Spark server was lost'
  return error.message.includes(lostRows) ? 'rows were lost with an executor' : null
}

/** A malformed `SPARK_REMOTE` as the error of usage that it is, or null for any other error. */
export function explainAddress(error: unknown): AppError | null {
  if (!(error instanceof SparkConnectError) || error.code !== 'INVALID_ARGUMENT') return null
  return new AppError('usage', error.message, {
    place: 'SPARK_REMOTE',
    remedy: 'write sc://HOST:PORT or sc://HOST:PORT/;key=value',
    cause: error,
  })
}

/** The same for our own JVM, which is asked what it died of if it did. */
export async function explainEmbedded(error: unknown, server: LocalServer, address: string): Promise<unknown> {
  if (!(error instanceof SparkConnectError)) return error
  const isCut = error.code === 'UNAVAILABLE' || error.code === 'CANCELLED'
  const death = await server.failure(isCut ? undefined : 0)
  return death ? explainLocal(death) : explainQuery(error, address, 'raise SPARK_DRIVER_MEMORY')
}

const moreServerMemory = 'give the driver and the executors of the server more memory'

// A task's own limit is an error with a name; a JVM that ended by its own option is seen by the local server.
function isOutOfMemory(error: SparkConnectError): boolean {
  return (
    error.errorClass === 'UNABLE_TO_ACQUIRE_MEMORY' ||
    /java\.lang\.OutOfMemoryError|SparkOutOfMemoryError|Java heap space/.test(error.message)
  )
}
