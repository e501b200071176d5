import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stopSpark } from './evaluate.ts'
import { type Heard, namesOf } from './heard.ts'

// More of each kind of kinds.test.ts, in other words: each act has its own titles, so that none disturbs another.

afterAll(stopSpark)
jest.setTimeout(300_000)

/** Titles of one act that are one song, and titles that are as many songs. */
const oneSong: readonly (readonly string[])[] = [
  ['Grand Design, Pt. 4', 'Grand Design (Part IV)', 'Grand Design Part Four', 'Grand Design [Pt. 4]'],
  ['Long Night, Vol. 2', 'Long Night Volume II', 'Long Night (Volume Two)'],
  ['Tango No. 7', 'Tango Nr. 7', 'Tango Number 7'],
  ['Tale of Sand (Chapter 3)', 'Tale of Sand, Chapter Three', 'Tale of Sand: Chapter III'],
  ['Ode to Rain, Parts 1 & 2', 'Ode to Rain (Pts. I and II)', 'Ode to Rain, Pt. 1-2'],
  ['Ninety-Nine Balloons', '99 Balloons'],
  ['Ten Thousand Days', '10,000 Days', '10000 Days'],
  ['The Second Coming Home', '2nd Coming Home'],
  ['Doctor Wanderlust', 'Dr. Wanderlust'],
  ['(Never Fear) The Sower', 'Never Fear the Sower'],
  ["(Can't Hear No) Satisfying", "Can't Hear No Satisfying"],
  ['Winter Song {recorded at Maida Vale}', 'Winter Song', 'Winter Song [Session Version]'],
  ['Paper Boats (At the Old Church)', 'Paper Boats'],
  ['Azul (Grabado en Madrid)', 'Azul'],
  ['Cold Rain (Enregistré à Paris, 1999)', 'Cold Rain'],
  ['12. Morning Harbour', 'Morning Harbour', '03 - Morning Harbour'],
  ['Day in the Garden, A', 'A Day in the Garden'],
  ['Slow Lane ft.Ann Lee - Single Version', 'Slow Lane'],
  ['Slow Rain (feat. Ann Lee) - Live', 'Slow Rain'],
  ['Harbor Lanterns', 'Harbor Lantrens'],
  ['Polka #5', 'Polka No. 5', 'Polka Number 5'],
  ['#8 Dreaming', 'No. 8 Dreaming', 'Number 8 Dreaming'],
  ['Grey Morning [Radio X Live Lounge]', 'Grey Morning'],
]
const manySongs: readonly (readonly string[])[] = [
  ['Sonata (Op. 27 No. 1)', 'Sonata (Op. 27 No. 2)'],
  ['Concerto (Adagio)', 'Concerto (Allegro con brio)', 'Concerto (Finale)'],
  ['Quartet (1st Movement)', 'Quartet (2nd Movement)'],
  ['Quintet (First Movement)', 'Quintet (Second Movement)'],
  ['Seasons (I. Allegro)', 'Seasons (II. Largo)'],
  ['Dream Sequence (Part 1: The Fall)', 'Dream Sequence (Part 2: The Rise)'],
  ['Night Piece [Chapter One]', 'Night Piece [Chapter Two]'],
  ['Theme {3}', 'Theme {4}'],
  ['Interlude (c)', 'Interlude (d)'],
  ['Anthem Seven', 'Anthem Eleven'],
  ['Symphony Number Five', 'Symphony Number Six'],
  ['Another Stone in the Road', 'Another Stone in the Road Two'],
  ['Band of Hearts', 'Band of Hearts (Reprise)'],
  ['Vitamin C', 'Vitamin D', 'Vitamin'],
  ['Plan', 'Plan A', 'Plan B'],
  ['Rocky II', 'Rocky III'],
  ['Mercury (over the wall)', 'Saturn (over the wall)', 'Jupiter (over the wall)', 'Over the Wall'],
  ['No One', 'Number One', 'No. 2'],
  ['Symphonic Hours in D Minor', 'Symphonic Hours in E Minor'],
  ['The Ballad of Johnny B', 'The Ballad of Johnny D'],
  ['Polka #6', 'Polka No. 7'],
  ['Rhapsody (Theme 1)', 'Rhapsody (Theme 2)'],
  ['Canon for Two (Variation IV)', 'Canon for Two (Variation V)'],
]
/** Two titles that one station plays well, both. */
const wellPlayed: readonly (readonly [string, string])[] = [
  ['Hold On Me', 'Cold On Me'],
  ['Dover', 'Lover'],
  ['Stay With Me', 'Stay With Me Tonight'],
  ['Heartbeat', 'Heartbeats'],
  ['Rain', 'Train'],
]

