import { type DataFrame, expr, type UntypedFrame } from 'spark-connect-js'
import { found } from './artist-edges.ts'
import { withoutVoicing } from './fold.ts'
import { quoted } from './sql.ts'
import { type EdgeOptions, oneTypo, sameNumbers, typos } from './typos.ts'
import { versionWords } from './version.ts'

/** Two titles of one artist that may mean the same. */
export type SongEdge = {
  artist: string
  a: string
  z: string
  a_plays: bigint
  z_plays: bigint
  rule: string
  score: number
  /** Whether it is too weak to follow; a person may know more. */
  near: boolean
}

// Titles of one artist with the same four letters at either end are compared, and titles with an alias of each other.
// Within an artist that finds what comparing all with all finds, without the square of a long catalogue.
const blockLimit = 400

/** Pairs of titles within an artist that mean the same song. *Rows:* `artist`, `s` (see song-name.ts) and `plays` in. */
export function songEdges(names: UntypedFrame, options: EdgeOptions): DataFrame<SongEdge> {
  const nodes = names
    .where("s.key <> '' and not startswith(s.key, '=')")
    .groupBy({ artist: expr('artist'), k: expr('s.key') })
    .agg({
      plays: expr('sum(plays)'),
      norm: expr('max_by(s.norm, struct(plays, s.norm))'),
      full: expr('max_by(s.full, struct(plays, s.full))'),
      readable: expr('max(s.readable)'),
      is_double: expr('bool_or(s.double)'),
      aliases: expr('array_distinct(flatten(collect_set(s.aliases)))'),
    })
  const pairs = nodes
    .selectExpr(
      'artist',
      'struct(k, norm, full, readable, plays, is_double, aliases) as node',
      "explode(array_distinct(concat(array(concat('<', left(k, 4)), concat('>', right(k, 4)), concat('=', k)), transform(aliases, x -> concat('=', x))))) as block",
    )
    .groupBy('artist', 'block')
    .agg({ nodes: expr('collect_list(node)') })
    .where(`size(nodes) between 2 and ${blockLimit}`)
    .selectExpr(
      'artist',
      'inline(flatten(transform(nodes, x -> transform(filter(nodes, y -> y.k > x.k), y -> struct(x as a, y as z)))))',
    )
    .selectExpr(
      '*',
      'if(length(a.k) <= length(z.k), a, z) as p',
      'if(length(a.k) <= length(z.k), z, a) as q',
      `${sameNumbers({ a: 'a.k', z: 'z.k', aWords: 'a.norm', zWords: 'z.norm' })} as same_numbers`,
      `${typos({ a: 'a.k', z: 'z.k', aWords: 'a.norm', zWords: 'z.norm', aPlays: 'a.plays', zPlays: 'z.plays' }, 'titles', options)} as distance`,
    )
  const verdict = `case
    when array_contains(q.aliases, p.k) or array_contains(p.aliases, q.k) then ${found('title in brackets', '0.97')}
    when p.readable is not null and q.full rlike p.readable or q.readable is not null and p.full rlike q.readable
      then ${found('unreadable letters', '0.98')}
    when length(p.k) >= 5 and startswith(q.norm, p.norm) and q.norm rlike concat('^', p.norm, ${quoted(`${versionWords}$`)}) then ${found('version behind', '0.95')}
    when distance >= 1 and same_numbers then ${found('spelling', `1 - distance / (2 * length(q.k))`)}
    when same_numbers and ${oneTypo('p.full', 'q.full')} then ${found('spelling', '1 - 1 / (2 * length(q.k))')}
    when length(p.k) >= 3 and ${withoutVoicing('p.k')} = ${withoutVoicing('q.k')} then ${found('marks lost', '0.96')}
    when (length(p.k) >= 10 and startswith(q.k, p.k) or length(p.full) >= 12 and startswith(q.full, p.full)) and same_numbers and p.is_double = q.is_double then ${found('cut off', '0.91')} end`
  const nearMiss = `if(same_numbers and length(p.k) >= 7 and levenshtein(a.k, z.k, 2) between 0 and 2, ${found('spelling', `1 - levenshtein(a.k, z.k, 2) / (2 * length(q.k))`)}, null)`
  return pairs
    .selectExpr(
      'artist',
      'a.k as a',
      'z.k as z',
      'a.plays as a_plays',
      'z.plays as z_plays',
      `${verdict} as found`,
      `${nearMiss} as missed`,
    )
    .where('found is not null or missed is not null')
    .selectExpr(
      'artist',
      'a',
      'z',
      'a_plays',
      'z_plays',
      'coalesce(found, missed).rule as rule',
      'coalesce(found, missed).score as score',
      'found is null as near',
    )
    .distinct()
    .$castTo<SongEdge>()
}
