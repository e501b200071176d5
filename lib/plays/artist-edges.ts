import { type DataFrame, expr, type UntypedFrame } from 'spark-connect-js'
import { withoutVoicing } from './fold.ts'
import { quoted, type Sql } from './sql.ts'
import { dense, type EdgeOptions, mayBeTypos, oneTypo, sameNumbers, typos } from './typos.ts'

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
  /** Keys of all titles. */
  songs: string[]
  /** What else titles may be called, see song-name.ts. */
  aliases: string[]
  /** How many titles. */
  titles: number
  /** An id from outside that is known of the name. */
  id: string | null
}

/**
 * Names that share a block are compared. Grain: `block`, blocks of one name left out.
 *
 * Blocks and names are hashes of 64 bits: millions of them are counted by number faster than by text. Where two hashes are one
 * by chance, two names are compared for nothing.
 */
export type Block = {
  rule: string
  block: bigint
  /** How many. */
  names: number
  /** Of the title that they share, at most 10; 0 of other blocks. */
  letters: number
  /** The names; none if the block is too large. */
  keys: bigint[]
  /** Names that have the title as an alias: compared with those that have it, not with each other. */
  others: bigint[]
  pairs: bigint
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
  sides: readonly string[] | null
}

/** Larger blocks hold names by chance: their pairs are not compared. */
export const blockLimits: Readonly<Record<string, number>> = { song: 50, typo: 200, words: 200, id: 200 }

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
      songs: expr<string[]>("filter(collect_set(s.key), x -> x <> '')"),
      aliases: expr<string[]>('array_except(flatten(collect_set(s.aliases)), collect_set(s.key))'),
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
 * - `id`: one id from outside.
 *
 * *Cost:* a row for each letter and title of a name, sorted once. Of letters at the ends of a name no blocks are made: their
 * pairs grow with the square of the names.
 */
export function artistBlocks(nodes: DataFrame<ArtistNode>): DataFrame<Block> {
  const none = 'cast(array() as array<string>)'
  const spelled = "not startswith(key, '=')"
  const blocks = (rule: string, condition: Sql, values: Sql, isAlias = false): Sql =>
    `transform(if(${condition}, ${values}, ${none}), x -> struct(${quoted(rule)} as rule, ${isAlias} as is_alias, xxhash64(${quoted(rule)}, x) as block, ${rule === 'song' ? 'least(length(x), 10)' : '0'} as letters))`
  const all = [
    blocks('song', spelled, 'songs'),
    blocks('song', spelled, 'aliases', true),
    blocks(
      'typo',
      `length(key) between 6 and 60 and ${spelled}`,
      `array_distinct(array_append(
        transform(sequence(1, length(key)), i -> concat(left(key, i - 1), substring(key, i + 1))), key))`,
    ),
    blocks('words', "contains(norm, ' ')", "array(array_join(array_sort(split(norm, ' ')), ' '))"),
    blocks('id', 'id is not null', 'array(id)'),
  ]
  return (
    nodes
      .selectExpr(`${hashed('key')} as name`, `inline(concat(${all.join(', ')}))`)
      // Nearly all blocks hold one name; they are gone before anything is collected.
      .selectExpr('*', 'cast(count(*) over (partition by block) as int) as names')
      .where('names > 1')
      .groupBy('rule', 'block', 'names')
      .agg({
        letters: expr('max(letters)'),
        keys: expr(`collect_list(if(${inLimit} and not is_alias, name, null))`),
        others: expr(`collect_list(if(${inLimit} and is_alias, name, null))`),
      })
      .selectExpr(
        '*',
        'cast(size(keys) as bigint) * (size(keys) - 1) div 2 + cast(size(keys) as bigint) * size(others) as pairs',
      )
      .$castTo<Block>()
  )
}

