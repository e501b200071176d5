import type { PlayField } from '../model/dialect.ts'
import { columnSynonyms } from './column-synonyms.ts'
import { fieldByWords } from './column-words.ts'

/** What a name says of its column. */
export interface FoundName {
  readonly field: PlayField
  /** How sure the name is: 0 is the surest. */
  readonly rank: number
}

// Letters that Unicode does not take apart.
const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ı: 'i', ø: 'o', đ: 'd', ß: 'ss', œ: 'oe', æ: 'ae' }

const fieldByName = new Map<string, FoundName>()
for (const [field, names] of Object.entries(columnSynonyms)) {
  names.forEach((name, rank) => {
    const normal = normalName(name)
    if (!fieldByName.has(normal)) fieldByName.set(normal, { field: field as PlayField, rank })
  })
}

const fieldBySqueezed = new Map([...fieldByName].map(([name, found]) => [squeezed(name), found]))

/** The rank of names that are put together of words that we know. The contents must bear them out. */
export const rankByWords = 1000

/**
 * The field that a column of this name is, and how sure the name is.
 *
 * Compared without case, accents and punctuation; then without what stands in brackets (`Artist Name(s)`, `Time (UTC)`),
 * then without spaces (`trackname`), then word by word in the singular; at last by the words that it is put together of
 * (`Nombre del artista`, `Artist / Title`).
 */
export function fieldNamed(name: string): FoundName | undefined {
  if (name.length > maxNameLength) return undefined
  const bare = name.replace(/[([{][^)\]}]*[)\]}]/g, ' ')
  for (const form of [name, bare]) {
    const normal = normalName(form)
    const found = fieldByName.get(normal) ?? fieldBySqueezed.get(squeezed(normal)) ?? fieldByName.get(singular(normal))
    if (found) return found
  }
  const field = fieldByWords(normalName(bare).split(' '), (word) => fieldByName.get(word)?.field)
  return field && { field, rank: rankByWords }
}

// Ours are far shorter. What is longer is text, and must not reach the patterns.
const maxNameLength = 100

const singular = (name: string) => name.replace(/(\p{L}{3,})s\b/gu, '$1')

/** A column name without case, accents, punctuation and camel case: `PlayedAt`, `played_at` and `"Played At:"` are one. */
export function normalName(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[łıøđßœæ]/g, (letter) => plainLetters[letter]!)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** `track name` and `trackname` are one. */
function squeezed(name: string): string {
  return name.replaceAll(' ', '')
}
