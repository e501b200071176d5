/**
 * Matching of our names with the world's. Pure: no clock, no network, no state.
 *
 * A service's own score is never used: MusicBrainz gives 100 to the best hit of every answer, however wrong it is.
 */

// Letters that NFKD does not take apart.
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}

// Accents, and the points of Hebrew and Arabic, which are written or not. Marks that make another letter stay: か and が,
// the vowels of Hindi and Thai.
const optionalMarks = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f]|\u0670|[\ufe00-\ufe0f]/gu

function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(optionalMarks, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => letters[letter] ?? letter)
}

function squash(folded: string): string {
  return folded
    .replace(/(?<=\s)\+(?=\s)|&/g, ' and ')
    .replace(/[.'’‘`´"“”!¡?¿*,]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * The comparison form of a name: no marks, lower case, `&` as "and", no punctuation, no leading "the".
 *
 * `The Beatles` → `beatles`, `Beatles, The` → `beatles`, `R.E.M.` → `rem`, `AC/DC` → `ac dc`, `Blue Öyster Cult` →
 * `blue oyster cult`. A name of nothing but such parts keeps them: `The The` → `the`, `!!!` → `!!!`.
 */
export const normName = remembering(foldedName)

function foldedName(name: string): string {
  const folded = fold(name).replace(/^(.*\S),\s*the$/, 'the $1')
  const plain = squash(folded)
  const bare = plain.replace(/^the (?=\S)/, '')
  return bare !== '' ? bare : plain !== '' ? plain : folded.replace(/\s+/g, ' ').trim()
}

// The same few names and titles are compared again and again while a packed answer is told apart.
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= 4_096) known.clear()
    const value = read(text)
    known.set(text, value)
    return value
  }
}

const compact = (normalised: string) => normalised.replace(/ /g, '')

/** What a title's version words say about the recording. */
export type TitleTag =
  | 'live'
  | 'demo'
  | 'remix'
  | 'karaoke'
  | 'acoustic'
  | 'instrumental'
  | 'edit'
  | 'remaster'
  | 'feat'

export interface Title {
  /** Comparison form without version words. */
  readonly base: string
  /** The title without version words, for a search. */
  readonly shown: string
  readonly tags: ReadonlySet<TitleTag>
}

const versionWords = new Map<string, TitleTag | null>([
  ['live', 'live'],
  ['unplugged', 'live'],
  ['concert', 'live'],
  ['demo', 'demo'],
  ['rehearsal', 'demo'],
  ['outtake', 'demo'],
  ['remix', 'remix'],
  ['remixed', 'remix'],
  ['dub', 'remix'],
  ['karaoke', 'karaoke'],
  ['acoustic', 'acoustic'],
  ['instrumental', 'instrumental'],
  ['remaster', 'remaster'],
  ['remastered', 'remaster'],
  ['edit', 'edit'],
  ['edited', 'edit'],
  ['radio', 'edit'],
  ['mix', null],
  ['extended', 'edit'],
  ['version', null],
  ['single', null],
  ['album', null],
  ['lp', null],
  ['mono', null],
  ['stereo', null],
  ['explicit', null],
  ['clean', null],
  ['bonus', null],
  ['track', null],
  ['studio', null],
  ['deluxe', null],
  ['edition', null],
  ['anniversary', null],
])
const versionFillers = new Set(
  'the original recorded digital digitally new full long short hq hd take session sessions and in at on from'.split(
    ' ',
  ),
)

// `live at Leeds`, `feat. Somebody`, `2011 remaster`, `radio edit`: the part is a version only if it starts as one does
// or holds nothing but version words.
function versionTags(part: string): TitleTag[] | null {
  const words = squash(fold(part)).split(' ').filter(Boolean)
  const first = words[0]
  if (first === undefined) return null
  if (/^(feat|ft|featuring)$/.test(first)) return ['feat']
  if (
    first === 'live' &&
    (words.length === 1 || /^(at|in|from|on|with|version|acoustic|edit|\d{4})$/.test(words[1] ?? ''))
  )
    return ['live']
  const tags: TitleTag[] = []
  let known = 0
  for (const word of words) {
    const tag = versionWords.get(word)
    if (tag !== undefined) {
      known++
      if (tag !== null) tags.push(tag)
    } else if (!versionFillers.has(word) && !/^(19|20)?\d{2}(st|nd|rd|th)?$/.test(word)) return null
  }
  return known > 0 ? tags : null
}

