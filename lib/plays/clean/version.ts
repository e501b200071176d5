import {
  array,
  array_distinct,
  array_join,
  type Column,
  concat,
  filter,
  length,
  lit,
  lower,
  nullif,
  regexp_extract,
  regexp_extract_all,
  regexp_replace,
  substr,
  transform,
  trim,
  when,
} from 'spark-connect-js'
import { unlessBlank, whereFound } from '../text.ts'

// Words of other languages for the tags below. Java's letters of other scripts have their case with the flag `u`.
const translations: readonly (readonly [tag: string, words: string])[] = [
  [
    'live',
    'en vivo|ao vivo|dal vivo|en directo|en public|en concert|in concert|concert|концерт\\p{L}*|ζωντανά|ライブ|라이브|[現现][場场]版?|לייב',
  ],
  [
    'acoustic',
    'ac[uú]stic[oa]|akusti(?:k|sch|c)\\p{L}*|akoestisch\\p{L}*|acoustique|акусти\\p{L}*|アコースティック|어쿠스틱',
  ],
  ['remix', 'rmx|ремикс|リミックス|리믹스'],
  ['remaster', 're-master|rema(?:s|st)eri[sz]ad[oa]|remasteris[ée]e?|ремастер\\p{L}*|リマスター|리마스터'],
  ['instrumental', 'инструментал\\p{L}*|インストゥルメンタル'],
  ['version', 'versi[oó]n|versão|versione|versie|fassung|верси[яи]|バージョン'],
  ['radio', 'радио'],
  ['a cappella', 'a ?c?cappella|a ?capella'],
  ['sped up', 'sped-?up'],
  ['re-recorded', 're-?record(?:ed|ing)'],
]
const foreign = translations.map(([, words]) => words).join('|')

// Words that make a bracket say which recording this is. They are words of the trade, in the form "(2011 Remastered Version)".
const strong = `live|acoustic|unplugged|remix(?:ed)?|re-?master(?:ed)?|demo|instrumental|explicit|clean|uncensored|censored|mono|stereo|karaoke|extended|edit(?:ed)?|radio|single|album|bonus|lp|cd|ep|promo|alternate|rehearsal|sessions?|unreleased|out-?take|long|short|full|version|vers?|mix|dub|medley|official|lyrics?|audio|video|hq|hd|orchestral|deluxe|stripped|sped up|slowed|reverb|cover|${foreign}`
// Words that may stand beside them.
const weak =
  'the|a|an|in|at|from|with|by|of|new|original|alternative|track|vinyl|take|cut|club|dance|studio|digital(?:ly)?|anniversary|edition|tv|movie|film|intro|outro|no|lyric|music|\\d{1,4}(?:st|nd|rd|th|s)?|\\d+[\'"]+'
const all = `(?:${strong}|${weak})`
const separator = '[\\s,./&+:・-]+'
// Every word is one of them, one at least a strong one: "Live", "2011 Remaster", "Mono Single", "Radio Edit".
const ofTrade = `(?=[^()\\[\\]{}]*(?<![\\p{L}\\p{N}])(?:${strong})(?![\\p{L}\\p{N}]))${all}(?:${separator}${all})*[.!]?`
// Text without brackets, and without the dash in front of another version.
const anything = '(?:(?! - )[^()\\[\\]{}])*'
// Words of a recording, in the languages that versions know.
const recorded =
  'recorded|recordings?|sessions?|grabaci[oó]n|grabad[oa]|gravação|gravad[oa]|enregistr(?:ement|ée?)|aufnahme|aufgenommen|opname|opgenomen|registrazione|registrat[oa]|запис[ьи]|записано|録音|녹음'
