import type { IncomingMessage } from 'node:http'

// Beyond this the sender waits.
const maxWaitingBytes = 1 << 20

/**
 * The chunks of an answer, taken from it as they come. If it breaks off, all that had come is given before the error: a stream
 * itself forgets what nobody has read by then. Call it before anything is awaited.
 *
 * *Errors:* those of the answer; it ends in one if it is not complete.
 */
export function received(response: IncomingMessage): AsyncIterable<Buffer> {
  const waiting: Buffer[] = []
  let bytes = 0
  let ended: { readonly error: unknown } | undefined
  let wake = () => {}
  const end = (error: unknown) => {
    ended ??= { error }
    wake()
  }
  response.on('data', (chunk: Buffer) => {
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes > maxWaitingBytes) response.pause()
    wake()
  })
  response.once('end', () => end(null))
  response.on('error', end)
  response.once('close', () => end(new Error('the connection was closed')))

  return (async function* () {
    for (;;) {
      const chunk = waiting.shift()
      if (chunk !== undefined) {
        bytes -= chunk.length
        if (response.isPaused() && bytes <= maxWaitingBytes / 2) response.resume()
        yield chunk
      } else if (ended === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else if (ended.error === null) return
      else throw ended.error
    }
  })()
}
