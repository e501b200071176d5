// Hides how a line becomes a play and how a name is recognised: parsing, repair, cleaning rules, keys, edges, clusters.
// Needs a Spark session behind the frames it is given; nothing else of the world.
// Never collects plays, reads files or databases, or knows a band: every rule holds for any name.

export { type Accepted, type AcceptOptions, acceptPlays, type Ledger } from './accept/accept-plays.ts'
export { checkQuarantine, isOverLimit, quarantineError } from './accept/quarantine-limit.ts'
export { artists, playsByHour, songs, stations, withNames } from './aggregate/aggregate.ts'
export { inParts } from './aggregate/parts.ts'
export { csvFieldsOf } from './here/csv.ts'
export { parseHere } from './here/parse-here.ts'
export { type TakenDate, takeDates, takenTime } from './here/take-dates.ts'
export {
  type BCubed,
  bareName,
  bCubed,
  type Impurity,
  type Labelled,
  worstMerges,
  worstSplits,
} from './names/bcubed.ts'
export type { PairEstimate } from './names/estimate.ts'
export type { Doubt } from './names/group-names.ts'
export type { NamePair } from './names/overrides.ts'
export { type ResolvedNames, type ResolveOptions, resolveNames } from './names/resolve.ts'
export type { Meaning, NameTally } from './names/types.ts'
export { type ParseOptions, parsePlays } from './read/parse-plays.ts'
export { storedColumns, storedPlays } from './read/stored.ts'
export type {
  AcceptedPlay,
  Artist,
  ArtistName,
  HourOfStation,
  LineDialect,
  LineField,
  ParsedPlay,
  Play,
  QuarantinedPlay,
  Song,
  SongName,
  Station,
  TextLine,
} from './schema.ts'
