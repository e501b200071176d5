import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveDeadlineMs, type ClassArchive, keepArchive } from './archive.ts'
import type { Jvm } from './jvm.ts'
import { handOver, recordName, type ServerFacts } from './kept/index.ts'
import type { LocalServer, LocalServerOptions } from './local-server.ts'
import type { LocalLog } from './log.ts'

type How = Parameters<LocalServer['stop']>[0]

interface Options extends Pick<LocalServerOptions, 'home' | 'keepMs' | 'onProgress'> {
  readonly log: LocalLog
  readonly key?: string | undefined
}

/** A class archive that a JVM writes when it ends in order. */
interface Recording {
  readonly at: string
  readonly for: ClassArchive
}

/** The ways in which a server ends: kept for the next run, with an archive of its classes, or at once. */
export class Stopping {
  readonly #options: Options
  readonly #jvm: Jvm
  readonly #recording: Recording | null
  #hasBegun = false
  #isKept = false

  constructor(options: Options, jvm: Jvm, recording: Recording | null) {
    this.#options = options
    this.#jvm = jvm
    this.#recording = recording
  }

  /** Whether the JVM ends because it was asked to. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** See {@link LocalServer.stop}; without `facts` the server never came up. */
  async stop(facts: ServerFacts | undefined, how: How = {}): Promise<'ended' | 'kept'> {
    this.#isKept ||= facts !== undefined && this.#hasTime(how) && (await this.#keep(facts))
    if (this.#isKept) return 'kept'
    const recording = this.#hasTime(how) ? this.#recording : null
    this.#hasBegun = true
    const isWhole = recording !== null && (await this.#record(how.signal))
    this.#jvm.say('kill')
    await this.#jvm.ended
    this.#jvm.letGo()
    if (recording !== null && isWhole && (await keepArchive(recording.at, recording.for))) {
      this.#options.log.debug('class archive recorded', { path: recording.for.path })
    } else if (this.#recording !== null) await rm(this.#recording.at, { force: true })
    return 'ended'
  }

  /** Whether the server runs, and may do more than end. */
  #hasTime(how: NonNullable<How>): boolean {
    return how.keep !== false && !how.signal?.aborted && this.#jvm.exitCode === undefined && !this.#hasBegun
  }

  async #keep(server: ServerFacts): Promise<boolean> {
    const { key, keepMs: idleMs, home } = this.#options
    if (key === undefined || !idleMs) return false
    const archive = this.#recording && { recorded: this.#recording.at, path: this.#recording.for.path }
    return await handOver({ server, key, idleMs, recordFile: join(home, recordName), archive }, this.#jvm.lifeline)
  }

  /** Lets the JVM end in order, which writes the archive. False where that takes too long: what is there then is half of one. */
  async #record(signal: AbortSignal | undefined): Promise<boolean> {
    this.#options.onProgress?.('keeping what Spark loaded, once, so that it starts faster from now on')
    this.#jvm.say('term')
    const enough = AbortSignal.any([AbortSignal.timeout(archiveDeadlineMs), ...(signal ? [signal] : [])])
    const brokenOff = new Promise<void>((resolve) => {
      if (enough.aborted) resolve()
      else enough.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([this.#jvm.ended, brokenOff])
    return !enough.aborted
  }
}