const content = [
  ofTrade,
  // It ends in what it is: "Rattle & Hum Version", "Rick Rubin Remix 2004", "BBC in Concert".
  `${anything}?(?<![\\p{L}\\p{N}])(?:version|edit|edition|mix|remix|re-?master(?:ed)?|demo|dub|sessions?|in concert|unplugged|soundtrack|cover|${foreign})(?: \\d{4})?`,
  // It begins with what it is: "Live at Leeds", "Acoustic from the Basement", "From the Motion Picture …", "w/o Stage Intro".
  '(?:live|acoustic|unplugged|recorded|filmed)\\s+(?:at|in|from|on|@|with|for|au|aus|bei|chez|dal|de|en|im|из|в)(?![\\p{L}\\p{N}])[^()\\[\\]{}]*',
  '(?:music |theme )?from\\s+(?:the\\s+)?["\'][^()\\[\\]{}]*|from the [^()\\[\\]{}]*(?:soundtrack|motion picture|film|movie|musical)[^()\\[\\]{}]*',
  '(?:as )?(?:made famous|(?:originally )?performed) by\\s[^()\\[\\]{}]*',
  '(?:w/o?|without|with)\\s[^()\\[\\]{}]*(?:intro|outro)[^()\\[\\]{}]*',
  // Marks of playout systems.
  '[#*]+',
].join('|')

// In a bracket also that, where or when it was recorded: "{triple j live recording, 2014}", "(At the Paradiso)".
const recording = `[^()\\[\\]{}]*(?<![\\p{L}\\p{N}])(?:${recorded})(?![\\p{L}\\p{N}])[^()\\[\\]{}]*|at the [^()\\[\\]{}]*|[^()\\[\\]{}]*(?<![\\p{L}\\p{N}])live (?:lounge|room|studio|performance|broadcast|show|set|at|from|on)(?![\\p{L}\\p{N}])[^()\\[\\]{}]*`

/** A bracket, closed or cut off, that says which recording this is: a Java regular expression, its content in group 1. */
export const bracketedVersion = `(?iu)\\s*[\\[({]\\s*(${content}|${recording})\\s*(?:[\\])}]|$)`
/** The same behind a dash at the end of a title: " - Live at Leeds - Remastered 2011"; behind a slash words of the trade alone. */
export const dashedVersion = `(?iu)(?:\\s+-\\s*(?:${content})|\\s+/\\s*(?:${ofTrade}))+\\s*$`

const duet = '(?iu:(?:in |im |en )?du(?:et|ett|etto|eto|o) (?:with|w/|con|mit|avec|com))'
const abroad = '(?iu:фит\\.?|при участии|при уч\\.|п\\. ?у\\.)'
// Words for "with" that a bracket may begin with. In a title they are words as well: "(With Myself)" is none, "(with Bono)" is.
const company = {
  artists: '(?iu:with|avec|con|com|mit|met|med|с|z|part\\.)',
  titles: '(?:with|avec|con|com)(?=\\s+[\\p{Lu}\\p{Lo}])',
}

/**
 * Guests behind a name or title, with or without brackets: group 1 or 2 holds them.
 *
 * `Feat` without a dot needs a name behind it: Little Feat is a band. `w/` needs its space: `QUEEN W/DAVID BOWIE` is a duet.
 */
const guests = (of: keyof typeof company) => {
  const inBracket = `(?i:feat|ft|featuring|with special guests?)[.:]?|(?i:w|f)/|${duet}|${abroad}|${company[of]}`
  const open = `(?:feat|ft|Ft|FT)\\.?|Feat\\.|FEAT\\.|F(?:eat|EAT)(?= [\\p{Lu}\\p{Lo}\\d])|(?i:featuring)|(?i:w|f)/|${duet}|${abroad}`
  // Without a space: `F/JAY-Z`, `ft.Jay-Z`.
  const close = '(?i:feat|ft)\\.(?=\\p{L})|[Ff]/(?=\\p{Lu})'
  return `\\s*[(\\[{]\\s*(?:(?:${inBracket})\\s+|(?i:feat|ft)\\.(?=\\p{L}))([^)\\]}]+)[)\\]}]?|\\s+(?:(?:${open})\\s+|${close})([^()\\[\\]{}]+?)(?=$|[(\\[{]|${dashedEnd})`
}
// Where a guest ends that stands before " - Radio Edit".
const dashedEnd = `\\s+-\\s*(?iu:${content})\\s*$`
// "(Live feat. Bono)": the guest goes, the version stays.
const guestOfVersion =
  '(?<=[(\\[](?i:live|acoustic|remix|radio edit))\\s+(?i:feat|ft|featuring)\\.?\\s+([^()\\[\\]]+)(?=[)\\]])'

