/** What a service asks of a well-behaved client. */
export interface Limits {
  readonly maxConcurrent: number
  /** Between the starts of two requests. */
  readonly minTimeMs: number
  /** At most so many per window, beside the spacing. */
  readonly reservoir?: { readonly count: number; readonly perMs: number }
  /** For one whole request, answer read. */
  readonly timeoutMs: number
  /** Measured time of answering that a minute may hold (the query service counts that, not requests). */
  readonly workMsPerMinute?: number
  /** While the breaker is open its requests wait for the probe, because nobody else could answer them. */
  readonly noOtherWay?: boolean
  /** The pause that an answer's headers ask for, in ms; 0: none. */
  pauseMs?(headers: Readonly<Record<string, string>>): number
}
