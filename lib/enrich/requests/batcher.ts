import type { Sender } from '../http/call.ts'
import type { Service } from '../services/service.ts'
import type { BatcherOptions, QueueOwner, Tally } from './queue-owner.ts'
import { RequestQueue } from './request-queue.ts'
import type { RequestSpec } from './request-spec.ts'

/**
 * Where all requests of a run meet. It sends full batches at once, and the rest of a kind as soon as no request of an
 * earlier rank is open: then nothing can fill it any more.
 */
export class Batcher implements QueueOwner {
  readonly options: BatcherOptions
  readonly startedAt: number
  /** True while the run has artists that it has not begun. */
  moreToCome: () => boolean = () => false
  /** False while others come after those who have begun: what a step does not need now is kept for them. */
  isLastRound = true
  /** The first failure of the database; the run ends with it. */
  failure: unknown
  readonly #queues: RequestQueue<never, unknown>[] = []
  #busy = 0
  #scheduled = false

  constructor(options: BatcherOptions) {
    this.options = options
    this.startedAt = options.clock.now()
  }

  /** Opens the queue of one kind of request. */
  open<Q, A>(spec: RequestSpec<Q, A>, service: Service, sender: Sender, base: URL): RequestQueue<Q, A> {
    const queue = new RequestQueue({ spec, service, sender, base, owner: this })
    this.#queues.push(queue as unknown as RequestQueue<never, unknown>)
    this.#queues.sort((a, b) => a.rank - b.rank)
    return queue
  }

  /** Ends the run: what it cannot store it must not ask. */
  fail(error: unknown): void {
    this.failure ??= error
    this.options.onFailure()
  }

  /** Work outside of requests (reading a row) that may lead to more of them. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work
    } finally {
      this.#busy--
      this.schedule()
    }
  }

  /** True when nothing is being read from the cache. */
  get quiet(): boolean {
    return this.#busy === 0 && this.#queues.every((queue) => queue.arriving === 0)
  }

  /** Looks, once everything at hand has run, whether partial batches must go. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#busy > 0) return
      if (this.moreToCome()) this.#flushIdle()
      else this.#flushInOrder()
    })
  }

  // New artists take the places of finished ones and bring requests of every rank: a batch that is not full goes only
  // when nothing at all is under way and nobody else can fill it.
  #flushIdle(): void {
    if (this.#queues.some((queue) => queue.open > queue.waiting)) return
    this.#queues.find((queue) => queue.waiting > 0)?.flush()
  }

  #flushInOrder(): void {
    for (const [at, queue] of this.#queues.entries()) {
      // The cache is still being read for some of its own.
      if (queue.arriving > 0) return
      if (queue.waiting > 0) queue.flush()
      if (queue.open > 0) return
      const isUsedLater = this.#queues.slice(at + 1).some((later) => later.step === queue.step)
      if (this.isLastRound && !isUsedLater) this.options.budget.release(queue.step)
    }
    // Nobody needs a request of its own any more: what is over goes to those who had too few.
    this.#queues.find((queue) => queue.refused > 0)?.flushReady()
  }

  /** Per service and kind, what was asked and answered. */
  tallies(): { readonly kind: string; readonly provider: string; readonly tally: Tally }[] {
    return this.#queues.map((queue) => ({ kind: queue.kind, provider: queue.provider, tally: queue.tally }))
  }
}