// What every guest has; cheaper to look for than the guest.
const guestHint =
  '(?iu)f(?:ea)?t|special guest|[wf]/|du[eo]t?|фит|при уч|п\\. ?у|[(\\[{]\\s*(?:with|avec|con|com|mit|met|med|с|z|part\\.)\\s'

/** The text without its guests, unless nothing would be left. */
export const withoutGuests = (text: Column<string>, of: keyof typeof company): Column<string> =>
  whereFound(text, guestHint, unlessBlank(regexp_replace(text, `${guestOfVersion}|${guests(of)}`, ''), text))

/** The guests of a text, separated by `, `; null if none. */
export const guestsOf = (text: Column<string>, of: keyof typeof company): Column<string | null> => {
  const found = [1, 2, 3].map((group) => regexp_extract_all(text, lit(`${guestOfVersion}|${guests(of)}`), group))
  const names = transform(
    filter(concat(...found), (name) => trim(name).neq('')),
    (name) => trim(name),
  )
  return when(text.rlike(guestHint), nullif(array_join(names, ', '), lit('')))
}

// What is kept of a version beside the title. The longer phrase first.
const tags =
  'radio edit|radio version|single version|single edit|album version|extended version|extended mix|live|acoustic|unplugged|instrumental|demo|remix|remaster|medley|edit|mono|stereo|extended|explicit|clean|karaoke|alternate|a cappella|orchestral|rehearsal|outtake|session|re-recorded|cover|stripped|sped up|slowed|single|mix|version'

/**
 * The tags of the versions in `contents`, in their order, separated by `, `; null if none. Words of other languages give the
 * same tags, and `version` says nothing beside another one.
 */
export const versionTags = (contents: Column<(string | null)[]>): Column<string | null> => {
  const english = translations.reduce(
    (text, [tag, words]) => regexp_replace(text, `(?<!\\p{L})(?:${words})(?!\\p{L})`, tag),
    lower(array_join(contents, ' | ')),
  )
  const found = regexp_extract_all(english, lit(`(?<![\\p{L}])(${tags})(?:ed|s)?(?![\\p{L}])`), 1)
  return nullif(regexp_replace(array_join(array_distinct(found), ', '), '^version, |, version(?=$|,)', ''), lit(''))
}

/** The text behind a name that a longer form begins with, in any case; null if it does not. */
const behind = (longer: Column<string>, name: Column<string>): Column<string | null> =>
  when(lower(longer).startsWith(concat(lower(name), lit(' '))), substr(longer, length(name).plus(1)))

const joint = '^\\s+(?iu:with|x|×|vs\\.?|versus|avec|con|com|mit|met|med)\\s+(.+)$'

/**
 * Who is named behind the artist that a longer form means: `Dolly Parton with Kenny Rogers`, if that is played with titles of
 * Dolly Parton. Without such evidence it is a name like another: `Sleeping With Sirens`. Null if nobody is.
 */
export const guestsBehind = (longer: Column<string>, artist: Column<string>): Column<string | null> =>
  nullif(regexp_extract(behind(longer, artist), joint, 1), lit(''))

/** The tags of a version behind the title that a longer form means, without bracket or dash: `Hotel California Live`. */
export const versionBehind = (longer: Column<string>, title: Column<string>): Column<string | null> =>
  versionTags(array(regexp_extract(behind(longer, title), `(?iu)^\\s+(?:${ofTrade})$`, 0)))

/** Words behind a title that only say which recording it is, as words of its key: a Java regular expression. */
export const versionWords =
  '(?: (?:live|acoustic|unplugged|instrumental|demo|remix|radio edit|remaster|remastered|(?:19|20)\\d{2}))+'
