import type { Batcher } from '../requests/batcher.ts'
import type { Job } from '../resolve/job.ts'

// What is under way at once: enough artists to fill every batch (verify 100, links 75, items 200, files 50, lengths of
// 1,000 songs), few enough songs to keep memory flat.
const minArtists = 800
const maxArtists = 2_000
const maxSongs = 8_000

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

  async run(pages: AsyncGenerator<readonly Job[]>): Promise<void> {
    while (!this.#isOver) {
      // While a page is read nobody can say that a batch will not be filled.
      const page = await this.#batcher.during(pages.next())
      if (page.done === true) break
      for (const job of page.value) {
        if (this.#isOver) break
        this.#start(job)
        await this.#until(() => this.#hasRoom || this.#isOver)
      }
    }
    this.#more = false
    this.#batcher.schedule()
    await this.#until(() => this.#artists === 0)
    await pages.return(undefined)
    if (this.#failed !== null) throw this.#failed.error
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
