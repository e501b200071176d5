import type { PlayField } from '../model/dialect.ts'

const words = (text: string) => new Set(text.trim().split(/\s+/))

// Words that say nothing of what a column holds, in names such as `Nombre del artista` or `Event Start Timestamp`. They are here as
// `normalName` makes them.
const fillers = words(`
  name names nom nombre nome naam namn navn nazwa imie jmeno nimi ime isim numele
  of the a on in at by for de del della dello dei di do da du des d l la le les el los las der die das des den het van von med og
  log event play plays played playing start starting begin air aired onair broadcast local show actual эфира выхода emision
  diffusion passage messa onda emissione emitido sendung gespielt spielte spielbeginn debut inizio inicio oeuvre oevre
`)

// Words that join two names: `Artist and Title`, `Data i godzina`.
const joints = words('and und y e et i a og och en ja ve и і та και')

// Forms of words that stand inside of names only.
const inside: Readonly<Record<string, PlayField>> = Object.fromEntries(
  (
    [
      [
        'raw_song',
        'songs songtitel lied liedes chanson utworu piosenki skladby pisne brani musicas canciones песни трека пісні τραγουδιου sarki laulun',
      ],
      ['raw_artist', 'kunstlers wykonawcy umelce исполнителя артиста виконавця καλλιτεχνη sanatcinin'],
      [
        'time',
        'time uhrzeit zeit heure hora ora tijd tid godzina cas kello ωρα время час saat timestamp datetime horario',
      ],
      ['date', 'date datum fecha data dato tarih дата ημερομηνια dia jour'],
    ] as const
  ).flatMap(([field, list]) => list.split(' ').map((word) => [word, field] as const)),
)

// Alone they name a column, but among other words they say little: `Track Number`, `Start ID`.
const vague = words(
  'id key uid uuid guid name when first act group band ts utc track tag nummer service stream channel',
)

/** Compounds that end in "name": `Artistnamn`, `Låtnavn`. */
const withoutName = (word: string) => word.replace(/(?<=\p{L}{3})(?:namn|navn|name|naam)$/u, '')

/**
 * The field that a name is whose every word is one that we know or says nothing: `Nombre del artista`, `Fecha/Hora`, `Titel -
 * Interpret`. Undefined where another word stands among them (`Track Number`, `Release Date`), or where they disagree.
 */
export function fieldByWords(
  name: readonly string[],
  fieldOfWord: (word: string) => PlayField | undefined,
): PlayField | undefined {
  const found: PlayField[] = []
  for (const word of name) {
    if (fillers.has(word) || (joints.has(word) && found.length > 0)) continue
    const field = inside[word] ?? (vague.has(word) ? undefined : (fieldOfWord(word) ?? fieldOfWord(withoutName(word))))
    if (field === undefined) return undefined
    if (found.at(-1) !== field) found.push(field)
  }
  const [first, second, ...others] = found
  if (second === undefined || first === undefined) return first
  if (others.length > 0) return undefined
  return pairs[`${first} ${second}`]
}

const pairs: Readonly<Record<string, PlayField>> = {
  'date time': 'time',
  'time date': 'time',
  'raw_artist raw_song': 'artist_title',
  'raw_song raw_artist': 'title_artist',
}
