import { type Column, fieldsOf, length, lower, regexp_replace, substr, when } from 'spark-connect-js'
import type { CleanArtist } from './artist-name.ts'
import type { CleanTitle } from './song-name.ts'

// A number with its mark: "08-", "8. ", "08 - ". Without the mark it is a title: "50 Ways".
const trackNumber = '^\\d{1,2}(?: ?[-.)] ?| - )(?=\\p{L})'

/**
 * The key of a title without what is in front of it: a track number (`08 - Wildfire`) or the name of its act
 * (`Wildfire Band - Smoke`); null if nothing is. It says something only if the act has the rest as a title.
 */
export const keyBehindFront = (artist: Column<CleanArtist>, title: Column<CleanTitle>): Column<string | null> => {
  const [a, s] = [fieldsOf(artist), fieldsOf(title)]
  const isNamed = s.key.startsWith(a.key).and(lower(s.display).startsWith(lower(a.display)))
  const behindName = s.display.rlike(' - ').and(length(s.key).gt(length(a.key)))
  return when(s.display.rlike(trackNumber), regexp_replace(s.key, '^\\d{1,2}', '')).when(
    isNamed.and(behindName),
    substr(s.key, length(a.key).plus(1)),
  )
}
