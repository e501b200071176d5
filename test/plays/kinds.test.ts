import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stopSpark } from './evaluate.ts'
import { type Heard, namesOf } from './heard.ts'

// Kinds of names that real logs have, in one log: acts do not disturb each other. Names are made up where that does not matter.

afterAll(stopSpark)
jest.setTimeout(300_000)

const three = ['KAAA', 'KBBB', 'KCCC'] as const

const heard: readonly Heard[] = [
  // A text in brackets that several titles share.
  ['Bracket Hub', 'Song One (over the hill)'],
  ['Bracket Hub', 'Song Two (over the hill)'],
  ['Bracket Hub', 'Over the Hill'],
  ['One Alias', 'Good Ridings (Lime Of Your Time)', 3],
  ['One Alias', 'Lime Of Your Time', 2],
  // Where or when it was recorded.
  ['Venue', 'Pumped Down Tricks', 2],
  ['Venue', 'Pumped Down Tricks {radio j live recording, Grass Festival 2014}', 3],
  ['Venue', 'Pumped Down Tricks (At the Paradiso)'],
  // Parts and numbers in brackets.
  ['Floydians', 'Shine Over Me (Parts I-V)', 2],
  ['Floydians', 'Shine Over Me, Pts. 1-5'],
  ['Floydians', 'Shine Over Me (Parts VI-IX)', 2],
  ['Composer', 'Symphony (No. 5)'],
  ['Composer', 'Symphony (No. 6)'],
  ['Composer', 'Suite (Vol. 1)'],
  ['Composer', 'Suite (Vol. 2)'],
  ['Composer', 'Nocturne (1)'],
  ['Composer', 'Nocturne (2)'],
  ['Composer', 'Serenade (I)'],
  ['Composer', 'Serenade (II)'],
  ['Composer', 'Bagatelle in Blue (a)'],
  ['Composer', 'Bagatelle in Blue (b)'],
  ['Bricklayers', 'Another Crack in the Wall, Pt. 3'],
  ['Bricklayers', 'Another Crack in the Wall, Part III'],
  ['Bricklayers', 'Another Crack in the Wall, Part Three'],
  ['Bricklayers', 'Another Crack in the Wall, Pt. 1'],
  ['Bricklayers', 'Another Crack in the Wall, Part I'],
  ['Bricklayers', 'Another Crack in the Wall, Part One'],
  // Two titles that are both played well.
  ['Maria Carrel', 'Honey', 3],
  ['Maria Carrel', 'Money', 3],
  ['Butler Trio', 'Better Than', 8],
  ['Butler Trio', 'Betterman', 8],
  ['Hester', 'Catch the Rocket', 6, three],
  ['Hester', 'Catch the Pocket', 6, three],
  ['Hester', 'Catch the Rockat', 1],
  ['Finder', 'Find the Ballads', 30, three],
  ['Finder', 'Find the Ballads Nelson', 9, three],
  ['Finder', 'Find the Ballads Nels', 1],
  ['Pat', 'We Belong Here', 6, three],
  ['Pat', 'We Belong Here Together', 6, three],
  ['Speller', 'Seperate Weighs', 1],
  ['Speller', 'Separate Weighs', 20],
  ['Drummer', 'Absolutions'],
  ['Drummer', 'Abstrutions'],
  // Equal letters where initials or signs were dropped.
  ['Wylliam', 'My Own Tune'],
  ['Wylliam', 'Second Tune'],
  ['wyll.i.am', 'Scream and Whisper'],
  ['M.Y.A.', 'Paper Trains'],
  ['MYA.', 'Tanz der Atome'],
  ['@quiet', 'Dirt on the Wheel'],
  ['Quiet', 'Another Thing'],
  ['Q.R.S.', 'Losing My Region', 3],
  ['QRS', 'Losing My Region', 5],
  // n before a name.
  ['*NSINK', 'Bye Bye Then', 2],
  ['NSINK', 'Bye Bye Then'],
  ["'N Sink", 'Bye Bye Then'],
  ['N Sink', 'Bye Bye Then'],
  ['N-Dabz', 'Number Ten'],
  ['Dabz', 'Other Tune'],
  // Articles at the end.
  ['Marielle', 'Un train qui dort'],
  ['Marielle N', 'I Wanna Go'],
  ['Delta', 'Vitamin A'],
  ['Delta', 'Vitamin'],
  ['Delta', 'Song A'],
  ['Delta', 'Song B'],
  ['Delta', 'Song N'],
  ['Delta', 'Song'],
  // Other acts that play the songs of an act.
  ['ABBO', 'Dancing King', 3],
  ['ABBO', 'Papa Mia', 3],
  ['ABBO Tribute Band', 'Dancing King'],
  ['ABBO Tribute Band', 'Papa Mia'],
  ['Karaoke ABBO', 'Dancing King'],
  ['ABBO (Karaoke)', 'Papa Mia'],
  // One word in front of a sign.
  ['Pete Rocker', 'Let It Roll', 4],
  ['Pete Rocker', 'Let It Slide', 4],
  ['Adorno / Pete Rocker', 'Let It Roll', 2],
  ['Adorno', 'One for the Trouble', 2],
  // What belongs together.
  ['12,000 Lunatics', 'Because of the Night', 2],
  ['12000 Lunatics', 'Because of the Night'],
  ['Beyonda', 'Crazy in Traffic', 3],
  ['BEYONDA F/KAY-Z', 'Crazy in Traffic'],
  ['Beyonda ft.Kay-Z', 'Crazy in Traffic'],
  ['BEYONDA f/ KAY-Z', 'Crazy in Traffic'],
  ['Ashharbour', 'Quarry feat. The Anchor - Remastered 2011'],
  ['Ashharbour', 'Quarry'],
  ['Garçon Valchandre', 'Château de Fenêtre'],
  ['Garçon Valchandre', 'Rivière'],
  ['Gar?on Valchandre', 'Ch?teau de Fen?tre'],
  ['Gar?on Valchandre', 'Rivi?re'],
  ['Sjörd på Ekvistar', 'Fjäll Granbergar', 3],
  ['Sj?rd p? Ekvistar', 'Fj?ll Granbergar'],
  ['Three Gates Down', 'Kryptonomicon', 3],
  ['3 Gates Down', 'Kryptonomicon'],
  ['Mr. Misty', 'Broken Wheels', 3],
  ['Mister Misty', 'Broken Wheels'],
  ['Philip Collings', 'In the Hair Tonight', 3],
  ['Phil Collings', 'In the Hair Tonight'],
  ['Roar Against the Kettle', 'Killing in the Game', 3],
  ['RATK', 'Killing in the Game'],
  ['Carl Hull & Joan Oakes', 'Maneater of Kumaon', 3],
  ['Hull & Oakes', 'Maneater of Kumaon'],
  ['Stinx', 'Fields of Silver', 3],
  ['Stynx', 'Fields of Silver'],
  ['Roundabouts', 'Three Steps Forward', 2],
  ['Roundabouts', '3 Steps Forward'],
  ['Bellamy', '07 - Harbour Lights', 3],
  ['Bellamy', 'Harbour Lights', 2],
  ['Bellamy', '50 Harbours', 2],
  ['Donald G', 'Donald G - 3006', 3],
  ['Donald G', '3006', 2],
  ['Lowell feat. Tyra', 'Take Cover', 3],
  ['Lowell', 'Orbit', 2],
  ['Lowell & Tyra', 'Take Cover', 2],
  // What is shown.
  ['SBTRKTS', 'Hold It'],
  ['BADBADNOTNICE', 'Heated'],
  ['STEELY DANIELS', 'Pegs'],
]

