// Hides how a line becomes a play and how a name is recognised: parsing, repair, cleaning rules, keys, edges, clusters.
// Needs a Spark session behind the frames it is given; nothing else of the world.
// Never collects plays, reads files or databases, or knows a band: every rule holds for any name.

export { type Accepted, type AcceptOptions, acceptPlays, type Ledger } from './accept.ts'
export { artists, playsByHour, songs, stations, withNames } from './aggregate.ts'
export { type BCubed, bareName, bCubed, type Impurity, type Labelled, worstMerges, worstSplits } from './bcubed.ts'
export type { Doubt } from './group-names.ts'
export type { NamePair } from './overrides.ts'
export { type ParseOptions, parsePlays } from './parse.ts'
export { inParts } from './parts.ts'
export { checkQuarantine } from './quarantine-limit.ts'
export {
  type Meaning,
  type NameTally,
  type PairEstimate,
  type ResolvedNames,
  type ResolveOptions,
  resolveNames,
} from './resolve.ts'
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
export { storedColumns, storedPlays } from './stored.ts'
