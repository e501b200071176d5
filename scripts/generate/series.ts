import { lookalike } from './names.ts'
import type { Random } from './random.ts'

/** What a row of a catalogue says, and what it means. */
export interface CatalogueRow {
  readonly written: Name
  readonly meant: Name
  /** The other cells of the truth: guests, version, damage. */
  readonly rest: string
}

interface Name {
  readonly artist: string
  readonly song: string
}

interface Act {
  readonly name: string
  readonly songs: readonly string[]
}

const places = ['at the Paradiso', 'BBC Session 1972', 'recorded live in Ghent', 'studio recording']

/**
 * What real logs have of an act beside its songs: recordings in brackets, series with numbers and parts, two alike titles that
 * are both played well, a tribute band, a guest before a version, and letters lost in artist and title at once.
 */
export function seriesOf(act: Act, guest: string, from: Random): CatalogueRow[] {
  const [first = 'Song', second = first] = act.songs
  const rows: CatalogueRow[] = []
  const add = (kind: string, song: string, meant: string, { artist = act.name, by = act.name, plays = 1 } = {}) => {
    const row = { written: { artist, song }, meant: { artist: by, song: meant }, rest: `,,${kind}` }
    for (let i = 0; i < plays; i++) rows.push(row)
  }

  const place = from.pick(places)
  for (const song of [first, second]) add('recording', `${song} (${place})`, song)
  for (const number of ['1', '2']) add('series', `${first} (No. ${number})`, `${first} No. ${number}`)
  for (const [part, words] of [
    ['2', ['Pt. 2', 'Part II', 'Part Two']],
    ['3', ['(Pt. 3)', 'Part III', '(Part Three)']],
  ] as const) {
    for (const word of words) add('part', `${second} ${word}`, `${second} part ${part}`)
  }
  const alike = lookalike(first, from)
  if (alike !== null) {
    add('well-played pair', first, first, { plays: 3 })
    add('well-played pair', alike, alike, { plays: 3 })
  }
  const tribute = `${act.name} Tribute Band`
  for (const song of [first, second]) add('tribute', song, song, { artist: tribute, by: tribute })
  add('guest before version', `${first} feat. ${guest} - Radio Edit`, first)
  const lost = (text: string) => text.normalize('NFC').replace(/[\u00c0-\u017f]/g, '?')
  // With too many letters lost nobody could read it.
  if (lost(act.name) !== act.name && act.name.length >= 10 && !/[?].?[?]/.test(lost(act.name))) {
    add('lost letters', lost(first), first, { artist: lost(act.name) })
  }
  return rows
}
