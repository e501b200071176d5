import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { expr } from 'spark-connect-js'
import { type AcceptedPlay, resolveNames } from '../../lib/plays/index.ts'
import { spark, stopSpark } from './evaluate.ts'

jest.setTimeout(180_000)
afterAll(stopSpark)

/*
 * Names that a hasty eye takes for one, of many genres and languages, and misspellings of the same kinds of names. Nothing of
 * it is in the data that the rules were found on.
 */

/** Acts that are alike. They share one title, as covers and standards are shared, and have others of their own. */
const different: readonly (readonly [a: string, z: string])[] = [
  ['Blink 182', 'Blink 183'],
  ['Maroon 5', 'Maroon 4'],
  ['U2', 'UB40'],
  ['Sum 41', 'Sum 14'],
  ['Heaven 17', 'Heaven 7'],
  ['Ryan Adams', 'Bryan Adams'],
  ['Kenny Rogers', 'Kenny Loggins'],
  ['Michael Bolton', 'Michael Bublé'],
  ['Lil Wayne', 'Lil Jon'],
  ['Lil Durk', 'Lil Dirt'],
  ['Young Thug', 'Young Buck'],
  ['MC Lyte', 'MC Lite'],
  ['Chicago', 'Chicane'],
  ['Kansas', 'Arkansas'],
  ['Heart', 'Hearts'],
  ['Texas', 'Taxes'],
  ['The Cars', 'The Carps'],
  ['Bush', 'Kate Bush'],
  ['Bach, Johann Sebastian', 'Bach, Johann Christian'],
  ['Strauss I, Johann', 'Strauss II, Johann'],
  ['Strauss, Johann', 'Strauss, Richard'],
  ['Haydn, Joseph', 'Haydn, Michael'],
  ['Scarlatti, Alessandro', 'Scarlatti, Domenico'],
  ['Couperin, François', 'Couperin, Louis'],
  ['Henri Dès', 'Henri Dikongué'],
  ['André Hazes', 'André Hazes Jr.'],
  ['Nick & Simon', 'Nick & June'],
  ['Jan Smit', 'Jan Smid'],
  ['Die Ärzte', 'Die Ärztin'],
  ['Udo Lindenberg', 'Udo Jürgens'],
  ['Juan Luis Guerra', 'Juan Luis Morera'],
  ['Los Ángeles Azules', 'Los Ángeles Negros'],
  ['宇多田ヒカル', '宇多田ヒロキ'],
  ['浜崎あゆみ', '浜崎あゆこ'],
  ['محمد عبده', 'محمد عبدو الكبير'],
  ['Анна Герман', 'Анна Гёрлих'],
  ['방탄소년단', '방탄소녀단'],
  ['Любава Феенко', 'Любава Чеенко'],
  ['Stanisław Raczak', 'Stanisław Daczak'],
]

/** The right name, played a lot, and wrong ones, played once each with titles of it. */
const same: readonly (readonly [right: string, ...wrong: string[]])[] = [
  ['Red Hot Chili Peppers', 'Red Hot Chilli Peppers', 'RED HOT CHILI PEPERS', 'The Red Hot Chili Peppers'],
  ['Alanis Morissette', 'Alanis Morisette', 'Alanis Morrissette', 'Morissette, Alanis'],
  ['Sinéad O’Connor', "Sinead O'Connor", 'Sinead OConnor', 'Sinead O Conor'],
  ['Run-D.M.C.', 'Run DMC', 'RUN-DMC'],
  ['Outkast', 'OutKast', 'Out Kast', 'Outcast'],
  ['Beethoven, Ludwig van', 'Ludwig van Beethoven', 'Ludwig Van Beethofen'],
  ['Tchaikovsky, Pyotr Ilyich', 'Pyotr Ilyich Tchaikovsky', 'Pyotr Ilyich Tchaikovski'],
  ['Dvořák, Antonín', 'Antonin Dvorak', 'ANTONÍN DVOŘÁK'],
  ['The Mamas & The Papas', 'Teh Mamas & The Papas'],
  ['Doe Maar', 'Doemaar', 'DOE MAAR'],
  ['Herbert Grönemeyer', 'Herbert Gronemeyer', 'Herbert Grönemyer', 'HERBERT GRÖNEMEYER'],
  ['Héroes del Silencio', 'Heroes Del Silencio', 'Heroes del Silenco'],
  ['Маша и Медведи', 'МАША И МЕДВЕДИ', 'Маша и Медвиди'],
  ['椎名林檎', '椎名 林檎'],
  ['أم كلثوم', 'أُمّ كُلْثُوم'],
  ['DJ Khaled', 'DJ Khaled feat. Drake, Lil Wayne, Rick Ross & T-Pain', 'Dj Kahled', 'DJ KHALED FT. DRAKE'],
  ['Wu-Tang Clan', 'Wu Tang Clan', 'Wutang Clan', 'WU-TANG CLAN'],
  ['Creedence Clearwater Revival', 'CCR', 'Creedance Clearwater Revival'],
]

