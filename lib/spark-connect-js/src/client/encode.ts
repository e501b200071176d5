import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf'
import { SparkConnectError } from './errors.ts'

/** A message as bytes. *Errors:* SparkConnectError, INVALID_ARGUMENT, for a value that its field cannot hold. */
export function encodeMessage<D extends DescMessage>(schema: D, message: MessageShape<D>): Uint8Array<ArrayBuffer> {
  try {
    return toBinary(schema, message)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const [, type, field, reason] = /^cannot encode field (?:[\w.]+\.)?(\w+)\.(\w+) to binary: (.*)$/s.exec(text) ?? []
    const where = type === undefined ? text : `${field} of ${type}: ${reason}`
    throw new SparkConnectError(`this query cannot be sent, for an argument is of the wrong kind; ${where}`, {
      code: 'INVALID_ARGUMENT',
      cause: error,
    })
  }
}
