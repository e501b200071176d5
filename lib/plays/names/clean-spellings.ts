import { collect_list, count, type DataFrame, max, min, struct, sum } from 'spark-connect-js'
import { artistName } from '../clean/artist-name.ts'
import { songName } from '../clean/song-name.ts'
import { pin } from '../pin.ts'
import type { AcceptedPlay } from '../schema.ts'
import type { CleanSpelling } from './types.ts'

/**
 * Each spelling of artist and title, cleaned, with its plays.
 *
 * Each title and each artist is cleaned once, however many go together: cleaning is what costs. Pinned in between, since the
 * rules for both are more than Spark resolves in one plan.
 */
export async function cleanSpellings(plays: DataFrame<AcceptedPlay>): Promise<DataFrame<CleanSpelling>> {
  const spelled = plays
    .groupBy('raw_artist', 'raw_song', 'callsign')
    .agg((c) => ({ plays: count('*'), first_play_unix: min(c.time_unix), last_play_unix: max(c.time_unix) }))
    // The next two groupings find their rows together; each would move them.
    .repartition('raw_song')
    .groupBy('raw_artist', 'raw_song')
    .agg(({ callsign, plays, first_play_unix, last_play_unix }) => ({
      stations: collect_list(struct({ callsign, plays, first_play_unix, last_play_unix })),
      plays: sum(plays),
    }))
  const titled = await pin(
    spelled
      .groupBy('raw_song')
      .agg(({ raw_artist, stations, plays }) => ({ rows: collect_list(struct({ raw_artist, stations, plays })) }))
      .withColumn('s', (c) => songName(c.raw_song)),
  )
  return pin(
    titled
      .inline('rows')
      .groupBy('raw_artist')
      .agg(({ raw_song, s, stations, plays }) => ({ rows: collect_list(struct({ raw_song, s, stations, plays })) }))
      .withColumn('a', (c) => artistName(c.raw_artist))
      .inline('rows'),
  )
}
