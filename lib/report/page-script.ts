import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'

// Each after those that it imports at the top.
const parts = [
  'browse-format',
  'browser/plays',
  'browser/address',
  'browser/element',
  'browser/sorting',
  'browser/data-table',
  'browser/links',
  'browser/cards',
  'browser/answer',
  'browser/main',
]

/**
 * The script of the page as one text: the files of `browser/` one after the other, without their imports. A top-level name
 * stands in one of them only.
 */
export function pageScript(): string {
  const ending = extname(import.meta.url)
  const files = parts.map((part) => readFileSync(new URL(`${part}${ending}`, import.meta.url), 'utf8'))
  const text = ending === '.ts' ? files.map(withoutTypes) : files
  const joined = text.map((each) => each.replace(/^import [^;]*?from '[^']+';?$\n?/gm, '').replace(/^export /gm, ''))
  return `(()=>{'use strict'\n${joined.join('\n')}\n})()`
}

/** Node warns that this may change; the tests notice if it does, and a user has nothing to do about it. */
function withoutTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