/** Titles of one artist that are not one. */
const titles: readonly (readonly [a: string, z: string])[] = [
  ['Prelude in C Major', 'Prelude in C Minor'],
  ['Nocturne Op. 9 No. 2', 'Nocturne Op. 9 No. 3'],
  ['Symphony No. 5', 'Symphony No. 6'],
  ['Sonate in D-Dur', 'Sonate in D-Moll'],
  ['Rocky II', 'Rocky III'],
  ['Interlude', 'Prelude'],
  ['Want You Tonight', 'Miss You Tonight'],
  ['Lonely Days', 'Lonely Nights'],
  ['Château sans Été', 'Château sous Été'],
  ['Medley: One / Two', 'One'],
]

const play = (artist: string, song: string, plays: number) => ({ artist, song, plays })
const own = (artist: string, n: number) =>
  `${['Nobody Else Knows', 'Only These Perform', 'Exclusively Heard'][n]} ${artist}`

let artists: Map<string, string>
let songs: Map<string, string>
beforeAll(async () => {
  const heard = [
    ...different.flatMap(([a, z], i) =>
      [a, z].flatMap((artist) => [
        play(artist, `A Standard of Number ${i}`, 1),
        ...[0, 1, 2].map((n) => play(artist, own(artist, n), artist === a ? 30 : 4)),
      ]),
    ),
    ...same.flatMap(([right, ...wrong]) => [
      ...[0, 1, 2].map((n) => play(right, own(right, n), 12)),
      ...wrong.flatMap((each, i) => [play(each, own(right, i % 3), 1), play(each, own(right, (i + 1) % 3), 1)]),
    ]),
    ...titles.flat().map((title, i) => play('One Artist', title, i % 2 === 0 ? 3 : 2)),
  ]
  const session = await spark()
  const frame = await session.createDataFrame<(typeof heard)[number]>(heard, 'artist string, song string, plays int')
  const plays = frame
    .select({
      raw_artist: expr<string>('artist'),
      raw_song: expr<string>('song'),
      callsign: expr<string>("'KGB'"),
      time_unix: expr<bigint>('1402943314L'),
      n: expr<number[]>('explode(sequence(1, plays))'),
    })
    .$castTo<AcceptedPlay>()
  const resolved = await resolveNames(session, plays)
  artists = new Map((await resolved.artistNames.collect()).map((row) => [row.raw_artist, row.artist_id]))
  songs = new Map((await resolved.songNames.collect()).map((row) => [`${row.raw_artist} ${row.raw_song}`, row.song_id]))
})

describe('look-alikes stay apart', () => {
  test.each(different)('%s, %s', (a, z) => expect(artists.get(a)).not.toBe(artists.get(z)))
  test.each(titles)('titles: %s, %s', (a, z) =>
    expect(songs.get(`One Artist ${a}`)).not.toBe(songs.get(`One Artist ${z}`)))
})

describe('misspellings come back', () => {
  test.each(
    same.flatMap(([right, ...wrong]) => wrong.map((each) => [each, right] as const)),
  )('%s: %s', (wrong, right) => expect(artists.get(wrong)).toBe(artists.get(right)))
})