/**
 * A title taken apart: version words in brackets or after a dash become tags, everything else stays.
 *
 * `Hotel California (Live)` → base `hotel california`, tag `live`; `(I Can't Get No) Satisfaction` keeps its brackets'
 * words; `Live and Let Die` has no tag, because `live` stands outside of brackets.
 */
export const readTitle = remembering(titleParts)

function titleParts(title: string): Title {
  const tags = new Set<TitleTag>()
  let shown = title.normalize('NFC')
  const cut = (pattern: RegExp) => {
    shown = shown.replace(pattern, (whole, part: string) => {
      const found = versionTags(part)
      if (found === null) return whole
      for (const tag of found) tags.add(tag)
      return ' '
    })
  }
  cut(/\(([^()]*)\)/g)
  cut(/\[([^[\]]*)\]/g)
  cut(/\s[-–—]\s+([^-–—]+)$/g)
  cut(/\s((?:feat|ft|featuring)\b\.?\s.+)$/gi)
  shown = shown.replace(/\s+/g, ' ').trim()
  if (shown === '') shown = title.trim()
  return { base: normName(shown), shown, tags }
}

/** Jaro–Winkler similarity, 0…1, of two strings (prefix weight 0.1, prefix at most 4). */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const left = Array.from(a)
  const right = Array.from(b)
  if (left.length === 0 || right.length === 0) return 0
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1)
  const taken = new Array<boolean>(right.length).fill(false)
  const matched: string[] = []
  left.forEach((letter, at) => {
    for (let to = Math.max(0, at - reach); to <= Math.min(right.length - 1, at + reach); to++) {
      if (!taken[to] && right[to] === letter) {
        taken[to] = true
        matched.push(letter)
        return
      }
    }
  })
  if (matched.length === 0) return 0
  const others = right.filter((_, at) => taken[at])
  const swapped = matched.filter((letter, at) => letter !== others[at]).length / 2
  const m = matched.length
  const jaro = (m / left.length + m / right.length + (m - swapped) / m) / 3
  let prefix = 0
  while (prefix < 4 && left[prefix] === right[prefix] && prefix < Math.min(left.length, right.length)) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

export interface ArtistNames {
  readonly name: string
  readonly sortName?: string | null
  readonly aliases?: readonly string[]
}

/**
 * How well a candidate carries our name: 1 its name, 0.97 an alias, 0.95 its sort name, 0.90 a near spelling
 * (Jaro–Winkler ≥ 0.94 and at least six letters), else 0. 0.95 and more is taken, 0.90 only with a title that agrees.
 */
export function artistScore(ours: string, candidate: ArtistNames): number {
  const key = normName(ours)
  const same = (other: string) => {
    const theirs = normName(other)
    return theirs === key || (compact(theirs) === compact(key) && compact(key).length >= 3)
  }
  if (same(candidate.name)) return 1
  if (candidate.aliases?.some(same)) return 0.97
  const turned = firstNameFirst(ours)
  if (
    turned !== null &&
    [candidate.name, ...(candidate.aliases ?? [])].some((name) => normName(name) === normName(turned))
  )
    return 0.95
  const { sortName } = candidate
  if (sortName && (same(sortName) || same(firstNameFirst(sortName) ?? sortName))) return 0.95
  const near = (other: string) => {
    const theirs = normName(other)
    return Math.min(theirs.length, key.length) >= 6 && sameDigits(theirs, key) && jaroWinkler(theirs, key) >= 0.94
  }
  return near(candidate.name) || candidate.aliases?.some(near) ? 0.9 : 0
}

/** "Joel, Billy" as "Billy Joel"; null for a name with another number of commas than one. */
function firstNameFirst(name: string): string | null {
  const [, last, first] = /^([^,]+),\s*([^,]+)$/.exec(name) ?? []
  return last === undefined || first === undefined ? null : `${first} ${last}`
}

