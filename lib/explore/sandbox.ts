import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../errors.ts'
import type { Answer, Arguments, Question, Reply, Request } from './operations.ts'

const program = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url))
/** How long a process may take to start and to open the database; not part of a question's time. */
const startMs = 30_000

/** Limits of the reading processes. */
export interface SandboxOptions {
  /** Processes that ask at the same time. */
  readonly workers: number
  /** How long one question may take. */
  readonly limitMs: number
  /** Questions that may wait for a process; more are refused. Default: 2,000. */
  readonly maxWaiting?: number
}

interface Waiting {
  readonly question: Question
  readonly args: unknown
  readonly limitMs: number
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Worker {
  readonly child: ChildProcess
  current: (Waiting & { readonly id: number; readonly timer: NodeJS.Timeout }) | undefined
  ready: boolean
}

/** A query that was cancelled, or not begun, because it or all together take too long. */
export class OverloadError extends AppError {}

/**
 * Asks a database from processes of its own, each of which is killed when a question takes too long and replaced by a
 * new one; so a runaway statement costs its time limit and nothing else.
 */
export class Sandbox {
  readonly #url: string
  readonly #options: SandboxOptions
  readonly #workers = new Set<Worker>()
  readonly #waiting: Waiting[] = []
  #ids = 0
  #closed = false

  constructor(url: string, options: SandboxOptions) {
    this.#url = url
    this.#options = options
  }

  /** *Errors:* AppError `usage` at the time limit and for what the database refuses, else as the store's. */
  ask<Q extends Question>(question: Q, args: Arguments<Q>, limitMs = this.#options.limitMs): Promise<Answer<Q>> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= (this.#options.maxWaiting ?? 2000)) {
        reject(new OverloadError('locked', 'too many queries at once', { remedy: 'try again in a moment' }))
        return
      }
      this.#waiting.push({ question, args, limitMs, resolve: resolve as (answer: unknown) => void, reject })
      this.#next()
    })
  }

  close(): void {
    this.#closed = true
    for (const worker of this.#workers) worker.child.kill('SIGKILL')
    this.#workers.clear()
    for (const each of this.#waiting.splice(0)) each.reject(new AppError('interrupted', 'closed'))
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#workers].find((worker) => worker.ready && worker.current === undefined)
      if (idle === undefined) {
        const starting = [...this.#workers].filter((worker) => !worker.ready).length
        if (this.#workers.size < this.#options.workers && starting < this.#waiting.length) this.#start()
        return
      }
      this.#give(idle, this.#waiting.shift()!)
    }
  }

  #give(worker: Worker, waiting: Waiting): void {
    this.#ids += 1
    const id = this.#ids
    const timer = setTimeout(() => {
      this.#drop(worker)
      const limit = waiting.limitMs % 1000 === 0 ? `${waiting.limitMs / 1000} s` : `${waiting.limitMs} ms`
      waiting.reject(
        new OverloadError('usage', `the query took longer than ${limit} and was cancelled`, {
          remedy: 'narrow it down, or allow more time with --timeout',
        }),
      )
      this.#next()
    }, waiting.limitMs)
    worker.current = { ...waiting, id, timer }
    const { question, args, limitMs } = waiting
    worker.child.send({ id, question, args, limitMs } satisfies Request)
  }

  #start(): void {
    const child = fork(program, [], {
      serialization: 'advanced',
      // Neither flags of this process nor its terminal; a warning of Node would be noise between the data.
      execArgv: ['--no-warnings', '--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const worker: Worker = { child, current: undefined, ready: false }
    this.#workers.add(worker)
    const started = setTimeout(() => {
      this.#drop(worker)
      this.#failAll(new AppError('database', `the database did not open within ${startMs / 1000} s`))
    }, startMs)
    child.on('message', (reply: Reply) => {
      if ('ready' in reply) {
        clearTimeout(started)
        worker.ready = true
      } else if (reply.id === null && 'error' in reply) {
        clearTimeout(started)
        this.#drop(worker)
        this.#failAll(appError(reply.error))
      } else {
        this.#answer(worker, reply)
      }
      this.#next()
    })
    child.on('error', (error) =>
      this.#failAll(new AppError('bug', `the query process cannot be started: ${error.message}`)),
    )
    child.on('exit', () => {
      clearTimeout(started)
      if (!this.#workers.delete(worker)) return
      const { current } = worker
      if (current) {
        clearTimeout(current.timer)
        current.reject(new AppError('usage', 'the query needed more memory than allowed', { remedy: 'narrow it down' }))
      } else if (!this.#closed && !worker.ready) {
        this.#failAll(new AppError('bug', 'the query process did not start'))
      }
      this.#next()
    })
    child.send({ open: this.#url } satisfies Request)
  }

  #answer(worker: Worker, reply: Reply): void {
    const { current } = worker
    if (current === undefined || !('id' in reply) || reply.id !== current.id) return
    clearTimeout(current.timer)
    worker.current = undefined
    if ('error' in reply) current.reject(appError(reply.error))
    else current.resolve(reply.answer)
  }

  #drop(worker: Worker): void {
    this.#workers.delete(worker)
    worker.child.kill('SIGKILL')
  }

  #failAll(error: AppError): void {
    for (const each of this.#waiting.splice(0)) each.reject(error)
  }
}

function appError({
  kind,
  message,
  place,
  remedy,
}: {
  kind: AppError['kind']
  message: string
  place?: string | undefined
  remedy?: string | undefined
}): AppError {
  return new AppError(kind, message, { ...(place ? { place } : {}), ...(remedy ? { remedy } : {}) })
}
