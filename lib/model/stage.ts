/** One finished stage of a run, as the summary and the `runs` table show it. */
export interface StageTime {
  readonly stage: string
  readonly ms: number
  /** Rows that came out of it, where rows are what it makes. */
  readonly rows?: number
}

/** The stage that is under way. */
export interface Stage {
  /** What is done so far, in rows, and of how many, if that is known. */
  rows(done: number, total?: number): void
  /** So many rows more than before. */
  more(rows: number): void
  /** What happens now, for people: "downloading 176 jars". */
  note(text: string): void
}

/** Runs the stages of a command and remembers them. */
export interface Stages {
  /** Those that are done. */
  readonly stages: readonly StageTime[]
  /** The same as milliseconds by name. */
  readonly stagesMs: Readonly<Record<string, number>>
  stage<T>(name: string, work: (stage: Stage) => Promise<T>): Promise<T>
}
