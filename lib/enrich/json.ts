/** An object of untrusted JSON; every field is still unknown. */
export type Json = Readonly<Record<string, unknown>>

/** The value as an object, else an empty one: a missing part of an answer reads as "nothing there". */
export function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

/** True for a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * The value as a list of objects.
 *
 * XML that was turned into JSON gives one element as an object and none as `""` or blanks (Last.fm does): both are read.
 */
export function records(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.filter(isRecord)
  return isRecord(value) ? [value] : []
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/** The value as a clean, non-empty text of at most `max` characters, else null. Control characters are dropped. */
export function text(value: unknown, max = 500): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const clean = String(value).replace(control, ' ').trim()
  if (clean.length <= max) return clean === '' ? null : clean
  return Array.from(clean).slice(0, max).join('')
}

/** The value as a finite number, also from a string ("157000"), else null. */
export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const parsed = Number(value)
  return Number.isFinite(parsed) ? parsed : null
}

/** The value as a whole number from 1 to `max`, else null: what a database column of whole numbers takes. */
export function count(value: unknown, max = 2_147_483_647): number | null {
  const parsed = number(value)
  return parsed !== null && Number.isInteger(parsed) && parsed >= 1 && parsed <= max ? parsed : null
}

/** The year that a date or a number begins with, from the first sound recordings on; else null. */
export function year(value: unknown): number | null {
  const digits = /^(\d{4})(?!\d)/.exec(text(value, 40) ?? '')?.[1]
  return digits !== undefined && Number(digits) >= 1860 && Number(digits) <= 2200 ? Number(digits) : null
}

/** The value as an ISRC without hyphens, else null. */
export function isrc(value: unknown): string | null {
  const code = (text(value, 30) ?? '').replace(/[-\s]/g, '').toUpperCase()
  return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code) ? code : null
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The value as a lower-case MusicBrainz id, else null: nothing else is ever sent as one or stored as one. */
export function mbid(value: unknown): string | null {
  const id = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return uuidForm.test(id) ? id : null
}

/** The Wikidata item in an id, an entity address or a page address, else null. */
export function itemId(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return /^(?:https?:\/\/(?:www\.)?wikidata\.org\/(?:wiki|entity)\/)?(Q[1-9]\d{0,11})$/.exec(value.trim())?.[1] ?? null
}
