import type { Answer, Failed } from './questions.ts'

// Services that add to a result that is complete without them.
const extras: ReadonlySet<string> = new Set(['lastfm', 'listenbrainz', 'deezer', 'itunes', 'theaudiodb', 'fanarttv'])

/** What the answers about one field were: who answered, until when that holds, what failed. */
export class Evidence {
  readonly providers = new Set<string>()
  failures: { readonly provider: string; readonly failed: Failed }[] = []
  foundUntil = Number.POSITIVE_INFINITY
  absentUntil = Number.POSITIVE_INFINITY
  left = false

  take<A>(provider: string, answer: Answer<A>): A | null {
    if (answer.kind === 'failed') {
      // An extra that refused us (a bad key or token) does not exist in this run: the row lacks it and is due when it is
      // back. Without one of the others nobody can say "not found".
      if (answer.why === 'left') this.left = true
      else if (answer.why !== 'off' || !extras.has(provider)) this.failures.push({ provider, failed: answer })
      return null
    }
    this.providers.add(provider)
    if (answer.kind === 'found') {
      this.foundUntil = Math.min(this.foundUntil, answer.until)
      return answer.value
    }
    this.absentUntil = Math.min(this.absentUntil, answer.until)
    return null
  }

  /** Takes over who answered and what failed, not how long it holds: the answers were about something else. */
  lean(other: Evidence): void {
    for (const provider of other.providers) this.providers.add(provider)
    this.failures.push(...other.failures)
    this.left ||= other.left
  }

  add(other: Evidence): void {
    this.lean(other)
    this.foundUntil = Math.min(this.foundUntil, other.foundUntil)
    this.absentUntil = Math.min(this.absentUntil, other.absentUntil)
  }

  /** It was found in another way: failures on the way there no longer matter, except Last.fm's, whose names are extra. */
  settle(): void {
    this.failures = this.failures.filter(({ provider }) => provider === 'lastfm')
  }

  until(found: boolean): number {
    return found ? this.foundUntil : Math.min(this.foundUntil, this.absentUntil)
  }
}

/** Nobody answered: true for every failure but questions that were left to the next run. */
export const broken = (answer: Answer<unknown>) => answer.kind === 'failed' && answer.why !== 'left'
