import { type DataFrame, expr, type UntypedFrame } from 'spark-connect-js'
import { hold } from './hold.ts'
import type { IdEvent } from './resolve.ts'

/** The names of the last run with their ids, as they are stored. */
export interface PreviousIds {
  readonly artists: DataFrame<{ raw_artist: string; artist_id: string }>
  readonly songs: DataFrame<{ raw_artist: string; raw_song: string; song_id: string }>
}

/**
 * Gives artists and songs the ids that they had.
 *
 * A cluster takes the id that most of its plays had; of two clusters that would take one id, the more played one keeps it. So
 * an id survives new spellings and a change of the most played one. What split and what merged is an event.
 */
export async function keepIds(
  named: UntypedFrame,
  previous: PreviousIds,
): Promise<{ named: UntypedFrame; events: DataFrame<IdEvent> }> {
  const artists = await hold(
    taken(named.join(previous.artists.withColumnRenamed('artist_id', 'old_id'), 'raw_artist', 'left'), 'artist_id'),
  )
  const songs = await hold(
    taken(
      named.join(previous.songs.withColumnRenamed('song_id', 'old_id'), ['raw_artist', 'raw_song'], 'left'),
      'song_id',
    ),
  )
  const replaced = named
    .join(newIds(artists, 'artist_id'), 'artist_id', 'left')
    .join(newIds(songs, 'song_id'), 'song_id', 'left')
    .selectExpr(
      '* except (artist_id, song_id, kept_artist_id, kept_song_id)',
      'coalesce(kept_artist_id, artist_id) as artist_id',
      'coalesce(kept_song_id, song_id) as song_id',
    )
  const events = (frame: UntypedFrame) =>
    frame
      .where('old_id is not null and old_id <> kept_id')
      .selectExpr("if(chosen, 'split', 'merged') as kind", 'old_id as id', 'kept_id as into', 'name')
  return { named: replaced, events: events(artists).union(events(songs)).$castTo<IdEvent>() }
}

/** Per cluster and old id: whether the cluster would choose it, and which id the cluster gets. */
function taken(joined: UntypedFrame, id: 'artist_id' | 'song_id'): UntypedFrame {
  const name = id === 'artist_id' ? 'artist_clean' : 'song_clean'
  return joined
    .groupBy(id, 'old_id')
    .agg({ plays: expr('sum(plays)'), name: expr(`min(${name})`) })
    .selectExpr(
      '*',
      `row_number() over (partition by ${id} order by old_id is null, plays desc, old_id) = 1 and old_id is not null as chosen`,
    )
    .selectExpr('*', `chosen and row_number() over (partition by old_id, chosen order by plays desc, ${id}) = 1 as won`)
    .selectExpr('*', `coalesce(max(if(won, old_id, null)) over (partition by ${id}), ${id}) as kept_id`)
}

function newIds(frame: UntypedFrame, id: 'artist_id' | 'song_id'): UntypedFrame {
  return frame.selectExpr(id, `kept_id as kept_${id}`).distinct()
}
