import type { Budget } from './budget.ts'
import { batch } from './plan.ts'

export interface PackOptions {
  readonly budget: Budget
  /** Songs that MusicBrainz is expected to be asked about. */
  readonly songsAhead: number
  /** True while ListenBrainz answers look-ups: what it leaves over is rarely in MusicBrainz and packs tighter. */
  readonly pairsWork: () => boolean
}

/**
 * Songs per MusicBrainz search: eight is the plan's pace. Two crowded answers in a row halve it (to four at least), ten
 * clean ones add one again; what crowded answers cost is earned back by packing up to sixteen where the plan runs short.
 */
export class PackSize {
  readonly #options: PackOptions
  #ahead: number
  #adapted: number = batch.songs
  #crowded = 0
  #clean = 0

  constructor(options: PackOptions) {
    this.#options = options
    this.#ahead = options.songsAhead
  }

  size(): number {
    if (this.#options.pairsWork()) return batch.mostSongs
    const left = this.#options.budget.left('musicbrainz.recordings')
    const needed = left > 0 ? Math.ceil(this.#ahead / left) : batch.mostSongs
    return Math.min(batch.mostSongs, Math.max(batch.fewestSongs, needed, this.#adapted))
  }

  settled(): void {
    this.#ahead = Math.max(0, this.#ahead - 1)
  }

  answered(crowded: boolean): void {
    if (crowded) {
      this.#clean = 0
      if (++this.#crowded >= 2) {
        this.#crowded = 0
        this.#adapted = Math.max(batch.fewestSongs, Math.floor(this.#adapted / 2))
      }
      return
    }
    this.#crowded = 0
    if (++this.#clean >= 10) {
      this.#clean = 0
      this.#adapted = Math.min(batch.songs, this.#adapted + 1)
    }
  }
}
