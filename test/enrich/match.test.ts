import { describe, expect, test } from '@jest/globals'
import { chooseArtist } from '../../lib/enrich/match/artist-choice.ts'
import { artistScore, firstAct, isSpecialArtist, labelVariants } from '../../lib/enrich/match/artists.ts'
import { agreeOnLength, type Length } from '../../lib/enrich/match/lengths.ts'
import { normName } from '../../lib/enrich/match/names.ts'
import { chooseRecording, type Recording } from '../../lib/enrich/match/recordings.ts'
import { jaroWinkler } from '../../lib/enrich/match/similarity.ts'
import { readTitle, titleScore } from '../../lib/enrich/match/titles.ts'

describe('normName', () => {
  test.each([
    ['The Beatles', 'beatles'],
    ['Beatles, The', 'beatles'],
    ['THE BEATLES', 'beatles'],
    ['The The', 'the'],
    ['R.E.M.', 'rem'],
    ['AC/DC', 'ac dc'],
    ['Blue Öyster Cult', 'blue oyster cult'],
    ['Motörhead', 'motorhead'],
    ['Sigur Rós', 'sigur ros'],
    ['Mötley Crüe', 'motley crue'],
    ['Tom Petty & The Heartbreakers', 'tom petty and the heartbreakers'],
    ['Florence + The Machine', 'florence and the machine'],
    ['Guns N’ Roses', 'guns n roses'],
    ["Guns N' Roses", 'guns n roses'],
    ['“Weird Al” Yankovic', 'weird al yankovic'],
    ['!!!', '!!!'],
    ['Røyksopp', 'royksopp'],
    ['Łona', 'lona'],
    ['宇多田ヒカル', '宇多田ヒカル'],
    ['Кино', 'кино'],
    ['Björk', 'bjork'],
    ['ＡＢＢＡ', 'abba'],
    ['Йо́лка', 'иолка'],
    ['شَادِيَة', 'شادية'],
    ['†††', '†††'],
    ['Sunn O)))', 'sunn o'],
    ['Panic! At The Disco', 'panic at the disco'],
  ])('%s → %s', (name, expected) => {
    expect(normName(name)).toBe(expected)
  })

  test('marks that make another letter count', () => {
    expect(normName('バンド')).not.toBe(normName('ハント'))
    expect(normName('की')).not.toBe(normName('का'))
    expect(normName('แม่')).not.toBe(normName('มา'))
  })

  test('is idempotent', () => {
    for (const name of ['The The', 'Beatles, The', 'AC/DC', '!!!', 'Guns N’ Roses', '宇多田ヒカル', 'R.E.M.']) {
      expect(normName(normName(name))).toBe(normName(name))
    }
  })
})

