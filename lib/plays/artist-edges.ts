import { type DataFrame, expr, type UntypedFrame } from 'spark-connect-js'
import { withoutVoicing } from './fold.ts'
import { quoted, type Sql } from './sql.ts'
import { dense, type EdgeOptions, oneTypo, sameNumbers, typos } from './typos.ts'

/** A distinct artist key with what the rules need of it. Grain: `key`; the empty key is not among them. */
export type ArtistNode = {
  key: string
  plays: bigint
  norm: string
  full: string
  loose: string
  readable: string | null
  cut: boolean
  inverted: boolean
  /** Keys and aliases of all titles. */
  songs: string[]
  /** How many titles. */
  titles: number
  /** An id from outside that is known of the name. */
  id: string | null
}

/** Names that share a block are compared. Grain: (`rule`, `block`), blocks of one name left out. */
export type Block = { rule: string; block: string; keys: string[]; names: number }

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
}

/** Larger blocks hold names by chance: their pairs are not compared. Of titles: what many artists play is no evidence. */
export const blockLimits: Readonly<Record<string, number>> = { song: 50, typo: 200, words: 200, title: 100, id: 200 }

/** The names by distinct key. *Rows:* `NameParts` and the plays of each (see resolve.ts). */
export function artistNodes(
  names: UntypedFrame,
  ids: DataFrame<{ key: string; id: string }> | null,
): DataFrame<ArtistNode> {
  const nodes = names
    .where("a.key <> ''")
    .groupBy({ key: expr<string>('a.key') })
    .agg({
      plays: expr<bigint>('sum(plays)'),
      norm: expr<string>('max_by(a.norm, struct(plays, a.norm))'),
      full: expr<string>('max_by(a.full, struct(plays, a.full))'),
      loose: expr<string>('max_by(a.loose, struct(plays, a.norm, a.loose))'),
      readable: expr<string | null>('max(a.readable)'),
      cut: expr<boolean>('bool_or(a.cut)'),
      inverted: expr<boolean>('bool_and(a.inverted)'),
      songs: expr<string[]>("filter(array_union(collect_set(s.key), flatten(collect_set(s.aliases))), x -> x <> '')"),
      titles: expr<number>('size(collect_set(s.key))'),
    })
  return ids
    ? nodes
        .join(
          ids.groupBy('key').agg({ id: expr<string | null>('if(count(distinct id) = 1, max(id), null)') }),
          'key',
          'left',
        )
        .$castTo<ArtistNode>()
    : nodes.selectExpr('*', 'cast(null as string) as id').$castTo<ArtistNode>()
}

/**
 * The blocks of the names, each found by equality:
 * - `song`: artists with one title. Most rules need it: it is what tells Kings from Kinks.
 * - `typo`: the deletion neighbourhood, which finds every pair at distance 1 (symmetric deletion).
 * - `words`: the same words in any order.
 * - `title`: three letters of the name and five of a long title, from either end: a typo in both.
 * - `id`: one id from outside.
 */
export function artistBlocks(nodes: DataFrame<ArtistNode>): DataFrame<Block> {
  const blocks = (rule: string, values: Sql): Sql =>
    `transform(${values}, x -> struct(${quoted(rule)} as rule, x as block))`
  const none = 'cast(array() as array<string>)'
  const spelled = "not startswith(key, '=')"
  const edges = [
    ['left(key, 3)', 'left(s, 5)'],
    ['left(key, 3)', 'right(s, 5)'],
    ['right(key, 3)', 'left(s, 5)'],
    ['right(key, 3)', 'right(s, 5)'],
  ].map(([name, title], i) => `concat('${i}', ${name}, ' ', ${title})`)
  const all = [
    blocks('song', `if(${spelled}, songs, ${none})`),
    blocks(
      'typo',
      `if(length(key) between 6 and 60 and ${spelled}, array_distinct(array_append(
        transform(sequence(1, length(key)), i -> concat(left(key, i - 1), substring(key, i + 1))), key)), ${none})`,
    ),
    blocks('words', `if(contains(norm, ' '), array(array_join(array_sort(split(norm, ' ')), ' ')), ${none})`),
    blocks(
      'title',
      `if(length(key) >= 7 and ${spelled}, flatten(transform(filter(songs, s -> length(s) >= 8), s -> array(${edges.join(', ')}))), ${none})`,
    ),
    blocks('id', `if(id is null, ${none}, array(id))`),
  ]
  return nodes
    .selectExpr('key', `inline(array_distinct(concat(${all.join(', ')})))`)
    .groupBy('rule', 'block')
    .agg({ keys: expr('collect_list(key)') })
    .selectExpr('*', 'size(keys) as names')
    .where('names > 1')
    .$castTo<Block>()
}

