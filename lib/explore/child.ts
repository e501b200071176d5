import { AppError, asAppError } from '../errors.ts'
import { silent } from '../log.ts'
import { limitStatements, openReadOnly, type Reader, type ReadOnlyStore } from '../store/index.ts'
import { operations, type Reply, type Request } from './operations.ts'

/*
 * The process that asks the database and that may be ended at any moment: SQLite works in the thread that calls it and
 * cannot be interrupted from outside. (Measured: `Worker.terminate()` had not ended a recursive query after four seconds,
 * and a process with such a thread does not even exit; a process can be killed.)
 */

const send = (reply: Reply) => process.send?.(reply)
/** A larger result is too long for a person to read, and building it takes both processes' memory. */
const maxBytes = 32_000_000

let store: ReadOnlyStore | undefined

// Nothing outlives the one who asks, whatever it died of.
process.on('disconnect', () => process.exit(0))
process.on('message', async (request: Request) => {
  const id = 'open' in request ? null : request.id
  try {
    if ('open' in request) {
      store = await openReadOnly(request.open, { log: silent })
      send({ ready: true })
      return
    }
    const work = operations[request.question] as (reader: Reader, args: unknown) => Promise<unknown>
    const answer = await store!.snapshot(async (reader) => {
      // A server goes on with a statement whose client was killed; it has to know the limit itself.
      await limitStatements(reader, request.limitMs + 250)
      return work(reader, request.args)
    })
    if (request.question === 'query') refuseHuge(answer as { rows: readonly (readonly unknown[])[] })
    send({ id: request.id, answer })
  } catch (error) {
    const known = explained(error)
    send({ id, error: { kind: known.kind, message: known.message, place: known.place, remedy: known.remedy } })
  }
})

function refuseHuge({ rows }: { rows: readonly (readonly unknown[])[] }): void {
  let size = 0
  for (const row of rows) {
    for (const cell of row)
      size += typeof cell === 'string' ? cell.length : cell instanceof Uint8Array ? cell.length : 8
  }
  if (size > maxBytes) {
    throw new AppError('usage', `the result is larger than ${maxBytes / 1e6} MB`, {
      remedy: 'ask for fewer rows or shorter texts; npm run export writes whole tables',
    })
  }
}

/** What the database says of a person's statement is a matter of usage, and its own words are the best there are. */
function explained(error: unknown): AppError {
  const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error
  const { code = '', message = String(cause) } = (cause ?? {}) as { code?: string; message?: string }
  const words = message.split('\n', 1)[0]!
  if (
    code.startsWith('SQLITE_READONLY') ||
    code === '25006' ||
    /does not return data|only for statements that return/.test(words)
  ) {
    return new AppError('usage', 'this only reads: the statement would change the database', {
      remedy: 'write a statement that begins with select, with or values',
    })
  }
  if (code === '57014') return new AppError('usage', 'the statement took too long and was cancelled')
  // SQLITE_ERROR and class 42: syntax, unknown names. 22: a value that does not fit. RangeError: two statements at once.
  if (
    code === 'SQLITE_ERROR' ||
    /^(42|22|0A|21)/.test(code) ||
    cause instanceof RangeError ||
    code === 'SQLITE_TOOBIG'
  ) {
    return new AppError('usage', `the database refuses the statement: ${words}`, {
      remedy: 'npm run explore -- schema shows tables and columns',
    })
  }
  return asAppError(error) ?? new AppError('bug', words)
}
