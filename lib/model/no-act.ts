/** What stands in the place of an artist where none is known, in small letters. Its plays count; it has no place in a ranking. */
export const noActs: readonly string[] = [
  'unknown',
  'unknown artist',
  'artist unknown',
  '[unknown]',
  '<unknown>',
  '(unknown)',
  'various',
  'various artists',
  'various artist',
  'v/a',
  'v.a.',
  'n/a',
  'null',
  'none',
  'undefined',
  'no artist',
  'unbekannt',
  'verschiedene interpreten',
  'varios artistas',
  'vários artistas',
  'artistes divers',
  'artisti vari',
  '-',
  '--',
  '---',
]

const known = new Set(noActs)

/** Whether a name stands where no artist is known: `Unknown`, `Various Artists`, `null`. */
export const isNoAct = (artist: string): boolean => known.has(artist.trim().toLowerCase())
