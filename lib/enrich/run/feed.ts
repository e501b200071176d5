import type { Batcher } from '../requests/batcher.ts'
import type { Job } from '../resolve/job.ts'

// What is under way at once: enough artists to fill every batch (verify 100, links 75, items 200, files 50, lengths of
// 1,000 songs), few enough songs to keep memory flat.
const minArtists = 800
const maxArtists = 2_000
const maxSongs = 8_000
/** A first round in which nothing is sent for so long is waited for no longer. */
const maxStillMs = 30_000

/** Runs `work` over all jobs, as many at once as the limits above allow; takes no new one after the signal. */
export class Feed {
  readonly #batcher: Batcher
  readonly #signal: AbortSignal
  readonly #work: (job: Job) => Promise<void>
  #more = true
  #artists = 0
  #songs = 0
  #failed: { readonly error: unknown } | null = null
  #wake: () => void = () => {}

  constructor(batcher: Batcher, signal: AbortSignal, work: (job: Job) => Promise<void>) {
    this.#batcher = batcher
    this.#signal = signal
    this.#work = work
    batcher.moreToCome = () => this.#more && !this.#isOver
  }

  /** @param firstRound artists and songs that are brought to their end before any others begin; about so many */
  async run(pages: AsyncGenerator<readonly Job[]>, firstRound = Number.POSITIVE_INFINITY): Promise<void> {
    let left = firstRound
    while (!this.#isOver) {
      // While a page is read nobody can say that a batch will not be filled.
      const page = await this.#batcher.during(pages.next())
      if (page.done === true) break
      for (const job of page.value) {
        if (this.#isOver) break
        this.#start(job)
        const before = left
        left -= 1 + job.songs.length
        if (before > 0 && left <= 0) await this.#finishRound()
        await this.#until(() => this.#hasRoom || this.#isOver)
      }
    }
    this.#more = false
    this.#batcher.schedule()
    await this.#until(() => this.#artists === 0)
    await pages.return(undefined)
    if (this.#failed !== null) throw this.#failed.error
  }

  /** Batches go as they are, since nobody else comes before all who have begun are finished or nothing moves. */
  async #finishRound(): Promise<void> {
    this.#more = false
    this.#batcher.isLastRound = false
    this.#batcher.schedule()
    const over = new AbortController()
    let isStuck = false
    void this.#stuck(over.signal).then(() => {
      isStuck = true
      this.#wake()
    })
    await this.#until(() => this.#artists === 0 || isStuck)
    over.abort()
    this.#batcher.isLastRound = true
    this.#more = true
  }

  /** Resolves when a service asks for a pause and nobody else sends anything. */
  async #stuck(signal: AbortSignal): Promise<void> {
    const { clock, budget } = this.#batcher.options
    for (let sent = -1; !signal.aborted && sent !== budget.sent; ) {
      sent = budget.sent
      await clock.sleep(maxStillMs, signal)
    }
  }

  get #isOver(): boolean {
    return this.#signal.aborted || this.#failed !== null
  }

  get #hasRoom(): boolean {
    return this.#artists < minArtists || (this.#artists < maxArtists && this.#songs < maxSongs)
  }

  async #until(ready: () => boolean): Promise<void> {
    while (!ready()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #start(job: Job): void {
    this.#artists++
    this.#songs += job.songs.length
    void this.#work(job)
      .catch((error: unknown) => {
        this.#failed ??= { error }
      })
      .finally(() => {
        this.#artists--
        this.#songs -= job.songs.length
        this.#wake()
      })
  }
}
