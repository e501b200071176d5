/*
 * Hides: which database there is, its schema and migrations, staging, the publishing transaction, the run lock.
 * Needs: an address (`sqlite:PATH` or `postgres://…`), a logger, a clock; batches of columns for a load.
 * Never: shows a reader half a load, touches look-up caches in a load, or knows Spark and the outside world.
 */
export type { ColumnBatch } from './batch.ts'
export {
  type ColumnDescription,
  describeRelation,
  type ExplainedArtist,
  type ExplainedPlay,
  explainArtist,
  explainPlay,
  type Facet,
  type Filter,
  type Hit,
  limitStatements,
  type Page,
  type ReviewedPair,
  refusedLine,
  relationCounts,
  relationFacets,
  relationNamed,
  relationRows,
  reviewNames,
  searchNames,
  stateOf,
} from './browse.ts'
export type { Ledger } from './checks.ts'
export { copyFromContainers, copyToContainers, isContainers } from './containers.ts'
export { type CopiedTable, type CopyOptions, copyDatabase } from './copy.ts'
export { type DatabaseHealth, databaseHealth, type HealthOptions } from './health.ts'
export { type JdbcAddress, jdbcAddress } from './jdbc.ts'
export type { IdEvent } from './keep-ids.ts'
export type {
  Load,
  NameDoubt,
  PublishInput,
  PublishResult,
  RunInfo,
  RunInput,
  StagingTarget,
  TableChange,
} from './load.ts'
export type { Holder, Lock } from './lock.ts'
export {
  type Lookups,
  type LookupTotals,
  openLookups,
} from './lookups.ts'
export { openReadOnly, openStore, type ReadOnlyStore, type Store, type StoreOptions } from './open.ts'
export type { Reader, RunRecord, StreamOptions, Totals } from './read.ts'
export { type Relation, relationNames } from './relations.ts'
export { type ListenedArtist, type PlayedArtist, type Statistics, statistics } from './statistics.ts'
export { type LoadTable, loadTables } from './tables.ts'
