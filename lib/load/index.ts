/*
 * Hides: how the inputs of a load are found and read, what is known of names, how tables reach the database while Spark works.
 * Needs: settings, a Spark server, a store; `Stages` to show what it does.
 * Never: cleans or resolves a name (`plays`), knows a flag, or publishes in more than one transaction.
 */
export { checkSmallInput } from './check-sample.ts'
export type { LoadOptions, TableFrames } from './filling.ts'
export { findPlays, type InputOptions, type Inputs } from './find-plays.ts'
export { type FinishedRun, gatherFacts } from './gather-facts.ts'
export { showInspection } from './inspection-text.ts'
export {
  type KnownNames,
  logEstimate,
  logIdEvents,
  readKnownDecisions,
  resolveKnowing,
  storedDoubts,
} from './known-names.ts'
export { beginLoad, type FinishOptions, type TableLoad } from './load-tables.ts'
export { executorDatabase, type LoadRun, type LoadTarget, openTarget, runInfo } from './load-target.ts'
export { nothingNew } from './nothing-new.ts'
export { accept, logDates, type ReadPlays, type ReadPlaysOptions, readPlays } from './read-plays.ts'
export { readTable } from './read-table.ts'
export { confirmReplacement, type ReplacementOptions } from './replaced-plays.ts'
export { readStoredPlays } from './stored-plays.ts'
export { nameTables, playTables } from './tables.ts'
export { unusedOverridesText } from './unused-overrides.ts'
