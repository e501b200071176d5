import { batchSizes } from './batch-sizes.ts'
import type { Budget } from './budget.ts'

export interface BatchSizeOptions {
  readonly budget: Budget
  /** Its part of the plan. */
  readonly step: string
  /** Songs that MusicBrainz is expected to be asked about. */
  readonly songsAhead: number
  /** True while ListenBrainz answers look-ups: what it leaves over is rarely in MusicBrainz and is batched tighter. */
  readonly pairsWork: () => boolean
}

/**
 * Songs per MusicBrainz search: eight is the plan's pace. Two crowded answers in a row halve it (to four at least), ten
 * clean ones add one again; what crowded answers cost is earned back by packing up to sixteen where the plan runs short.
 */
export class BatchSize {
  readonly #options: BatchSizeOptions
  #ahead: number
  #adapted: number = batchSizes.songs
  #crowded = 0
  #clean = 0

  constructor(options: BatchSizeOptions) {
    this.#options = options
    this.#ahead = options.songsAhead
  }

  size(): number {
    // What the look-up leaves over is in few recordings, or in none.
    if (this.#options.pairsWork()) return Math.min(batchSizes.maxSongs, this.#adapted * 2)
    const left = this.#options.budget.left(this.#options.step)
    const needed = left > 0 ? Math.ceil(this.#ahead / left) : batchSizes.maxSongs
    return Math.min(batchSizes.maxSongs, Math.max(batchSizes.minSongs, needed, this.#adapted))
  }

  settled(): void {
    this.#ahead = Math.max(0, this.#ahead - 1)
  }

  answered(crowded: boolean): void {
    if (crowded) {
      this.#clean = 0
      if (++this.#crowded >= 2) {
        this.#crowded = 0
        this.#adapted = Math.max(batchSizes.minSongs, Math.floor(this.#adapted / 2))
      }
      return
    }
    this.#crowded = 0
    if (++this.#clean >= 10) {
      this.#clean = 0
      this.#adapted = Math.min(batchSizes.songs, this.#adapted + 1)
    }
  }
}
