import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../errors.ts'
import { maskedAddress } from '../setting-origins.ts'

/** Where a lake is. */
export interface LakePlace {
  /** As it was given, for people; no secrets. */
  readonly shown: string
  /** As Spark names it. */
  readonly uri: string
  /** A folder of this machine; null for an address that only Spark knows. */
  readonly folder: string | null
}

// Spark takes them as patterns where it reads.
const patternMark = /[*?[\]{}\\]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for
const controlMark = /[\u0000-\u001f\u007f]/

/** The place that a setting names: an address such as `s3a://…` or `file:///…`, else a folder of this machine. *Errors:* AppError `usage`. */
export function lakePlace(given: string): LakePlace {
  const isUri = /^[a-z][a-z0-9+.-]+:\//i.test(given)
  const shown = isUri ? maskedAddress(given) : given
  const refuse = (message: string, remedy: string) => new AppError('usage', message, { place: shown, remedy })
  const mark = patternMark.exec(given)?.[0] ?? (controlMark.test(given) ? 'a control character' : undefined)
  if (mark !== undefined)
    throw refuse(`the address of a lake cannot have ${mark} in it`, 'name another folder: --lake data/lake')
  if (isUri) return { shown, uri: given.replace(/\/+$/, ''), folder: null }
  const folder = resolve(given)
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw refuse('the lake is not a folder', 'name another one: --lake data/lake')
  return { shown, uri: `file://${folder}`, folder }
}
