import { matches, quoted, replaced, type Sql, unlessBlank, whereFound } from './sql.ts'

// Words that make a bracket say which recording this is. They are words of the trade, in the form "(2011 Remastered Version)".
const strong =
  'live|acoustic|unplugged|remix(?:ed)?|re-?master(?:ed)?|demo|instrumental|explicit|clean|uncensored|censored|mono|stereo|karaoke|extended|edit(?:ed)?|radio|single|album|bonus|lp|cd|ep|promo|alternate|re-?record(?:ed|ing)|rehearsal|sessions?|unreleased|out-?take|concert|long|short|full|version|vers?|mix|dub|medley|official|lyrics?|audio|video|hq|hd|a ?cappella|orchestral|deluxe'
// Words that may stand beside them.
const weak =
  'the|a|an|in|at|from|with|by|of|new|original|alternative|track|vinyl|take|cut|club|dance|studio|digital(?:ly)?|anniversary|edition|tv|movie|film|intro|outro|no|part|lyric|music|\\d{1,4}(?:st|nd|rd|th|s)?|\\d+[\'"]+'
const all = `(?:${strong}|${weak})`
const separator = '[\\s,./&+:-]+'
const content = [
  // Every word is one of them, one at least a strong one: "Live", "2011 Remaster", "Mono Single", "Radio Edit".
  `(?=[^()\\[\\]{}]*(?<![\\p{L}\\p{N}])(?:${strong})(?![\\p{L}\\p{N}]))${all}(?:${separator}${all})*[.!]?`,
  // It ends in what it is: "Rattle & Hum Version", "Rick Rubin Remix 2004", "BBC in Concert".
  '[^()\\[\\]{}]*?(?<![\\p{L}\\p{N}])(?:version|edit|mix|remix|rmx|re-?master(?:ed)?|demo|dub|sessions?|in concert|unplugged|soundtrack)(?: \\d{4})?',
  // It begins with what it is: "Live at Leeds", "Acoustic from the Basement", "From the Motion Picture …", "w/o Stage Intro".
  '(?:live|acoustic|unplugged|recorded|filmed)\\s+(?:at|in|from|on|@|with|for)(?![\\p{L}\\p{N}])[^()\\[\\]{}]*',
  '(?:music |theme )?from\\s+(?:the\\s+)?["\'][^()\\[\\]{}]*|from the [^()\\[\\]{}]*(?:soundtrack|motion picture|film|movie|musical)[^()\\[\\]{}]*',
  '(?:as )?(?:made famous|(?:originally )?performed) by\\s[^()\\[\\]{}]*',
  '(?:w/o?|without|with)\\s[^()\\[\\]{}]*(?:intro|outro)[^()\\[\\]{}]*',
  // Marks of playout systems.
  '[#*]+',
].join('|')

/** A bracket, closed or cut off, that says which recording this is: a Java regular expression, its content in group 1. */
export const bracketedVersion = `(?i)\\s*[\\[({]\\s*(${content})\\s*(?:[\\])}]|$)`
/** The same behind a dash at the end of a title: " - Live at Leeds - Remastered 2011". */
export const dashedVersion = `(?i)(?:\\s+-\\s+(?:${content}))+\\s*$`

/**
 * Guests behind a name or title, with or without brackets: group 1 or 2 holds them.
 *
 * `Feat` without a dot needs a name behind it: Little Feat is a band. `w/` needs its space: `QUEEN W/DAVID BOWIE` is a duet.
 */
const guest =
  '\\s*[(\\[]\\s*(?:(?i:feat|ft|featuring|with special guests?)[.:]?|(?i:w|f)/)\\s+([^)\\]]+)[)\\]]?|\\s+(?:(?:feat|ft|Ft|FT)\\.?|Feat\\.|FEAT\\.|Feat(?= [\\p{Lu}\\p{Lo}\\d])|(?i:featuring)|(?i:w|f)/)\\s+([^()\\[\\]]+)(?=$|[(\\[])'

// What every guest has; cheaper to look for than the guest.
const guestHint = '(?i)f(?:ea)?t|special guest|[wf]/'

/** The text without its guests, unless nothing would be left. */
export function withoutGuests(text: Sql): Sql {
  return whereFound(text, guestHint, unlessBlank(replaced(text, guest), text))
}

/** The guests of a text, separated by `, `; null if none. */
export function guestsOf(text: Sql): Sql {
  const found = [1, 2].map((group) => `regexp_extract_all(${text}, ${quoted(guest)}, ${group})`)
  const names = `transform(filter(concat(${found.join(', ')}), x -> trim(x) <> ''), x -> trim(x))`
  return `if(${matches(text, guestHint)}, nullif(array_join(${names}, ', '), ''), null)`
}

// What is kept of a version beside the title. The longer phrase first.
const tags =
  'radio edit|single version|single edit|album version|extended version|extended mix|live|acoustic|unplugged|instrumental|demo|remix|remaster|medley|edit|mono|stereo|extended|explicit|clean|karaoke|alternate|a ?cappella|orchestral|rehearsal|outtake|mix|version'

/** The tags of the versions in `contents` (an array of texts), in their order, separated by `, `; null if none. */
export function versionTags(contents: Sql): Sql {
  const found = `regexp_extract_all(regexp_replace(lower(array_join(${contents}, ' | ')), 're-master', 'remaster'), ${quoted(`(?<![\\p{L}])(${tags})`)}, 1)`
  return `nullif(array_join(array_distinct(${found}), ', '), '')`
}
