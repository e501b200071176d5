import { describeValue } from '../types/index.ts'

/**
 * A message of a plug-in, as `google.protobuf.Any`: what `anyPack(schema, message)` of `@bufbuild/protobuf/wkt` gives.
 * `typeUrl` is `type.googleapis.com/` and the full name of the message.
 */
export interface ExtensionMessage {
  readonly typeUrl: string
  /** The message in protobuf's binary form. */
  readonly value: Uint8Array
}

/** *Errors:* TypeError for what is not such a message. */
export const checkExtension = (method: string, message: ExtensionMessage): { typeUrl: string; value: Uint8Array } => {
  const { typeUrl, value } = Object(message) as Partial<ExtensionMessage>
  if (typeof typeUrl !== 'string' || !typeUrl.includes('/') || !(value instanceof Uint8Array)) {
    throw new TypeError(
      `${method}() takes { typeUrl: 'type.googleapis.com/full.name.of.Message', value: bytes }, ` +
        `not ${describeValue(message)}; anyPack(schema, message) of @bufbuild/protobuf/wkt makes one`,
    )
  }
  return { typeUrl, value }
}
