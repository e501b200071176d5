import type { Answer, Failed } from '../requests/request-spec.ts'

/** Which service said what about one field: who answered, until when that holds, what failed. */
export class Provenance {
  readonly sources = new Set<string>()
  failures: Failed[] = []
  foundUntil = Number.POSITIVE_INFINITY
  absentUntil = Number.POSITIVE_INFINITY
  left = false

  record<A>(answer: Answer<A>): A | null {
    const { from } = answer
    if (answer.kind === 'failed') {
      // An extra that refused us (a bad key or token) does not exist in this run: the row lacks it and is due when it is
      // back. Without one of the others nobody can say "not found".
      if (answer.why === 'left') this.left = true
      else if (answer.why !== 'off' || !from.extra) this.failures.push(answer)
      return null
    }
    this.sources.add(from.name)
    if (answer.kind === 'found') {
      this.foundUntil = Math.min(this.foundUntil, answer.until)
      return answer.value
    }
    this.absentUntil = Math.min(this.absentUntil, answer.until)
    return null
  }

  /** Takes over who answered and what failed, not how long it holds: the answers were about something else. */
  merge(other: Provenance): void {
    for (const source of other.sources) this.sources.add(source)
    this.failures.push(...other.failures)
    this.left ||= other.left
  }

  add(other: Provenance): void {
    this.merge(other)
    this.foundUntil = Math.min(this.foundUntil, other.foundUntil)
    this.absentUntil = Math.min(this.absentUntil, other.absentUntil)
  }

  /** It was found in another way: failures on the way there no longer matter, except those of columns of their own. */
  close(): void {
    this.failures = this.failures.filter(({ from }) => from.ownColumns)
  }

  until(found: boolean): number {
    return found ? this.foundUntil : Math.min(this.foundUntil, this.absentUntil)
  }
}

/** Nobody answered: true for every failure but requests that were left to the next run. */
export const broken = (answer: Answer<unknown>) => answer.kind === 'failed' && answer.why !== 'left'