describe('artistScore: accepted from 0.95 on, 0.9 only with a title', () => {
  const names = (name: string, aliases: string[] = [], sortName: string | null = null) => ({ name, aliases, sortName })
  test.each([
    ['Beatles', names('The Beatles'), 1],
    ['The Who', names('Who'), 1],
    ['AC/DC', names('AC/DC'), 1],
    ['ACDC', names('AC/DC'), 1],
    ['Ac Dc', names('AC/DC'), 1],
    ['Blue Oyster Cult', names('Blue Öyster Cult'), 1],
    ['Hall & Oates', names('Daryl Hall & John Oates', ['Hall & Oates', 'Hall and Oates']), 0.97],
    ['BTO', names('Bachman–Turner Overdrive', ['BTO']), 0.97],
    ['Joel, Billy', names('Billy Joel', [], 'Joel, Billy'), 0.95],
    ['Deff Leppard', names('Def Leppard'), 0.9],
    ['Lynard Skynard', names('Lynyrd Skynyrd'), 0],
    ['Lynyrd Skynrd', names('Lynyrd Skynyrd'), 0.9],
    ['Steven Stills', names('Stephen Stills'), 0.9],
    ['Kings', names('Kinks'), 0],
    ['Queen', names('Queens'), 0],
    ['Queen', names('Queensrÿche'), 0],
    ['Boston', names('Bosston'), 0.9],
    ['U2', names('U 2'), 0],
    ['Blink 182', names('Blink-182'), 1],
    ['Blink 181', names('Blink-182'), 0],
    ['Heart', names('Heartbreakers'), 0],
    ['Prince', names('Prince & The Revolution'), 0],
    ['Nirvana', names('Nirvana'), 1],
    ['Asia', names('Asia Minor'), 0],
    ['38 Special', names('.38 Special'), 1],
    ['ZZ Top', names('Z.Z. Top'), 1],
    ['Кино', names('Kino', ['Кино']), 0.97],
    ['宇多田ヒカル', names('宇多田ヒカル', ['Hikaru Utada']), 1],
    ['バンド', names('ハント'), 0],
    // "Last, First" against a credit, which has no sort name.
    ['Petty, Tom', names('Tom Petty'), 0.95],
    ['Joel, Billy', names('Joel Billy'), 1],
    ['Crosby, Stills, Nash', names('Nash Crosby Stills'), 0],
    ['Earth, Wind & Fire', names('Earth, Wind & Fire'), 1],
    ['Beatles, The', names('The Beatles'), 1],
    // Initials.
    ['J Geils Band', names('The J. Geils Band'), 1],
    ['KD Lang', names('k.d. lang'), 1],
    ['K D Lang', names('k.d. lang'), 1],
    ['T-Rex', names('T. Rex'), 1],
    ['B.B. King', names('BB King'), 1],
    ['B.B. King', names('Ben E. King'), 0],
    ['J.J. Cale', names('John Cale'), 0],
    // One act's name in another's.
    ['Chicago', names('Chicago Transit Authority'), 0],
    ['Kansas', names('Arkansas'), 0],
    ['Paul Simon', names('Simon & Garfunkel'), 0],
    ['The Band', names('The Steve Miller Band'), 0],
    ['America', names('Americana'), 0.9],
    ['The Animals', names('Animal'), 0.9],
    ['John Lennon', names('Julian Lennon'), 0],
    ['UB40', names('UB44'), 0],
    ['Level 42', names('Level 41'), 0],
    // Signs.
    ['P!nk', names('P!nk', ['Pink']), 1],
    ['Pink', names('P!nk', ['Pink']), 0.97],
    ['Sinead O Connor', names("Sinéad O'Connor"), 1],
    ['Earth Wind + Fire', names('Earth, Wind & Fire'), 1],
    ['+/-', names('+/-'), 1],
    ['100% Funk', names('100 Funk'), 1],
    ['Was (Not Was)', names('Was Not Was'), 1],
    ['? and the Mysterians', names('? & The Mysterians'), 1],
    ['Die Ärzte', names('Die Arzte'), 1],
  ])('%s against %j → %d', (ours, theirs, expected) => {
    expect(artistScore(ours, theirs)).toBe(expected)
  })
})

describe('readTitle', () => {
  test.each([
    ['Hotel California (Live)', 'hotel california', ['live']],
    ['Hotel California [live at the Forum]', 'hotel california', ['live']],
    ['Hotel California - Live', 'hotel california', ['live']],
    ['Hotel California - 2013 Remaster', 'hotel california', ['remaster']],
    ['Caught Up In (live)', 'caught up in', ['live']],
    ['Layla (unplugged)', 'layla', ['live']],
    ['Roxanne (radio edit)', 'roxanne', ['edit']],
    ['Roxanne (single version)', 'roxanne', []],
    ['Help! (mono)', 'help', []],
    ['Under Pressure (feat. David Bowie)', 'under pressure', ['feat']],
    ['Under Pressure feat. David Bowie', 'under pressure', ['feat']],
    ["(I Can't Get No) Satisfaction", 'i cant get no satisfaction', []],
    ["(Don't Fear) The Reaper", 'dont fear the reaper', []],
    ['Live and Let Die', 'live and let die', []],
    ['Live Wire', 'live wire', []],
    ['Long Live Rock', 'long live rock', []],
    ['Radio Ga Ga', 'radio ga ga', []],
    ['Video Killed the Radio Star', 'video killed the radio star', []],
    ['Money (That’s What I Want)', 'money thats what i want', []],
    ['Baba O’Riley', 'baba oriley', []],
    ['1999 (Edit)', '1999', ['edit']],
    ['Alive - Acoustic Version', 'alive', ['acoustic']],
    ['Something (demo)', 'something', ['demo']],
    ['Rock & Roll', 'rock and roll', []],
    ['Stop/Start', 'stop start', []],
    ['(Live)', 'live', ['live']],
    ['One (Live With Orchestra)', 'one', ['live']],
    ['Angie (Recorded Live)', 'angie', ['live']],
    ['Rumours (Deluxe Edition)', 'rumours', []],
    ["Love Story (Taylor's Version)", 'love story taylors version', []],
    ['Live With Me', 'live with me', []],
    ['Paint It, Black - Mono Version', 'paint it black', []],
    ['1-2-3', '1 2 3', []],
    ['A Day In The Life - Remastered 2009', 'a day in the life', ['remaster']],
    ['Walk This Way ft. Run-D.M.C.', 'walk this way', ['feat']],
    ['Demolition Man', 'demolition man', []],
    ['夜に駆ける (Live)', '夜に駆ける', ['live']],
  ])('%s → %s %j', (title, base, tags) => {
    const read = readTitle(title)
    expect([read.base, [...read.tags]]).toEqual([base, tags])
  })
})

