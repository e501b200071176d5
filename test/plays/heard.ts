import { type AcceptedPlay, resolveNames } from '../../lib/plays/index.ts'
import { spark } from './evaluate.ts'

/** A title of an artist as it was played: so many times (1), by the stations in turn (one). */
export type Heard = readonly [artist: string, song: string, plays?: number, stations?: readonly string[]]

/** What each name means: artists by spelling, songs (`artist: title`) by both spellings. */
export async function namesOf(heard: readonly Heard[]): Promise<{
  artists: Readonly<Record<string, string>>
  songs: Readonly<Record<string, string>>
}> {
  let id = 0
  const plays: AcceptedPlay[] = heard.flatMap(([artist, song, count = 1, stations = ['KAAA']]) =>
    Array.from({ length: count }, (_, i) => {
      const unique_id = `p${++id}`
      return {
        unique_id,
        raw_song: song,
        raw_artist: artist,
        callsign: stations[i % stations.length]!,
        time: String(1402943314 + id),
        time_unix: BigInt(1402943314 + id),
        combined: null,
        first_play: null,
        repaired: 0,
        repair_rule: null,
        original_line: null,
        source_file: 'a.csv',
        source_line: BigInt(id),
      }
    }),
  )
  const session = await spark()
  const frame = await session.createDataFrame<AcceptedPlay>(
    plays,
    'unique_id string, raw_song string, raw_artist string, callsign string, time string, time_unix bigint, combined string, first_play int, repaired int, repair_rule string, original_line string, source_file string, source_line bigint',
  )
  const names = await resolveNames(session, frame)
  const [artistNames, songNames] = await Promise.all([names.artistNames.collect(), names.songNames.collect()])
  return {
    artists: Object.fromEntries(artistNames.map((row) => [row.raw_artist, row.artist_clean])),
    songs: Object.fromEntries(
      songNames.map((row) => [`${row.raw_artist}: ${row.raw_song}`, `${row.artist_clean}: ${row.song_clean}`]),
    ),
  }
}