/** A key as blocks hold it. */
function hashed(key: Sql): Sql {
  return `xxhash64(${key})`
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
  "array('los', 'las', 'el', 'la', 'le', 'les', 'die', 'der', 'das', 'il', 'i', 'gli', 'os', 'as', 'de', 'het', 'und', 'y', 'et', 'e', 'och', 'og', 'en', 'и', 'his', 'her', 'their', 'band', 'group')"

// Words between an act and its guest.
const jointWords = "array('with', 'x', 'vs', 'versus', 'con', 'com', 'avec', 'mit', 'met', 'med')"

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
    .where('pairs > 0')
    .selectExpr(
      'rule',
      'names',
      'letters',
      `inline(flatten(transform(keys, x -> transform(concat(filter(keys, y -> y > x), others), y ->
        struct(least(x, y) as x, greatest(x, y) as y)))))`,
    )
    .groupBy('x', 'y')
    .agg({
      n: expr("count_if(rule = 'song')"),
      // What few others play says more; a short title ("Home") is many songs. In millionths: their sum has one order.
      evidence: expr('sum(cast(round(letters * 100000 / (names - 1)) as bigint)) / 1000000'),
      telling: expr("count_if(rule = 'song' and letters >= 8 and names <= 3)"),
      same_words: expr("bool_or(rule = 'words')"),
      same_id: expr("bool_or(rule = 'id')"),
    })
  const node = (side: string): UntypedFrame =>
    nodes.selectExpr(
      `${hashed('key')} as ${side}`,
      `named_struct('key', key, 'plays', plays, 'tokens', split(norm, ' '), 'loose', split(loose, ' '), 'norm', norm, 'full', full, 'readable', readable,
        'bare', filter(split(norm, ' '), w -> not array_contains(${smallWords}, w)), 'unvoiced', ${withoutVoicing('key')},
        'cut', cut, 'inverted', inverted, 'titles', titles, 'id', id,
        'long_songs', slice(array_sort(filter(songs, x -> length(x) >= 8)), 1, 100)) as ${side}_node`,
    )
  // Most pairs have a title in common and nothing else: they go before anything dear is asked of them.
  const inside = (part: Sql, whole: Sql): Sql => `contains(${whole}, ${part})`
  const alike = [
    'same_id',
    'same_words',
    'x_node.readable is not null',
    'y_node.readable is not null',
    'least(length(x_node.key), length(y_node.key)) <= 4',
    inside('x_node.key', 'y_node.key'),
    inside('y_node.key', 'x_node.key'),
    inside('x_node.key', "array_join(y_node.loose, '')"),
    inside('y_node.key', "array_join(x_node.loose, '')"),
    'x_node.bare = y_node.bare',
    'x_node.unvoiced = y_node.unvoiced',
    mayBeTypos('x_node.key', 'y_node.key', options),
    mayBeTypos('x_node.full', 'y_node.full', options),
  ]
  const starts = (words: Sql): Sql =>
    `slice(${words}, 1, size(p.tokens)) = p.tokens and size(${words}) > size(p.tokens)`
  const rest = `case
    when ${starts('q.tokens')} then slice(q.tokens, size(p.tokens) + 1, size(q.tokens))
    when ${starts('q.loose')} then slice(q.loose, size(p.tokens) + 1, size(q.loose))
    when size(q.tokens) > size(p.tokens) and slice(q.tokens, -size(p.tokens), size(p.tokens)) = p.tokens
      then slice(q.tokens, 1, size(q.tokens) - size(p.tokens)) end`
  const measured = pairs
    .join(node('x'), 'x')
    .join(node('y'), 'y')
    .where(alike.join(' or '))
    .selectExpr(
      '*',
      'if(x_node.key < y_node.key, x_node, y_node) as a_node',
      'if(x_node.key < y_node.key, y_node, x_node) as z_node',
    )
    .selectExpr('*', 'a_node.key as a', 'z_node.key as z')
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
      `if(n = 0 and shorter >= 7, exists(p.long_songs, x -> exists(q.long_songs, y -> ${oneTypo('x', 'y')})), false) as title_alike`,
      `${sameNumbers({ a: 'a', z: 'z', aWords: 'a_node.norm', zWords: 'z_node.norm' })} as same_numbers`,
    )
    .selectExpr(
      '*',
      `${typos({ a: 'p.key', z: 'q.key', aWords: 'p.norm', zWords: 'q.norm', aPlays: 'p.plays', zPlays: 'q.plays' }, 'artists', options)} as distance`,
    )
  const known = nodes.selectExpr('key as rest_key', 'true as rest_is_name')
  const withRest = measured
    .selectExpr('*', `filter(rest, w -> not array_contains(${jointWords}, w)) as other`)
    .selectExpr('*', "array_join(other, '') as rest_key", 'size(other) < size(rest) as is_joint')
    .join(known, 'rest_key', 'left')
    // A word alone behind a name is often no act of its own: "Band", "Wings".
    .selectExpr('*', 'rest_is_name is not null and size(other) >= 2 as rest_known')
  const initials = "aggregate(q.tokens, '', (s, w) -> concat(s, left(w, 1)))"
  // A misspelling has the titles of what it misspells. Who shares one of many is somebody else, who covers it.
  // Two who share one title of two by chance are alike by chance as well, if two letters may differ.
  // A typo in a word that keys leave out ("Teh Beatles") is in the whole names alone. One that begins a word is found there as
  // well, and needs more: most titles of one in common.
  const likely = 'same_numbers and evidence >= 0.1 and part >= 0.3'
  const verdict = `case
    when same_id then ${found('musicbrainz', '0.99')}
    when n >= 1 and (p.readable is not null and q.key rlike p.readable or q.readable is not null and p.key rlike q.readable)
      then ${found('unreadable letters', '0.98')}
    when same_words and same_numbers and (n >= 1 or p.inverted <> q.inverted) then ${found('word order', `if(n >= 1, 0.97, 0.93)`)}
    when distance >= 1 and ${likely} and (distance = 1 or n >= 2 or part > 0.5) and (longer >= if(a rlike ${dense}, 9, 6) or telling >= 1 and part >= 0.5) then ${found('spelling', `1 - distance / (2 * longer)`)}
    when n >= 1 and shorter >= 3 and p.unvoiced = q.unvoiced then ${found('marks lost', '0.96')}
    when ${likely} and (n >= 2 or part > 0.5 or length(p.full) - length(p.key) <> length(q.full) - length(q.key)) and ${oneTypo('p.full', 'q.full')} then ${found('spelling', '1 - 1 / (2 * longer)')}
    when distance = 1 and same_numbers and title_alike and longer >= 7 then ${found('spelling, alike title', `0.98 - distance / (2 * longer)`)}
    when evidence >= 0.1 and size(p.bare) > 0 and p.bare = q.bare then ${found('small words', '0.96')}
    when n >= 1 and part >= 0.5 and startswith(q.key, p.key) and (p.cut or length(p.key) >= 12) and length(p.key) >= 5
      and not (${starts('q.tokens')}) then ${found('cut off', '0.94')}
    when part >= 0.3 and size(p.tokens) = 1 and length(p.key) between 2 and 4 and size(q.tokens) >= 2 and ${initials} = p.key
      then ${found('initials', '0.92')}
    when n >= 1 and regexp_replace(q.norm, ${quoted(tribute)}, '') = p.norm then ${found('tribute', '0.9')}
    when part >= 0.3 and (${starts('q.tokens')} or ${starts('q.loose')}) and length(p.key) >= if(size(p.tokens) = 1, 5, 4)
      and (is_joint and rest_is_name is not null or not rest_known and n >= if(size(p.tokens) = 1, 2, 1)) and n >= 1 then ${found('longer form', '0.91')}
    when part >= 0.3 and not rest_known and n >= if(size(p.tokens) = 1, 2, 1) and rest is not null and length(p.key) >= if(size(p.tokens) = 1, 5, 4)
      then ${found('name behind', '0.9')}
    end`
  // What the same rules would say with more titles in common.
  const nearMiss = `case
    when distance >= 1 and same_numbers then ${found('spelling', `1 - distance / (2 * longer)`)}
    when same_words and same_numbers then ${found('word order', '0.9')}
    when n >= 1 and not rest_known and (${starts('q.tokens')} or ${starts('q.loose')}) and length(p.key) >= 4 then ${found('longer form', '0.85')}
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
      'if(rest_is_name, array(p.key, rest_key), null) as sides',
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
      'sides',
    )
    .$castTo<NameEdge>()
}
