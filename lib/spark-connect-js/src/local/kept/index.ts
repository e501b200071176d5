// Hides: how an embedded server outlives the run that started it, and how later runs find it.
// Needs: a server of ours with its lifeline; Unix sockets.
// Never: lends a server to two runs, to another user, or to a run with other versions or settings; stays when idle.
import { join } from 'node:path'
import { readRecord, recordName } from './record.ts'
import { ask } from './talk.ts'
import type { Answer } from './words.ts'

export { handOver } from './hand-over.ts'
export { leaseKept } from './lease.ts'
export { recordName } from './record.ts'
export type { ServerFacts } from './words.ts'

/** A server that waits for its next run, or that a run has. */
export interface KeptServer {
  /** Process id of the one that keeps it. */
  readonly keeper: number
  readonly startedAt: Date
  /** Process id of the run that has it; null while it waits. */
  readonly heldBy: number | null
  /** How long it waits yet; null while a run has it. */
  readonly endsInMs: number | null
}

/** The server that is kept in `home`; null: none. */
export async function keptServer(home: string): Promise<KeptServer | null> {
  return await asked(home, 'status')
}

/** Ends the server that is kept in `home`, unless a run has it; returns what it was, null where there was none. */
export async function stopKeptServer(home: string): Promise<KeptServer | null> {
  return await asked(home, 'stop')
}

async function asked(home: string, want: 'status' | 'stop'): Promise<KeptServer | null> {
  const record = await readRecord(join(home, recordName))
  const answer: Answer | null = record && (await ask(record.socket, want).catch(() => null))
  if (record === null || answer === null) return null
  return {
    keeper: record.keeper,
    startedAt: new Date(record.startedAt),
    heldBy: answer.is === 'busy' ? answer.by : null,
    endsInMs: answer.is === 'idle' ? answer.endsInMs : answer.is === 'ending' ? 0 : null,
  }
}