let artists: Readonly<Record<string, string>>
let songs: Readonly<Record<string, string>>

beforeAll(async () => {
  ;({ artists, songs } = await namesOf(heard))
})

/** The titles of an act in groups of one song, as they are written. */
function songsOf(...acts: readonly string[]): string[][] {
  const groups = new Map<string, string[]>()
  for (const [artist, song] of heard) {
    if (!acts.includes(artist)) continue
    const clean = songs[`${artist}: ${song}`]!
    const group = groups.get(clean) ?? []
    if (!group.includes(song)) group.push(song)
    groups.set(clean, group)
  }
  return [...groups.values()]
}

describe('titles that are not one', () => {
  test.each([
    ['a text in brackets that several titles share', 'Bracket Hub'],
    ['two titles of one station that are both played well', 'Maria Carrel'],
    ['two alike titles, one longer', 'Butler Trio'],
    ['a longer title that three stations play beside the other', 'Pat'],
    ['numbers, numerals and letters in brackets', 'Composer'],
    ['articles at the end', 'Delta'],
    ['two titles of one word with two other letters, played once each', 'Drummer'],
  ])('%s', (_, act) => {
    const own = heard.filter(([artist]) => artist === act).map(([, song]) => [song])
    expect(songsOf(act)).toEqual(own)
  })
})

