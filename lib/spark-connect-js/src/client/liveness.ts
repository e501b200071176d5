import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { SparkConnectError } from './errors.ts'

/** What calls end with whose connection no longer answers. */
export const silence = 'the connection no longer answers'

/** The error of such a call, as gRPC would give it. */
export function silentConnection(): ServiceError {
  return Object.assign(new Error(silence), { code: status.UNAVAILABLE, details: silence, metadata: new Metadata() })
}

/**
 * Watches whether a connection with open calls still says something, and probes it when it does not.
 * A probe without an answer ends all calls as UNAVAILABLE, so that they are tried again on a new connection.
 */
export class Liveness {
  readonly #silenceMs: number
  readonly #probe: () => Promise<unknown> | undefined
  readonly #replace: () => void
  readonly #open = new Set<() => void>()
  #heardAtMs = 0
  #timer: NodeJS.Timeout | undefined
  #isProbing = false

  constructor(silenceMs: number, probe: () => Promise<unknown> | undefined, replace: () => void) {
    this.#silenceMs = silenceMs
    this.#probe = probe
    this.#replace = replace
  }

  heard(): void {
    this.#heardAtMs = performance.now()
  }

  /** Counts a call as open until the function that it gives is called with the call's status. */
  opened(isProbe: boolean | undefined, fail: () => void): (code: number | undefined) => void {
    if (!isProbe) {
      if (this.#open.size === 0) this.heard()
      this.#open.add(fail)
      this.#timer ??= setInterval(() => this.#check(), Math.max(10, this.#silenceMs / 4)).unref()
    }
    return (code) => {
      this.#open.delete(fail)
      // These two may be our own library's words; every other status was sent by somebody.
      if (code !== status.DEADLINE_EXCEEDED && code !== status.CANCELLED) this.heard()
      if (this.#open.size === 0) this.close()
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #check(): Promise<void> {
    if (this.#isProbing || performance.now() - this.#heardAtMs < this.#silenceMs) return
    this.#isProbing = true
    try {
      await this.#probe()
      this.heard()
    } catch (error) {
      const { code } = SparkConnectError.from(error)
      if (code !== 'DEADLINE_EXCEEDED' && code !== 'UNAVAILABLE') return this.heard()
      const open = [...this.#open]
      this.#open.clear()
      this.close()
      this.#replace()
      for (const fail of open) fail()
    } finally {
      this.#isProbing = false
    }
  }
}