describe('titleScore: a match from 0.9 on', () => {
  test.each([
    ['Satisfaction', "(I Can't Get No) Satisfaction", 0.92],
    ["(I Can't Get No) Satisfaction", 'I Can’t Get No Satisfaction', 1],
    ["Don't Fear The Reaper", '(Don’t Fear) The Reaper', 1],
    ["Runnin' With The Devil", 'Running With the Devil', 0.95],
    ["Rock 'N' Roll Band", 'Rock and Roll Band', 0.95],
    ['Rock & Roll', 'Rock and Roll', 1],
    ['Babe, I’m Gonna Leave You', "Babe I'm Gonna Leave You", 1],
    ['Bohemian Rapsody', 'Bohemian Rhapsody', 0.9],
    ['More Than A Feeling', 'More Than a Feeling', 1],
    ['More Than A Woman', 'More Than a Feeling', 0],
    ['Jump', 'Jumpin’ Jack Flash', 0],
    ['Hey', 'Hey Jude', 0],
    ['1979', '1999', 0],
    ['Song 1', 'Song 2', 0],
    ['Hotel California (live)', 'Hotel California', 1],
    ['Money', 'Money for Nothing', 0],
    ['What? (Yes + No) 100%', 'What (Yes + No) 100', 1],
    ['Группа крови', 'Группа Крови', 1],
    // Parts of a work are told apart by their numbers, however those are written.
    ['Another Brick In The Wall, Pt. 2', 'Another Brick in the Wall (Part 2)', 0.95],
    ['Another Brick In The Wall, Pt. 1', 'Another Brick in the Wall (Part 2)', 0],
    ['Another Brick In The Wall, Part II', 'Another Brick in the Wall, Part 2', 0.95],
    ['Another Brick In The Wall, Part I', 'Another Brick in the Wall, Part II', 0],
    ['Rock And Roll Part 2', 'Rock & Roll Part 1', 0],
    ['Let It Be Me', 'Let It Be', 0],
    ['Love Me Do', 'Love Me Too', 0],
    ['All My Love', 'All My Loving', 0],
    ['Walk', 'Walk This Way', 0],
    ['50% / 50%', '50 50', 1],
    ['A & B', 'A + B', 1],
    ['Who Are You?', 'Who Are You', 1],
    ['Rock & Roll All Nite', 'Rock and Roll All Night', 0.95],
    ['Pour Some Sugar On Me', 'Pour Some Sugar on Me (remix)', 1],
    ['夜に駆ける', '夜を駆ける', 0],
  ])('%s against %s → %d', (ours, theirs, expected) => {
    expect(titleScore(readTitle(ours), readTitle(theirs))).toBe(expected)
  })

  test('is symmetric', () => {
    for (const [a, b] of [
      ['Satisfaction', "(I Can't Get No) Satisfaction"],
      ['Bohemian Rapsody', 'Bohemian Rhapsody'],
      ['Jump', 'Hey Jude'],
    ] as const) {
      expect(titleScore(readTitle(a), readTitle(b))).toBe(titleScore(readTitle(b), readTitle(a)))
    }
  })
})

test.each([
  ['[unknown]', true],
  ['', true],
  ['  ', true],
  ['!!!', false],
  ['Various Artists', true],
  ['[no artist]', true],
  ['Unknown', true],
  ['N/A', true],
  ['Various', true],
  ['The Unknowns', false],
  ['Artist vs Poet', false],
])('isSpecialArtist(%s) is %s', (name, expected) => {
  expect(isSpecialArtist(name)).toBe(expected)
})

test.each([
  ['Santana feat. Rob Thomas', 'Santana'],
  ['Queen f/ David Bowie', 'Queen'],
  ['Run-D.M.C. (with Aerosmith)', 'Run-D.M.C.'],
  ['Joe Cocker with Jennifer Warnes', 'Joe Cocker'],
  ['Hall & Oates', null],
  ['Tom Petty And The Heartbreakers', null],
  ['Foreigner', null],
  ['Within Temptation', null],
  ['Dan W. Smith', null],
  ['Ray F. Price', null],
  ['f/x', null],
  ['Elvis vs. JXL', 'Elvis'],
  ['Run-D.M.C. w/ Aerosmith', 'Run-D.M.C.'],
])('firstAct(%s) is %s', (name, expected) => {
  expect(firstAct(name)).toBe(expected)
})

