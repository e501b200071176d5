import { connect, type Socket } from 'node:net'
import type { Answer, Request } from './words.ts'

/** A keeper answers within a millisecond; on a machine with far too much to do, within this. */
const patienceMs = 2_000

/** Asks a keeper, and leaves the connection open. *Errors:* those of the socket; a keeper that does not answer in time. */
export async function talk(socket: string, want: Request['want']): Promise<{ answer: Answer; connection: Socket }> {
  const connection = connect(socket)
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      let text = ''
      connection.setEncoding('utf8')
      connection.setTimeout(patienceMs, () => reject(new Error('the keeper of the server does not answer')))
      connection.on('error', reject)
      connection.on('close', () => reject(new Error('the keeper of the server went away')))
      connection.on('data', (part) => {
        text += String(part)
        if (text.endsWith('\n')) resolve(JSON.parse(text) as Answer)
      })
      connection.write(`${JSON.stringify({ want, pid: process.pid } satisfies Request)}\n`)
    })
    connection.setTimeout(0)
    connection.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close')
    connection.on('error', () => {})
    return { answer, connection }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** Asks a keeper one thing. */
export async function ask(socket: string, want: Request['want']): Promise<Answer> {
  const { answer, connection } = await talk(socket, want)
  connection.destroy()
  return answer
}