// Two parts of a work differ in a number and in nothing else, however it is written: "Part 2", "Part II".
const romans = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii']
function numbersIn(normalised: string): string {
  const words = normalised.split(' ')
  return words
    .map((word, at) => {
      const roman = romans.indexOf(word) + 1
      // "I" and "x" are mostly words of their own, unless they stand where a number does.
      const counts =
        roman > 0 && (word.length > 1 || /^(pt|part|parts|vol|volume|no|chapter|act)$/.test(words[at - 1] ?? ''))
      return counts ? String(roman) : word.replace(/\D/g, '')
    })
    .join('')
}
const sameDigits = (a: string, b: string) => numbersIn(a) === numbersIn(b)

// "goin'" and "going", "rock 'n' roll" and "rock and roll" are one title.
const loosen = (base: string) => compact(base.replace(/\b(?:and|n)\b/g, ' ').replace(/(\p{L}{2}in)g\b/gu, '$1'))

/**
 * How well two titles agree, version words aside: 1 equal, 0.95 equal but for blanks, "and", "-in'", 0.92 equal when one
 * side's bracketed part is left out, 0.90 a near spelling of at least eight letters, else 0. From 0.90 on it is a match.
 */
export function titleScore(ours: Title, theirs: Title): number {
  if (ours.base === theirs.base) return 1
  const looseOurs = loosen(ours.base)
  const looseTheirs = loosen(theirs.base)
  if (looseOurs !== '' && looseOurs === looseTheirs) return 0.95
  const bare = (title: Title) => {
    const rest = normName(title.shown.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' '))
    return rest.length >= 4 && rest !== title.base ? rest : null
  }
  const bareOurs = bare(ours)
  const bareTheirs = bare(theirs)
  if (bareOurs !== null && bareOurs === theirs.base) return 0.92
  if (bareTheirs !== null && bareTheirs === ours.base) return 0.92
  const shorter = Math.min(ours.base.length, theirs.base.length)
  return shorter >= 8 && sameDigits(ours.base, theirs.base) && jaroWinkler(ours.base, theirs.base) >= 0.96 ? 0.9 : 0
}

/**
 * True if a service that was asked about `ours` answers about the same act: the name, a near spelling, a part of it, or its
 * initials (BTO). Last.fm sometimes answers with somebody else's data.
 */
export function isEcho(ours: string, theirs: string): boolean {
  if (artistScore(ours, { name: theirs }) > 0) return true
  const [a, b] = [normName(ours), normName(theirs)]
  const initials = (name: string) =>
    name
      .split(' ')
      .map((word) => word.charAt(0))
      .join('')
  const short = a.length < b.length ? a : b
  const long = a.length < b.length ? b : a
  return (
    jaroWinkler(a, b) >= 0.85 ||
    ` ${long} `.includes(` ${short} `) ||
    initials(long).replace(/ /g, '') === short.replace(/ /g, '')
  )
}

/** Names that stand for nobody, and no name at all: no service is asked about them. */
export function isSpecialArtist(name: string): boolean {
  return (
    name.trim() === '' ||
    /^\[.*\]$/.test(name.trim()) ||
    /^(various( artists)?|unknown( artist)?|no artist|n a|untitled)$/.test(normName(name))
  )
}

/**
 * The name's first act when it names several (`feat.`, `f/`, `with`, `vs.`), else null. `&`, `and` and `+` do not count:
 * "Hall & Oates" is one act; nor does a middle initial. The whole name is always tried first.
 */
