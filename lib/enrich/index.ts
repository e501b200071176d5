/*
 * Hides: services, their limits, quirks and failures, batching, matching, terms of the cache, the plan.
 * Needs: a `LookupStore` (cache and work list), a logger; optionally a contact, keys, a clock.
 * Never: reads the environment, knows SQL or Spark, downloads a picture, stores a failure as a fact or a secret at all.
 */
export { type Clock, fastClock, systemClock } from './clock.ts'
export {
  checkEnd,
  planReport,
  planText,
  progressText,
  resultText,
  runReport,
  span,
} from './format.ts'
export type { Limits } from './http/limits.ts'
export type { EnrichOptions, EnrichProgress, EnrichResult, LimiterReport } from './options.ts'
export { planEnrichment } from './plan/due.ts'
export type { Refresh } from './plan/due-reason.ts'
export type { Plan, PlanLine } from './plan/plan.ts'
export { type RecordedAnswer, recordAnswers } from './record/record.ts'
export { isUnderstood, replayAnswers, replayText } from './record/replay.ts'
export { enrich } from './run/run.ts'
export {
  type BaseAddresses,
  optionalProviders,
  roles,
  type ServiceKeys,
  serviceOptions,
  serviceSettings,
  services,
} from './services/list.ts'