describe('titles that are one', () => {
  test.each<[kind: string, act: string, groups: string[][]]>([
    ['a text in brackets that one title has', 'One Alias', [['Good Ridings (Lime Of Your Time)', 'Lime Of Your Time']]],
    [
      'where it was recorded',
      'Venue',
      [
        [
          'Pumped Down Tricks',
          'Pumped Down Tricks {radio j live recording, Grass Festival 2014}',
          'Pumped Down Tricks (At the Paradiso)',
        ],
      ],
    ],
    [
      'ranges of parts',
      'Floydians',
      [['Shine Over Me (Parts I-V)', 'Shine Over Me, Pts. 1-5'], ['Shine Over Me (Parts VI-IX)']],
    ],
    [
      'a part in other words',
      'Bricklayers',
      [
        [3, 'III', 'Three'].map((part, i) => `Another Crack in the Wall, ${i === 0 ? 'Pt.' : 'Part'} ${part}`),
        [1, 'I', 'One'].map((part, i) => `Another Crack in the Wall, ${i === 0 ? 'Pt.' : 'Part'} ${part}`),
      ],
    ],
    [
      'a misspelling that is rare beside two titles that three stations play',
      'Hester',
      [['Catch the Rocket', 'Catch the Rockat'], ['Catch the Pocket']],
    ],
    [
      'a third spelling joins two that are both played well to one of them at most',
      'Finder',
      [['Find the Ballads'], ['Find the Ballads Nelson', 'Find the Ballads Nels']],
    ],
    ['a misspelling beside what it misspells', 'Speller', [['Seperate Weighs', 'Separate Weighs']]],
    ['a guest before a version', 'Ashharbour', [['Quarry feat. The Anchor - Remastered 2011', 'Quarry']]],
    ['a track number in front', 'Bellamy', [['07 - Harbour Lights', 'Harbour Lights'], ['50 Harbours']]],
    ['the name of the act in front', 'Donald G', [['Donald G - 3006', '3006']]],
    ['a number in words', 'Roundabouts', [['Three Steps Forward', '3 Steps Forward']]],
  ])('%s', (_, act, groups) => expect(songsOf(act)).toEqual(groups))

  test('letters lost in artist and title at once', () => {
    expect(songsOf('Garçon Valchandre', 'Gar?on Valchandre')).toEqual([
      ['Château de Fenêtre', 'Ch?teau de Fen?tre'],
      ['Rivière', 'Rivi?re'],
    ])
  })
})

describe('acts that are not one', () => {
  test.each([
    ['Wylliam', 'wyll.i.am'],
    ['M.Y.A.', 'MYA.'],
    ['@quiet', 'Quiet'],
    ['N-Dabz', 'Dabz'],
    ['Marielle', 'Marielle N'],
    ['ABBO', 'ABBO Tribute Band'],
    ['ABBO', 'Karaoke ABBO'],
    ['ABBO', 'ABBO (Karaoke)'],
    ['Pete Rocker', 'Adorno / Pete Rocker'],
  ])('%s is not %s', (a, z) => expect(artists[a]).not.toBe(artists[z]))
})

describe('acts that are one', () => {
  test.each([
    ['QRS', 'Q.R.S.'],
    ['*NSINK', 'NSINK', "'N Sink", 'N Sink'],
    ['12,000 Lunatics', '12000 Lunatics'],
    ['Beyonda', 'BEYONDA F/KAY-Z', 'Beyonda ft.Kay-Z', 'BEYONDA f/ KAY-Z'],
    ['Garçon Valchandre', 'Gar?on Valchandre'],
    ['Sjörd på Ekvistar', 'Sj?rd p? Ekvistar'],
    ['Three Gates Down', '3 Gates Down'],
    ['Mr. Misty', 'Mister Misty'],
    ['Philip Collings', 'Phil Collings'],
    ['Roar Against the Kettle', 'RATK'],
    ['Carl Hull & Joan Oakes', 'Hull & Oakes'],
    ['Stinx', 'Stynx'],
    ['Lowell feat. Tyra', 'Lowell & Tyra', 'Lowell'],
  ])('%s', (...names) => expect(names.map((name) => artists[name])).toEqual(names.map(() => artists[names[0]!])))
})

describe('what is shown', () => {
  test('the plain title, where it is attested', () => {
    expect(songs['Donald G: Donald G - 3006']).toBe('Donald G: 3006')
    expect(songs['Bellamy: 07 - Harbour Lights']).toBe('Bellamy: Harbour Lights')
    expect(songs['Venue: Pumped Down Tricks (At the Paradiso)']).toBe('Venue: Pumped Down Tricks')
  })

  test('one word in capitals stays in a log that does not shout', () => {
    expect([artists.SBTRKTS, artists.BADBADNOTNICE, artists['STEELY DANIELS']]).toEqual([
      'SBTRKTS',
      'BADBADNOTNICE',
      'Steely Daniels',
    ])
  })
})