/** What a rule says of a pair: its name and how sure it is, 0 to 1. */
export function found(rule: string, score: Sql): Sql {
  return `named_struct('rule', ${quoted(rule)}, 'score', cast(${score} as double))`
}

const limitOf = `case rule ${Object.entries(blockLimits)
  .map(([rule, limit]) => `when ${quoted(rule)} then ${limit}`)
  .join(' ')} end`
export const inLimit = `names <= ${limitOf}`

// Phrases that say that somebody else plays the songs of the act that is named.
const tribute =
  '^(?:as )?made famous by |^in style of |^(?:as )?(?:originally )?performed by |^(?:a )?(?:salute|tribute) to |^karaoke | tribute(?: band)?$| karaoke$| cover band$'
// Articles and the like of other languages; "the" and "and" are not in the key at all.
const smallWords =
  "array('los', 'las', 'el', 'la', 'le', 'les', 'die', 'der', 'das', 'il', 'i', 'gli', 'os', 'as', 'de', 'het', 'und', 'y', 'et', 'e', 'och', 'og', 'en', 'и', 'with', 'con', 'avec', 'mit', 'his', 'her', 'their', 'band', 'group')"

/**
 * Pairs of names that mean the same act, each by the surest rule that finds it.
 *
 * `n` = shared titles, `evidence` = the same weighted by how few artists have each, `part` = share of the titles of the name
 * with fewer. A rule without shared titles would merge Kings and Kinks, so nearly all ask for them.
 */