export function firstAct(name: string): string | null {
  const head = /^(.+?)\s*[([]?\s*(?:\b(?:feat|ft|featuring|with|vs|versus)\b[./]?\s+|\b[fw]\/\s*)\S/i
    .exec(name)?.[1]
    ?.trim()
  return head && head !== name && normName(head) !== normName(name) && normName(head).length >= 2 ? head : null
}

/** Spellings under which a label of Wikidata may stand, which compares exactly: as is, title case, with and without "The". */
export function labelVariants(name: string): string[] {
  const forms = spokenForms(name).flatMap((form) => {
    const bare = form.replace(/^the\s+/i, '')
    const titled = bare
      .toLowerCase()
      .replace(/(^|[\s/(&.-])(\p{L})/gu, (_, before: string, first: string) => before + first.toUpperCase())
    return [form, bare, titled, `The ${bare}`, `The ${titled}`]
  })
  return [...new Set(forms.map((form) => form.trim()).filter(Boolean))]
}

/** The name, and "First Last" where it may be written as "Last, First". */
export function spokenForms(name: string): string[] {
  const turned = firstNameFirst(name)
  return turned === null ? [name] : [name, turned]
}

export interface Credit {
  readonly mbid: string
  readonly name: string
}

/** One recording as a search shows it. */
export interface Recording {
  readonly mbid: string
  readonly title: string
  readonly lengthMs: number | null
  readonly video: boolean
  readonly credits: readonly Credit[]
  /** On an official album, single or EP that is not a live record, remix, demo or the like. */
  readonly studio: boolean
  /** Every known release of it is a live record, or it says so itself. */
  readonly live: boolean
  readonly releases: number
  readonly firstDate: string | null
}

export interface WantedTrack {
  readonly title: string
  /** Acceptable artists by id; empty: the credit's name must carry `artist`. */
  readonly artistMbids: readonly string[]
  readonly artist: string
}

export interface ChosenRecording {
  readonly recording: Recording
  /** The credit that is our artist. */
  readonly credit: Credit
  readonly score: number
  /** `title+id` or `title+name`, `…:version` when only a live, demo or remixed recording carries the title, or
   * only a studio one although ours says live. */
  readonly method: string
}

const demoting: readonly TitleTag[] = ['live', 'demo', 'remix', 'karaoke', 'instrumental']

/**
 * The recording that a station most likely played, or null.
 *
 * The title must agree, our artist must be credited and it must not be a video. Then in this order: live if our title says
 * so and only then, not demo, remix or karaoke unless it says that; on an official album or single; with a length; on more releases; earlier; by id.
 */
export function chooseRecording(wanted: WantedTrack, hits: readonly Recording[]): ChosenRecording | null {
  const ours = readTitle(wanted.title)
  const fitting: { choice: ChosenRecording; demoted: boolean; title: number }[] = []
  for (const recording of hits) {
    if (recording.video) continue
    const theirs = readTitle(recording.title)
    const title = titleScore(ours, theirs)
    if (title === 0) continue
    const byId = recording.credits.find((credit) => wanted.artistMbids.includes(credit.mbid))
    const byName = wanted.artistMbids.length > 0 ? undefined : bestCredit(wanted.artist, recording.credits)
    const credit = byId ?? byName?.credit
    if (!credit) continue
    const tagged = demoting.some((tag) => theirs.tags.has(tag) && !ours.tags.has(tag))
    const live = theirs.tags.has('live') || recording.live
    const demoted = tagged || live !== ours.tags.has('live')
    const score = title * (byId ? 1 : (byName?.score ?? 0)) * (demoted ? 0.85 : 1)
    const method = `${byId ? 'title+id' : 'title+name'}${demoted ? ':version' : ''}`
    fitting.push({ choice: { recording, credit, score: round(score), method }, demoted, title })
  }
  fitting.sort(
    (a, b) =>
      Number(a.demoted) - Number(b.demoted) ||
      b.title - a.title ||
      Number(b.choice.recording.studio) - Number(a.choice.recording.studio) ||
      Number(b.choice.recording.lengthMs !== null) - Number(a.choice.recording.lengthMs !== null) ||
      b.choice.recording.releases - a.choice.recording.releases ||
      (a.choice.recording.firstDate ?? '9').localeCompare(b.choice.recording.firstDate ?? '9') ||
      (a.choice.recording.mbid < b.choice.recording.mbid ? -1 : 1),
  )
  return fitting[0]?.choice ?? null
}

function bestCredit(artist: string, credits: readonly Credit[]): { credit: Credit; score: number } | undefined {
  let best: { credit: Credit; score: number } | undefined
  for (const credit of credits) {
    const score = artistScore(artist, credit)
    if (score > 0 && score > (best?.score ?? 0)) best = { credit, score }
  }
  return best
}

export interface ArtistCandidate {
  readonly mbid: string
  /** From `artistScore`. */
  readonly score: number
  /** How many of our titles this artist has recorded. */
  readonly titles: number
  /** How well known: site links or listens; breaks ties only. */
  readonly weight: number
}

export interface ChosenArtist {
  readonly mbid: string
  readonly score: number
  /** True when several acts carry the name and our titles do not tell them apart. */
  readonly ambiguous: boolean
  readonly method: 'name' | 'name+titles' | 'weight'
}

/**
 * Which of several acts of one name is ours, or null.
 *
 * One that carries the name (≥ 0.95) alone is taken; a near spelling (0.90) needs a title of ours. Of several the one with
 * most of our titles wins if it has at least three or twice as many as the next; else the best known, marked ambiguous.
 */
export function chooseArtist(candidates: readonly ArtistCandidate[]): ChosenArtist | null {
  const strong = candidates.filter((one) => one.score >= 0.95)
  const fitting = strong.length > 0 ? strong : candidates.filter((one) => one.score >= 0.9 && one.titles > 0)
  const sorted = [...fitting].sort(
    (a, b) => b.titles - a.titles || b.weight - a.weight || b.score - a.score || (a.mbid < b.mbid ? -1 : 1),
  )
  const [first, second] = sorted
  if (!first) return null
  if (!second)
    return { mbid: first.mbid, score: first.score, ambiguous: false, method: first.titles > 0 ? 'name+titles' : 'name' }
  const decided = first.titles > second.titles && (first.titles >= 3 || first.titles >= 2 * second.titles)
  if (decided) return { mbid: first.mbid, score: first.score, ambiguous: false, method: 'name+titles' }
  const known =
    [...fitting].sort((a, b) => b.weight - a.weight || b.titles - a.titles || (a.mbid < b.mbid ? -1 : 1))[0] ?? first
  return { mbid: known.mbid, score: known.score, ambiguous: true, method: 'weight' }
}

export interface Length {
  readonly ms: number
  /** `musicbrainz`, `listenbrainz`, `lastfm`, `deezer`, `itunes`. */
  readonly source: string
  readonly studio: boolean
}

export interface AgreedLength {
  readonly ms: number
  /** The sources that agree, `+` between them. */
  readonly source: string
  /** Longest minus shortest of all plausible lengths: a wide one says that versions differ. */
  readonly spreadMs: number
  /** False when a source outside MusicBrainz's data says something more than 10 s apart. */
  readonly agreed: boolean
}

const musicbrainzData = new Set(['musicbrainz', 'listenbrainz'])

/**
 * One length out of several: those within ±3 s form a group, the group with most sources wins (then most studio
 * recordings, then most lengths, then the shorter), its median is the answer. Only 20 s to 90 min count.
 *
 * When the winner has no MusicBrainz data and differs from MusicBrainz's by more than 10 s, MusicBrainz's is kept.
 */
export function agreeOnLength(lengths: readonly Length[]): AgreedLength | null {
  const sane = lengths.filter((one) => one.ms >= 20_000 && one.ms <= 5_400_000).sort((a, b) => a.ms - b.ms)
  const shortest = sane[0]
  const longest = sane[sane.length - 1]
  if (!shortest || !longest) return null
  const groups = sane.map((centre) => sane.filter((one) => Math.abs(one.ms - centre.ms) <= 3_000))
  const rank = (group: readonly Length[]) => [
    new Set(group.map((one) => one.source)).size,
    group.filter((one) => one.studio).length,
    group.length,
    -(group[0]?.ms ?? 0),
  ]
  const best = (choices: readonly Length[][]) =>
    choices.reduce((winner, group) => (compareRanks(rank(group), rank(winner)) > 0 ? group : winner))
  let winner = best(groups)
  const trusted = groups.filter((group) => group.some((one) => musicbrainzData.has(one.source)))
  if (!winner.some((one) => musicbrainzData.has(one.source)) && trusted.length > 0) {
    const ours = best(trusted)
    if (Math.abs(median(ours) - median(winner)) > 10_000) winner = ours
  }
  const ms = median(winner)
  const agreed = !sane.some((one) => !musicbrainzData.has(one.source) && Math.abs(one.ms - ms) > 10_000)
  const source = [...new Set(winner.map((one) => one.source))].sort().join('+')
  return { ms, source, spreadMs: Math.round(longest.ms - shortest.ms), agreed }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function median(sorted: readonly Length[]): number {
  const half = (sorted.length - 1) / 2
  return Math.round(((sorted[Math.floor(half)]?.ms ?? 0) + (sorted[Math.ceil(half)]?.ms ?? 0)) / 2)
}

const round = (score: number) => Math.round(score * 1000) / 1000
