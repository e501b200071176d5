// Holds an embedded server between runs: node keeper.ts FOLDER, with the server's lifeline as file descriptor 3.
//
// It ends the server when no run has asked for it for a while, when memory is short, when its record is gone or names
// another, and when it is told to. Killed, its end of the lifeline closes, and the server ends all the same.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, Socket } from 'node:net'
import { freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { archiveDeadlineMs, keepArchive } from '../archive.ts'
import { readRecord } from './record.ts'
import { ask } from './talk.ts'
import { type Answer, endServer, type Keeping, keepingName, type Request, socketName } from './words.ts'

/** How often memory and the record are looked at. */
const lookMs = 5_000

const folder = process.argv[2]!
const keeping = JSON.parse(await readFile(join(folder, keepingName), 'utf8')) as Keeping
const lifeline = new Socket({ fd: 3, readable: true, writable: true })
const socket = join(folder, socketName)
let holder: { readonly pid: number; readonly connection: Socket } | undefined
let idleSinceMs = performance.now()
let runs = 0
let ending: Promise<void> | undefined
let server: Server | undefined

lifeline.on('error', () => {})
// The shell that watches the JVM has ended, and the JVM with it.
lifeline.on('close', () => void end('now'))
lifeline.resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end('now'))

if (!(await takeRecord())) await end('now')
server = listen()
setInterval(() => void look(), lookMs)

/** Makes the record name this server, unless one is kept already that suits the same runs. */
async function takeRecord(): Promise<boolean> {
  const { recordFile, key } = keeping
  const other = await readRecord(recordFile)
  if (other !== null) {
    const wish = other.key === key ? 'status' : 'stop'
    const answer = await ask(other.socket, wish).catch(() => null)
    if (answer !== null && answer.is !== 'ending') return false
  }
  const own = { key, socket, keeper: process.pid, startedAt: new Date().toISOString() }
  const temporary = `${recordFile}.${process.pid}`
  await mkdir(dirname(recordFile), { recursive: true })
  await writeFile(temporary, JSON.stringify(own), { mode: 0o600 })
  await rename(temporary, recordFile)
  return true
}

function listen(): Server {
  const listening = createServer((connection) => {
    connection.setEncoding('utf8')
    connection.on('error', () => {})
    connection.once('data', (line) => hear(connection, String(line)))
  })
  listening.listen(socket)
  listening.on('error', () => void end('now'))
  return listening
}

function hear(connection: Socket, line: string): void {
  let request: Request
  try {
    request = JSON.parse(line) as Request
  } catch {
    connection.destroy()
    return
  }
  const reply = (answer: Answer) => connection.write(`${JSON.stringify(answer)}\n`)
  if (ending !== undefined) reply({ is: 'ending' })
  else if (holder !== undefined) reply({ is: 'busy', by: holder.pid })
  else if (request.want === 'lease') {
    void lend(connection, request.pid).then((scratch) => reply({ is: 'yours', server: { ...keeping.server, scratch } }))
    return
  } else if (request.want === 'stop') {
    reply({ is: 'ending' })
    void end('now')
  } else reply({ is: 'idle', endsInMs: Math.max(0, keeping.idleMs - (performance.now() - idleSinceMs)) })
  connection.end()
}

/** Lends the server to a run, and gives it a folder of its own there, which goes with the lease. */
async function lend(connection: Socket, pid: number): Promise<string> {
  const scratch = join(folder, `run-${++runs}`)
  holder = { pid, connection }
  let said = ''
  connection.on('data', (word) => {
    said += String(word)
  })
  connection.once('close', () => {
    holder = undefined
    idleSinceMs = performance.now()
    if (said.includes(endServer)) void end('now')
    else void rm(scratch, { recursive: true, force: true })
  })
  await mkdir(scratch)
  return scratch
}

async function look(): Promise<void> {
  if (holder !== undefined || ending !== undefined) return
  if ((await readRecord(keeping.recordFile))?.keeper !== process.pid) await end('now')
  else if (await isMemoryShort()) await end('now')
  else if (performance.now() - idleSinceMs >= keeping.idleMs) await end('in its own time')
}

/** Less than a twentieth of the memory is left, which others need more than a server that waits. */
async function isMemoryShort(): Promise<boolean> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const availableKb = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1]
  const available = availableKb === undefined ? freemem() : Number(availableKb) * 1024
  // macOS counts what it could free at once as used.
  return process.platform === 'linux' && available < totalmem() / 20
}

/** Ends the server and this process. In its own time, the JVM writes its class archive first. */
function end(how: 'now' | 'in its own time'): Promise<void> {
  ending ??= (async () => {
    const { archive, recordFile } = keeping
    server?.close()
    if ((await readRecord(recordFile))?.keeper === process.pid) await rm(recordFile, { force: true })
    const gone = lifeline.destroyed
      ? Promise.resolve()
      : new Promise<void>((resolve) => lifeline.once('close', () => resolve()))
    if (archive !== null && how === 'in its own time') {
      lifeline.write('term\n')
      const written = await Promise.race([gone.then(() => true), sleep(archiveDeadlineMs, false)])
      if (written) await keepArchive(archive.recorded, { path: archive.path, exists: false })
    }
    if (!lifeline.destroyed) lifeline.write('kill\n')
    await Promise.race([gone, sleep(5000)])
    if (archive !== null) await rm(archive.recorded, { force: true })
    process.exit(0)
  })()
  return ending
}
