/*
 * Hides: services, their limits, quirks and failures, batching, matching, terms of memory, the plan.
 * Needs: a `LookupStore` (memory and work list), a logger; optionally a contact, key and token, a clock.
 * Never: reads the environment, knows SQL or Spark, downloads a picture, stores a failure as a fact or a secret at all.
 */
export { type Clock, fastClock, systemClock } from './clock.ts'
export { planEnrichment } from './due.ts'
export type {
  ArtistRow,
  LookupRow,
  LookupStore,
  Refresh,
  RunRecord,
  TrackRow,
  WorkArtist,
} from './memory.ts'
export type { EnrichOptions, EnrichProgress, EnrichResult, LaneReport } from './options.ts'
export type { Plan, PlanLine } from './plan.ts'
export { enrich } from './run.ts'
export {
  type BaseAddresses,
  documentedLimits,
  type LaneLimits,
  type LaneName,
  type OptionalProvider,
  optionalProviders,
} from './services.ts'
export { planText, progressText, readCount, readSpan, resultText, span, type TotalsToTell } from './tell.ts'