export function artistEdges(
  blocks: DataFrame<Block>,
  nodes: DataFrame<ArtistNode>,
  options: EdgeOptions,
): DataFrame<NameEdge> {
  const pairs = blocks
    .where(inLimit)
    .selectExpr(
      'rule',
      'block',
      'names',
      'inline(flatten(transform(keys, x -> transform(filter(keys, y -> y > x), y -> struct(x as a, y as z)))))',
    )
    // Where the block says only that letters at the ends are the same, most pairs are not alike at all.
    .where("rule <> 'title' or levenshtein(a, z, 2) >= 0")
    .groupBy('a', 'z')
    .agg({
      n: expr("count_if(rule = 'song')"),
      // What few others play says more; a short title ("Home") is many songs.
      evidence: expr("sum(if(rule = 'song', least(length(block), 10) / 10 / (names - 1), 0))"),
      telling: expr("count_if(rule = 'song' and length(block) >= 8 and names <= 3)"),
      same_words: expr("bool_or(rule = 'words')"),
      same_id: expr("bool_or(rule = 'id')"),
    })
  const node = (side: string): UntypedFrame =>
    nodes.selectExpr(
      `key as ${side}`,
      `named_struct('key', key, 'plays', plays, 'tokens', split(norm, ' '), 'loose', split(loose, ' '), 'norm', norm, 'full', full, 'readable', readable,
        'cut', cut, 'inverted', inverted, 'titles', titles, 'songs', songs, 'id', id) as ${side}_node`,
    )
  const starts = (words: Sql): Sql =>
    `slice(${words}, 1, size(p.tokens)) = p.tokens and size(${words}) > size(p.tokens)`
  const rest = `case
    when ${starts('q.tokens')} then slice(q.tokens, size(p.tokens) + 1, size(q.tokens))
    when ${starts('q.loose')} then slice(q.loose, size(p.tokens) + 1, size(q.loose))
    when size(q.tokens) > size(p.tokens) and slice(q.tokens, -size(p.tokens), size(p.tokens)) = p.tokens
      then slice(q.tokens, 1, size(q.tokens) - size(p.tokens)) end`
  const measured = pairs
    .join(node('a'), 'a')
    .join(node('z'), 'z')
    .where('a_node.id is null or z_node.id is null or a_node.id = z_node.id')
    .selectExpr(
      '*',
      'if(size(a_node.tokens) < size(z_node.tokens) or size(a_node.tokens) = size(z_node.tokens) and length(a) <= length(z), a_node, z_node) as p',
      'if(size(a_node.tokens) < size(z_node.tokens) or size(a_node.tokens) = size(z_node.tokens) and length(a) <= length(z), z_node, a_node) as q',
      'least(length(a), length(z)) as shorter',
      'greatest(length(a), length(z)) as longer',
    )
    .selectExpr(
      '*',
      `${rest} as rest`,
      'n / least(p.titles, q.titles) as part',
      // Typos in the title as well: looked for only where no title is shared.
      'if(n = 0 and shorter >= 7, exists(p.songs, x -> length(x) >= 8 and exists(slice(q.songs, 1, 100), y -> length(y) >= 8 and levenshtein(x, y, 2) between 0 and 2)), false) as title_alike',
      `${sameNumbers({ a: 'a', z: 'z', aWords: 'a_node.norm', zWords: 'z_node.norm' })} as same_numbers`,
    )
    .selectExpr(
      '*',
      `${typos({ a: 'p.key', z: 'q.key', aWords: 'p.norm', zWords: 'q.norm', aPlays: 'p.plays', zPlays: 'q.plays' }, 'artists', options)} as distance`,
    )
  const known = nodes.selectExpr('key as rest_key', 'true as rest_known')
  const withRest = measured
    .selectExpr('*', "if(size(rest) >= 2, array_join(rest, ''), null) as rest_key")
    .join(known, 'rest_key', 'left')
  const initials = "aggregate(q.tokens, '', (s, w) -> concat(s, left(w, 1)))"
  const small = (words: Sql): Sql => `filter(${words}, w -> not array_contains(${smallWords}, w))`
  // A misspelling has the titles of what it misspells. Who shares one of many is somebody else, who covers it.
  const likely = 'same_numbers and evidence >= 0.1 and part >= 0.3'
  const verdict = `case
    when same_id then ${found('musicbrainz', '0.99')}
    when n >= 1 and (p.readable is not null and q.key rlike p.readable or q.readable is not null and p.key rlike q.readable)
      then ${found('unreadable letters', '0.98')}
    when same_words and same_numbers and (n >= 1 or p.inverted <> q.inverted) then ${found('word order', `if(n >= 1, 0.97, 0.93)`)}
    when distance >= 1 and ${likely} and (longer >= if(a rlike ${dense}, 9, 6) or telling >= 1 and part >= 0.5) then ${found('spelling', `1 - distance / (2 * longer)`)}
    when n >= 1 and shorter >= 3 and ${withoutVoicing('p.key')} = ${withoutVoicing('q.key')} then ${found('marks lost', '0.96')}
    when ${likely} and ${oneTypo('p.full', 'q.full')} then ${found('spelling', '1 - 1 / (2 * longer)')}
    when distance between 1 and if(longer < 12, 1, 2) and same_numbers and title_alike and longer >= 7 then ${found('spelling, alike title', `0.98 - distance / (2 * longer)`)}
    when evidence >= 0.1 and size(${small('p.tokens')}) > 0 and ${small('p.tokens')} = ${small('q.tokens')} then ${found('small words', '0.96')}
    when n >= 1 and part >= 0.5 and startswith(q.key, p.key) and (p.cut or length(p.key) >= 12) and length(p.key) >= 5
      and not (${starts('q.tokens')}) then ${found('cut off', '0.94')}
    when part >= 0.3 and size(p.tokens) = 1 and length(p.key) between 2 and 4 and size(q.tokens) >= 2 and ${initials} = p.key
      then ${found('initials', '0.92')}
    when n >= 1 and regexp_replace(q.norm, ${quoted(tribute)}, '') = p.norm then ${found('tribute', '0.9')}
    when part >= 0.3 and rest_known is null and n >= if(size(p.tokens) = 1, 2, 1) and (${starts('q.tokens')} or ${starts('q.loose')})
      and length(p.key) >= if(size(p.tokens) = 1, 5, 4) then ${found('longer form', '0.91')}
    when part >= 0.3 and rest_known is null and n >= if(size(p.tokens) = 1, 2, 1) and rest is not null and length(p.key) >= if(size(p.tokens) = 1, 5, 4)
      then ${found('name behind', '0.9')}
    end`
  // What the same rules would say with more titles in common.
  const nearMiss = `case
    when distance >= 1 and same_numbers then ${found('spelling', `1 - distance / (2 * longer)`)}
    when same_words and same_numbers then ${found('word order', '0.9')}
    when n >= 1 and rest_known is null and (${starts('q.tokens')} or ${starts('q.loose')}) and length(p.key) >= 4 then ${found('longer form', '0.85')}
    end`
  return withRest
    .selectExpr(
      'a',
      'z',
      'a_node.plays as a_plays',
      'z_node.plays as z_plays',
      'a_node.id as a_id',
      'z_node.id as z_id',
      `${verdict} as found`,
      `${nearMiss} as missed`,
      'n',
    )
    .where('found is not null or missed is not null')
    .selectExpr(
      'a',
      'z',
      'a_plays',
      'z_plays',
      'a_id',
      'z_id',
      'coalesce(found, missed).rule as rule',
      'coalesce(found, missed).score as score',
      'cast(n as int) as shared',
      'found is null as near',
    )
    .$castTo<NameEdge>()
}