test('labels are asked as they are written, in title case, with and without The', () => {
  expect(labelVariants('the doors')).toEqual(['the doors', 'doors', 'Doors', 'The doors', 'The Doors'])
  expect(labelVariants('Beatles, The')).toContain('The Beatles')
  expect(labelVariants('Petty, Tom')).toContain('Tom Petty')
  expect(labelVariants('AC/DC')).toEqual(['AC/DC', 'Ac/Dc', 'The AC/DC', 'The Ac/Dc'])
})

test.each([
  ['MARTHA', 'MARHTA', 0.961],
  ['DWAYNE', 'DUANE', 0.84],
  ['DIXON', 'DICKSONX', 0.813],
  ['', 'a', 0],
  ['same', 'same', 1],
  ['abc', 'xyz', 0],
])('jaroWinkler(%s, %s) is %d, as Winkler’s paper has it', (a, b, expected) => {
  expect(jaroWinkler(a, b)).toBeCloseTo(expected, 3)
})

describe('chooseRecording', () => {
  const us = 'a1'
  const one = (mbid: string, more: Partial<Recording> = {}): Recording => ({
    mbid,
    title: 'Song One',
    lengthMs: 200_000,
    video: false,
    credits: [{ mbid: us, name: 'Alpha Band' }],
    studio: true,
    live: false,
    releases: 3,
    firstDate: '1979',
    ...more,
  })
  const choose = (title: string, hits: Recording[], artistMbids: string[] = [us]) =>
    chooseRecording({ title, artist: 'Alpha Band', artistMbids }, hits)
  const live = (mbid: string) => one(mbid, { title: 'Song One (live)', live: true, studio: false })

  test.each<[string, string, Recording[], string | null]>([
    ['the studio recording before the live one', 'Song One', [live('r1'), one('r2')], 'r2'],
    ['the live one if ours says live', 'Song One (Live)', [one('r1'), live('r2')], 'r2'],
    ['no video', 'Song One', [one('r1', { video: true })], null],
    ['no other artist', 'Song One', [one('r1', { credits: [{ mbid: 'b2', name: 'Beta' }] })], null],
    ['no other title', 'Song Two', [one('r1')], null],
    ['an official album before nothing of the kind', 'Song One', [one('r1', { studio: false }), one('r2')], 'r2'],
    ['a length before none', 'Song One', [one('r1', { lengthMs: null }), one('r2')], 'r2'],
    ['more releases', 'Song One', [one('r1', { releases: 1 }), one('r2', { releases: 9 })], 'r2'],
    ['the earlier date', 'Song One', [one('r1', { firstDate: '1990' }), one('r2', { firstDate: '1979' })], 'r2'],
    ['the lower id when all is equal', 'Song One', [one('r2'), one('r1')], 'r1'],
    ['only live hits: taken', 'Song One', [live('r1')], 'r1'],
    [
      'a joint credit',
      'Song One',
      [
        one('r1', {
          credits: [
            { mbid: 'b2', name: 'Beta' },
            { mbid: us, name: 'Alpha Band' },
          ],
        }),
      ],
      'r1',
    ],
    [
      'karaoke only last',
      'Song One',
      [one('r1', { title: 'Song One (karaoke version)' }), one('r2', { releases: 1 })],
      'r2',
    ],
  ])('%s', (_, title, hits, expected) => {
    expect(choose(title, hits)?.recording.mbid ?? null).toBe(expected)
  })

  test('does not depend on the order of the hits', () => {
    const hits = [live('r1'), one('r2', { releases: 1 }), one('r3'), one('r4', { lengthMs: null })]
    expect(choose('Song One', hits)).toEqual(choose('Song One', [...hits].reverse()))
  })

  test('says when only a version was found', () => {
    expect(choose('Song One', [live('r1')])).toMatchObject({ method: 'title+id:version', score: 0.85 })
    expect(choose('Song One (Live)', [one('r1')])).toMatchObject({ method: 'title+id:version', score: 0.85 })
    expect(choose('Song One (Live)', [live('r1')])).toMatchObject({ method: 'title+id', score: 1 })
  })

  test('without ids the credit must carry the name', () => {
    const wrong = one('r1', { credits: [{ mbid: 'b2', name: 'Beta' }] })
    expect(choose('Song One', [wrong, one('r2')], [])).toMatchObject({
      recording: { mbid: 'r2' },
      method: 'title+name',
    })
  })
})

