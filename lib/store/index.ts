/*
 * Hides: which database there is, its schema and migrations, staging, the publishing transaction, the run lock.
 * Needs: an address (`sqlite:PATH` or `postgres://…`), a logger, a clock; batches of columns for a load.
 * Never: shows a reader half a load, touches look-up caches in a load, or knows Spark and the outside world.
 */

export { dataDictionary } from './browse/data-dictionary.ts'
export { type ColumnDescription, columnTypes, describeRelation, relationNamed } from './browse/describe.ts'
export {
  type ExplainedArtist,
  type ExplainedPlay,
  type ExplainedSong,
  explainArtist,
  explainPlay,
  explainSong,
  refusedLine,
} from './browse/explain-names.ts'
export { type NameOfPair, nameKeys } from './browse/name-keys.ts'
export { type NameSide, type PairFacts, pairFacts } from './browse/pair-facts.ts'
export { playsOfOtherSources, type SourcePlays } from './browse/plays-by-source.ts'
export { type PlaysOverTime, playsOverTime } from './browse/plays-over-time.ts'
export type { Reader, RunRecord, StreamOptions, Totals } from './browse/reader.ts'
export {
  type Facet,
  type Filter,
  type Page,
  relationCounts,
  relationFacets,
  relationRows,
  type Sort,
} from './browse/relation-rows.ts'
export { type ReviewedPair, reviewNames } from './browse/review-names.ts'
export { type Hit, searchNames } from './browse/search-names.ts'
export { limitStatements, stateOf } from './browse/session.ts'
export { type ListenedArtist, type PlayedArtist, type Statistics, statistics } from './browse/statistics.ts'
export { copyFromContainers, copyToContainers, isContainers } from './copy/containers.ts'
export { type CopiedTable, type CopyOptions, copyDatabase } from './copy/copy.ts'
export type { ColumnBatch } from './engine/column-batch.ts'
export { jdbcAddress } from './engine/databases.ts'
export type { JdbcAddress } from './engine/jdbc-address.ts'
export { type DatabaseHealth, databaseHealth, type HealthOptions } from './health.ts'
export type { Ledger } from './load/checks.ts'
export type { IdEvent } from './load/keep-ids.ts'
export type {
  Load,
  NameDoubt,
  PublishInput,
  PublishResult,
  RunInfo,
  RunInput,
  StagingTarget,
  TableChange,
} from './load/load.ts'
export type { Holder, Lock } from './lock/run-lock.ts'
export { type Lookups, openLookups } from './lookups/lookups.ts'
export type { LookupSamples } from './lookups/summary.ts'
export { openStore, type Store, type StoreOptions } from './open.ts'
export type { CheckResult } from './own/data-checks.ts'
export type { OwnLoad, OwnPublishResult } from './own/own-load.ts'
export { type OwnTable, type OwnTableSpec, ownTable } from './own/own-table.ts'
export { openReadOnly, type ReadOnlyStore } from './read-only.ts'
export { type Relation, relationNames } from './schema/relations.ts'
export {
  type ColumnKind,
  type LoadTable,
  loadTables,
  type StoredRow,
  type StoredTable,
  type TableShape,
} from './schema/tables.ts'
