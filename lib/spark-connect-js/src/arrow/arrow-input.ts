import { SparkConnectError } from '../client/errors.ts'
import type { StructType } from '../types/index.ts'
import { reading } from './damage.ts'
import { decodeBatches } from './decode.ts'
import { readStream } from './ipc.ts'
import { structOf } from './spark-type.ts'

/** Arrow data of a program: Spark's types for its columns, and its rows by position. */
export interface ArrowInput {
  readonly type: StructType
  readonly rows: Iterable<unknown[]>
}

/**
 * Reads Arrow IPC bytes that this program made, a stream or a file. Columns are decoded batch by batch, as rows are read.
 *
 * *Errors:* SparkConnectError INVALID_ARGUMENT for damaged bytes and for types that Spark does not have (dictionaries,
 * unsigned numbers, nanoseconds): nothing is changed to make it fit.
 */
export function readArrow(bytes: Uint8Array): ArrowInput {
  return refusing(() => {
    const type = reading({}, () => structOf(readStream(bytes).fields))
    const batches = decodeBatches(bytes).map((batch) => batch.with({ structs: 'tuples' }))
    const rows = function* (): Generator<unknown[], void, undefined> {
      for (const batch of batches) yield* refusing(() => batch.tuples())
    }
    return { type, rows: { [Symbol.iterator]: rows } }
  })
}

const refusing = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SparkConnectError)) throw error
    const why = error.message.replace(/^damaged result(?:, |: )?/, '').replace('does not send', 'does not have')
    throw new SparkConnectError(`cannot read this Arrow data: ${why}${/dictionary/.test(why) ? plainText : ''}`, {
      code: 'INVALID_ARGUMENT',
      cause: error,
    })
  }
}

const plainText = '; build text columns without one: vectorFromArray(values, new Utf8())'
