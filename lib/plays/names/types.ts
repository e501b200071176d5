import type { CleanArtist } from '../clean/artist-name.ts'
import type { CleanTitle } from '../clean/song-name.ts'

/** Plays of one spelling of artist and title on one station. */
export type StationPlays = { callsign: string; plays: bigint; first_play_unix: bigint; last_play_unix: bigint }

/** One spelling of artist and title, cleaned. Grain (`raw_artist`, `raw_song`). */
export type CleanSpelling = {
  raw_artist: string
  raw_song: string
  a: CleanArtist
  s: CleanTitle
  stations: StationPlays[]
  plays: bigint
}

/** One spelling with the key that stands for its artist, and why that does. */
export type NamedByArtist = CleanSpelling & {
  artist: string
  artist_method: string | null
  artist_score: number | null
  artist_evidence: string | null
}

/** What one spelling of artist and title means. Grain (`raw_artist`, `raw_song`). */
export type Meaning = {
  raw_artist: string
  raw_song: string
  artist_id: string
  artist_clean: string
  song_id: string
  song_clean: string
  featured: string | null
  version: string | null
}

/**
 * Plays of one spelling of artist and title on one station. Grain (spelling, `callsign`). Aggregates are made of these, not of
 * the plays.
 */
export type NameTally = {
  artist_id: string
  artist_clean: string
  song_id: string
  song_clean: string
  callsign: string
  plays: bigint
  first_play_unix: bigint
  last_play_unix: bigint
}

/** Two names that may mean the same, with the evidence. */
export type NameEdge = {
  a: string
  z: string
  a_plays: bigint
  z_plays: bigint
  a_id: string | null
  z_id: string | null
  rule: string
  score: number
  shared: number
  /** Whether the evidence is too thin to follow it; a person may know more. */
  near: boolean
  /** Keys of two acts that the longer name puts side by side, and which therefore are two; null if it does not. */
  sides: string[] | null
}

/** What a name's key stands for, and why. Grain: `member`; names that stand for themselves are left out. */
export type NameLabel = { member: string; canonical: string; method: string; score: number; evidence: string }
