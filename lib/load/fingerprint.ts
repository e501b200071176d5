import { createHash } from 'node:crypto'
import type { Settings } from '../config.ts'
import { codeDigest } from '../version.ts'
import type { Inputs } from './find-plays.ts'
import type { KnownNames } from './known-names.ts'

// `input` is in the list of files; the others do not change a table.
const notOfTables = new Set(['input', 'rerun', 'json', 'yes', 'lake', 'lakeFormat'])

/**
 * All that the tables of a load follow from, except the contents of its inputs, as a SHA-256 in hexadecimal: the code, the
 * flags, the settings, the files with their sizes, the overrides, the ids that enrichment found. No secret goes into it.
 */
export function fingerprint(
  { settings, options }: { readonly settings: Settings; readonly options: object },
  { files, uris }: Inputs,
  { overrides, mbids }: KnownNames,
): string {
  const { timezone, fuzzyThreshold, sparkRemote } = settings
  const flags = Object.entries(options).filter(([name]) => !notOfTables.has(name))
  const all = {
    code: codeDigest(),
    flags: flags.sort(([a], [b]) => (a < b ? -1 : 1)),
    settings: { timezone, fuzzyThreshold, spark: sparkRemote?.split(';')[0] },
    inputs: [...files.map(({ label, bytes }) => [label, bytes]), ...uris],
    overrides,
    mbids,
  }
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}