const oneAct: readonly (readonly string[])[] = [
  ['20,000 Watts', '20000 Watts'],
  ['Four Nonblonds', '4 Nonblonds'],
  ['Twenty One Captains', '21 Captains'],
  ['Fifth Direction', '5th Direction'],
  ['Mr. Cinders', 'Mister Cinders'],
  ['Dr. Hooker', 'Doctor Hooker'],
  ['St. Etiennette', 'Saint Etiennette'],
  ['Rev. Norton Beat', 'Reverend Norton Beat'],
  ['Greg Almanne', 'Gregory Almanne'],
  ['Queens of the Clone Age', 'QOTCA'],
  ["Nuns N' Posies", 'NNP'],
  ['Orchestral Movements in the Park', 'OMP'],
  ['Paul Siman & Art Garfinkel', 'Siman & Garfinkel'],
  ['A.B.C.D.', 'ABCD'],
  ['Aeroxmith', 'Aerozmith'],
  ['Xura', 'Xurra'],
  ['KAYLA F/DRAKO', 'Kayla'],
  ['Kaylee ft.Drako', 'Kaylee'],
  ['Mötorzug', 'M?torzug'],
  ['Trois Mères', 'Trois M?res'],
]
const twoActs: readonly (readonly [string, string])[] = [
  ['Zeppelinos', 'Zeppelinos Tribute'],
  ['Quean', 'Made Famous by Quean'],
  ['Journeymen', 'In the Style of Journeymen'],
  ['Eagleton', 'The Karaoke Crew: Eagleton'],
  ['Coldplain', 'Originally Performed By Coldplain'],
  ['Metallurgica', 'A Tribute to Metallurgica'],
  ['Genesys', 'Genesys (Cover Band)'],
  ['Felix Kubina', 'Coolheaven & Felix Kubina'],
  ['Paul McCartnam', 'Paul McCartnam & Linda McCartnam'],
  ['Paul Simonet', 'Paula Simonet'],
  ['Queenstown', 'Strings of Vienna perform Queenstown'],
  ['Purple Ployd', 'Almost Purple Ployd'],
  ['Cubanito', 'Zedd + Cubanito'],
  ['Stonewell', 'Yxor and Stonewell'],
]
/** Two acts without a title in common. */
const strangers: readonly (readonly [string, string])[] = [
  ['N.E.R.Q.', 'NERQ.'],
  ['#solo', 'Solo'],
  ['k.i.d.', 'Kid'],
  ['+45', '45'],
  ['D-Mobb', 'Mobb'],
  ['Shanti A', 'Shanti'],
  ['Blondee', 'Blonde'],
]

const act = (at: number, kind: string) =>
  `${kind} ${['Oak', 'Elm', 'Ash', 'Fir', 'Yew', 'Bay', 'Fig'][at % 7]}${'abcdefg'[at % 7]}${'qrstuvw'[Math.floor(at / 7)]}x`
const heard: Heard[] = [
  ...oneSong.flatMap((titles, i) => titles.map((title): Heard => [act(i, 'Single'), title, 1])),
  ...manySongs.flatMap((titles, i) => titles.map((title): Heard => [act(i, 'Plenty'), title, 2])),
  ...wellPlayed.flatMap((titles, i) => titles.map((title): Heard => [act(i, 'Doubles'), title, 6])),
  ...oneAct.flatMap((names, i) =>
    names.flatMap((name, n): Heard[] => [
      [name, `Opening Number of ${act(i, 'Show')}`, n === 0 ? 4 : 1],
      [name, `Encore of ${act(i, 'Night')}`, n === 0 ? 4 : 1],
    ]),
  ),
  ...twoActs.flatMap((names, i) =>
    names.flatMap((name): Heard[] => [[name, `Opening Tune of ${act(i, 'Matinee')}`, 2]]),
  ),
  ...strangers.flatMap((names, i) =>
    names.map((name, n): Heard => [name, `${['Blue', 'Quiet'][n]} Tune of ${act(i, 'Stranger')}`, 2]),
  ),
]

let artists: Readonly<Record<string, string>>
let songs: Readonly<Record<string, string>>

beforeAll(async () => {
  ;({ artists, songs } = await namesOf(heard))
})

describe('titles that are one', () => {
  test.each(oneSong.map((titles, i) => ({ titles, by: act(i, 'Single') })))('$titles', ({ titles, by }) => {
    expect(new Set(titles.map((title) => songs[`${by}: ${title}`])).size).toBe(1)
  })
})

describe('titles that are not one', () => {
  test.each(manySongs.map((titles, i) => ({ titles, by: act(i, 'Plenty') })))('$titles', ({ titles, by }) => {
    expect(new Set(titles.map((title) => songs[`${by}: ${title}`])).size).toBe(titles.length)
  })
  test.each(wellPlayed.map((titles, i) => ({ titles, by: act(i, 'Doubles') })))('$titles', ({ titles, by }) => {
    expect(new Set(titles.map((title) => songs[`${by}: ${title}`])).size).toBe(2)
  })
})

describe('acts that are one', () => {
  test.each(oneAct.map((names) => ({ names })))('$names', ({ names }) => {
    expect(new Set(names.map((name) => artists[name])).size).toBe(1)
  })
})

describe('acts that are not one', () => {
  test.each([...twoActs, ...strangers])('%s is not %s', (a, z) => expect(artists[a]).not.toBe(artists[z]))
})

test('acts of one word in capitals stay so where a third of the names are such', async () => {
  const small = await namesOf([
    ['Foster the Sheep', 'Pumped'],
    ['Foster the Sheep', 'Waste'],
    ['Childless Gambit', '3007'],
    ['QBTRKTS', 'Wildfires'],
    ['SADSADNOTSAD', 'Heated Up'],
  ])
  expect([small.artists.QBTRKTS, small.artists.SADSADNOTSAD]).toEqual(['QBTRKTS', 'SADSADNOTSAD'])
})

test('small letters that are meant so stay; small letters of a careless log go', async () => {
  const { artists: shown } = await namesOf([
    ['zedmau6', 'Ghosts'],
    ['wyll.u.am', 'Screams'],
    ['q.d. langley', 'Craving'],
    ['pale ployd', 'Thyme'],
  ])
  expect(Object.values(shown).sort()).toEqual(['Pale Ployd', 'q.d. langley', 'wyll.u.am', 'zedmau6'])
})