describe('chooseArtist', () => {
  const act = (mbid: string, score: number, titles: number, weight = 0) => ({ mbid, score, titles, weight })
  test.each([
    ['one that carries the name', [act('a', 1, 0)], { mbid: 'a', ambiguous: false }],
    ['a near spelling without a title', [act('a', 0.9, 0)], null],
    ['a near spelling with a title', [act('a', 0.9, 1)], { mbid: 'a', ambiguous: false }],
    ['an exact one before a near one with titles', [act('a', 1, 0), act('b', 0.9, 5)], { mbid: 'a', ambiguous: false }],
    ['homonyms: three titles classify', [act('a', 1, 3, 1), act('b', 1, 2, 99)], { mbid: 'a', ambiguous: false }],
    ['homonyms: twice as many classify', [act('a', 1, 0, 99), act('b', 1, 1, 1)], { mbid: 'b', ambiguous: false }],
    [
      'homonyms: 2 against 1 is twice as many',
      [act('a', 1, 1, 99), act('b', 1, 2, 1)],
      { mbid: 'b', ambiguous: false },
    ],
    [
      'homonyms: a tie goes to the better known, marked',
      [act('a', 1, 1, 1), act('b', 1, 1, 9)],
      { mbid: 'b', ambiguous: true },
    ],
    ['homonyms: nothing known at all, marked', [act('b', 1, 0), act('a', 1, 0)], { mbid: 'a', ambiguous: true }],
    ['nobody', [], null],
  ])('%s', (_, candidates, expected) => {
    const chosen = chooseArtist(candidates)
    if (expected === null) expect(chosen).toBeNull()
    else expect(chosen).toMatchObject(expected)
  })
})

describe('agreeOnLength', () => {
  const at = (ms: number, source: string, studio = true): Length => ({
    ms,
    source,
    studio,
    isReference: source === 'musicbrainz' || source === 'listenbrainz',
  })
  test.each<[string, Length[], { ms: number; source: string; spreadMs: number; agreed: boolean } | null]>([
    ['none', [], null],
    ['one', [at(157_000, 'musicbrainz')], { ms: 157_000, source: 'musicbrainz', spreadMs: 0, agreed: true }],
    [
      'two that agree',
      [at(157_000, 'musicbrainz'), at(158_000, 'lastfm')],
      { ms: 157_500, source: 'lastfm+musicbrainz', spreadMs: 1_000, agreed: true },
    ],
    [
      'the group with more sources',
      [at(157_000, 'musicbrainz'), at(200_000, 'listenbrainz'), at(201_000, 'lastfm')],
      { ms: 200_500, source: 'lastfm+listenbrainz', spreadMs: 44_000, agreed: true },
    ],
    [
      'the studio recording on a tie',
      [at(157_000, 'musicbrainz', false), at(200_000, 'musicbrainz', true)],
      { ms: 200_000, source: 'musicbrainz', spreadMs: 43_000, agreed: true },
    ],
    [
      'Last.fm far off: MusicBrainz stays, less sure',
      [at(157_000, 'musicbrainz', false), at(300_000, 'lastfm', true)],
      { ms: 157_000, source: 'musicbrainz', spreadMs: 143_000, agreed: false },
    ],
    [
      'two outside sources against MusicBrainz',
      [at(157_000, 'musicbrainz'), at(300_000, 'lastfm'), at(300_000, 'deezer')],
      { ms: 157_000, source: 'musicbrainz', spreadMs: 143_000, agreed: false },
    ],
    ['shorter than 20 s', [at(19_000, 'musicbrainz')], null],
    ['longer than 90 min', [at(5_400_001, 'musicbrainz')], null],
    [
      'zero does not count',
      [at(0, 'lastfm'), at(157_000, 'musicbrainz')],
      { ms: 157_000, source: 'musicbrainz', spreadMs: 0, agreed: true },
    ],
  ])('%s', (_, lengths, expected) => {
    expect(agreeOnLength(lengths)).toEqual(expected)
  })

  test('does not depend on the order', () => {
    const lengths = [at(157_000, 'musicbrainz'), at(159_000, 'listenbrainz'), at(200_000, 'lastfm')]
    expect(agreeOnLength(lengths)).toEqual(agreeOnLength([...lengths].reverse()))
  })
})
