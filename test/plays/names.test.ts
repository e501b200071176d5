import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Column, concat_ws, fieldsOf } from 'spark-connect-js'
import { artistName } from '../../lib/plays/clean/artist-name.ts'
import { repaired } from '../../lib/plays/clean/repair.ts'
import { songName } from '../../lib/plays/clean/song-name.ts'
import { inProperCase } from '../../lib/plays/clean/spelling.ts'
import { catalogueDamage } from '../../scripts/generate/catalogue.ts'
import { misspell } from '../../scripts/generate/damage.ts'
import { inventWorld, languages } from '../../scripts/generate/names.ts'
import { hash, random } from '../../scripts/generate/random.ts'
import { type Case, evaluate, type Rule, stopSpark } from './evaluate.ts'

afterAll(stopSpark)

const given: string[] = []
const artistKey: Rule = (text) => fieldsOf(artistName(text)).key
const songKey: Rule = (text) => fieldsOf(songName(text)).key
/** The parts that are there, side by side. */
const joined = (mark: string, ...parts: readonly Column<string | null>[]) => concat_ws(mark, ...parts)

function table(title: string, rule: Rule, cases: readonly Case[]) {
  given.push(...cases.map((each) => each.given))
  describe(title, () => {
    let got: unknown[]
    beforeAll(async () => {
      got = await evaluate(
        rule,
        cases.map(({ given }) => given),
      )
    })
    cases.forEach(({ name, given, want }, i) => {
      test(`${name}: ${JSON.stringify(given)}`, () => expect(got[i]).toEqual(want))
    })
  })
}

const cases = (list: readonly (readonly [name: string, given: string, want: unknown])[]): Case[] =>
  list.map(([name, given, want]) => ({ name, given, want }))

table(
  'mending',
  repaired,
  cases([
    ['two rounds of UTF-8 as Latin-1, 64 rows of the real file', 'Blue Ã\x83Â\x96yste', 'Blue Öyste'],
    ['the last character cut in two', 'QueensrÃ\x83\ufffd', 'Queensr'],
    ['UTF-8 as Latin-1', 'BeyoncÃ©', 'Beyoncé'],
    ['UTF-8 as Windows-1252', 'Donâ€™t Stop', "Don't Stop"],
    ['three rounds', 'MÃ\x83Â\x83Ã\x82Â¶tley', 'Mötley'],
    ['Cyrillic as Latin-1', 'Ð\x9aÐ¸Ð½Ð¾', 'Кино'],
    ['no mojibake: letters of Latin-1 beside each other', 'Ãlvaro Ñoño', 'Ãlvaro Ñoño'],
    ['no mojibake: other scripts beside it', 'Â© Кино', 'Â© Кино'],
    ['named entities', 'Guns N&apos; Roses &amp; Mot&ouml;rhead', "Guns N' Roses & Motörhead"],
    ['numeric entities', 'Rock &#39;n&#x27; Roll &#8217;', "Rock 'n' Roll '"],
    ['entities escaped twice', 'Caf&amp;eacute;', 'Café'],
    ['no entity', 'AT&T; R&B', 'AT&T; R&B'],
    ['an entity of no character', 'a&#1114112;b&#xD800;c', 'a b c'],
    ['control characters and spaces of every kind', '\tA\u00a0B\u2003C\u3000D\r', 'A B C D'],
    ['invisible characters', 'A\u200bB\ufeffC\u00adD\u202eE', 'ABCDE'],
    ['joiners stay', 'می‌خواهم', 'می‌خواهم'],
    ['quotes and dashes', '‘Heroes’ — “Live” – x′', `'Heroes' - "Live" - x'`],
    ['quotes around the whole', '"Crazy Train"', 'Crazy Train'],
    ['half of a pair of quotes', '"Silver', 'Silver'],
    ['inches stay', 'Blue Monday 12"', 'Blue Monday 12"'],
    ['quotes inside stay', 'The "5" Royales', 'The "5" Royales'],
    ['Korean taken apart', '한국'.normalize('NFD'), '한국'],
    ['kana taken apart', 'ガール'.normalize('NFD'), 'ガール'],
    ['kana of half the width', 'ｶﾞｰﾙﾊﾟﾝｸ', 'ガールパンク'],
    ['brackets of full width', 'アイドル（ライブ）【新】', 'アイドル(ライブ)[新]'],
    ['nothing but quotes', '""', '""'],
    ['nothing', '', ''],
  ]),
)

table(
  'guests',
  (text) => joined(' + ', fieldsOf(artistName(text)).display, fieldsOf(artistName(text)).featured),
  cases([
    ['feat.', 'Drake feat. Rihanna', 'Drake + Rihanna'],
    ['ft', 'Jay-Z ft Alicia Keys', 'Jay-Z + Alicia Keys'],
    ['FEAT', 'DRAKE FEAT RIHANNA', 'DRAKE + RIHANNA'],
    ['FEATURING', 'SANTANA FEATURING ROB THOMAS', 'SANTANA + ROB THOMAS'],
    ['in brackets', 'Foo (feat. Bar) [Live]', 'Foo + Bar'],
    ['in braces', 'Foo {ft. Bar}', 'Foo + Bar'],
    ['in brackets of full width', 'BTS（feat. Halsey）', 'BTS + Halsey'],
    ['behind a dash', 'Drake - feat. Rihanna', 'Drake + Rihanna'],
    ['with, in brackets', 'Nick Cave (WITH Kylie Minogue)', 'Nick Cave + Kylie Minogue'],
    ['French', 'Stromae (avec Orelsan)', 'Stromae + Orelsan'],
    ['German', 'Peter Maffay (mit Sarah Connor)', 'Peter Maffay + Sarah Connor'],
    ['Italian', 'Zucchero duetto con Mina', 'Zucchero + Mina'],
    ['Portuguese', 'Anitta (part. Projota)', 'Anitta + Projota'],
    ['Russian', 'Баста при участии Полина Гагарина', 'Баста + Полина Гагарина'],
    ['with, without brackets: a name like another', 'Sleeping With Sirens', 'Sleeping With Sirens'],
    ['x, &, vs: names of equals', 'Drake x Rihanna & Malcolm X vs. Run', 'Drake x Rihanna & Malcolm X vs. Run'],
    ['w/', 'Stevie Nicks w/ Tom Petty and the Heartbreakers', 'Stevie Nicks + Tom Petty and the Heartbreakers'],
    ['a duet is two names', 'QUEEN W/DAVID BOWIE', 'QUEEN W/DAVID BOWIE'],
    ['a band', 'Little Feat', 'Little Feat'],
    ['a band in capitals', 'LITTLE FEAT (LIVE)', 'LITTLE FEAT'],
    ['nobody but the guest', 'feat. Rihanna', 'feat. Rihanna'],
    ['a town', 'Ft. Worth', 'Ft. Worth'],
    ['other scripts', 'Кино feat. Земфира', 'Кино + Земфира'],
  ]),
)

table(
  'keys of artists',
  artistKey,
  cases([
    ['initials of one word stay, see artist-name.ts', 'R.E.M.', 'r.e.m'],
    ['dots', 'J.J. Cale', 'jjcale'],
    ['a sign in front of one word stays', '@peace', '@peace'],
    ['n is left out between words only', "N'Sync", 'nsync'],
    ['a number with thousands', '10,000 Maniacs', '10000maniacs'],
    ['slash', 'AC/DC', 'acdc'],
    ['hyphen', 'T-REX', 'trex'],
    ['the', 'The Beatles', 'beatles'],
    ['the behind a comma', 'Beatles, The', 'beatles'],
    ['and, &, n', "GUNS AND ROSES'", 'gunsroses'],
    ['plus', 'Florence + the Machine', 'florencemachine'],
    ['only dropped words', 'The The', 'thethe'],
    ['last, first', 'Young, Neil', 'neilyoung'],
    ['name, junior', 'Sammy Davis, Jr.', 'sammydavisjr'],
    ['a list of names', 'Crosby, Stills & Nash', 'crosbystillsnash'],
    ['a list in German', 'Peter, Paul und Maria', 'peterpaulundmaria'],
    ['a repeated run', 'Tom Petty & Tom Petty & The Heartbreakers', 'tompettyheartbreakers'],
    ['a repeated word stays', 'Duran Duran', 'duranduran'],
    ['a version in brackets', 'WHO (LIVE AT LEEDS)', 'who'],
    ['signs as letters', 'Ke$ha', 'kesha'],
    ['signs as letters inside', 'P!nk', 'pink'],
    ['accents', 'Mötley Crüe', 'motleycrue'],
    ['ligatures', 'Mañana Æon Straße', 'mananaaeonstrasse'],
    ['Turkish', 'İSTANBUL ılık', 'istanbulilik'],
    ['Vietnamese', 'Đàm Vĩnh Hưng', 'damvinhhung'],
    ['decomposed', 'Beyoncé'.normalize('NFD'), 'beyonce'],
    ['full width', 'ＢＴＳ', 'bts'],
    ['Greek with final sigma', 'ΝΑΝΑ ΜΟΥΣΧΟΥΡΗΣ', 'ναναμουσχουρησ'],
    ['Greek accents', 'Άννα Βίσση', 'ανναβισση'],
    ['Cyrillic', 'Мумий Тролль', 'мумийтролль'],
    ['Cyrillic yo', 'Алёна', 'алена'],
    ['Japanese', '椎名林檎', '椎名林檎'],
    ['Korean', '방탄소년단', '방탄소년단'],
    ['Arabic with vowels', 'أُمّ كُلْثُوم', 'امكلثوم'],
    ['Arabic with and without hamza', 'ام كلثوم', 'امكلثوم'],
    ['Arabic decomposed', 'أحمد'.normalize('NFD'), 'احمد'],
    ['Persian letters', 'علیرضا', 'عليرضا'],
    ['Ukrainian decomposed', 'Їжак'.normalize('NFD'), 'їжак'],
    ['full-width brackets', 'BTS（방탄소년단）', 'bts방탄소년단'],
    ['Hebrew with points', 'שָׁלוֹם', 'שלום'],
    ['Hindi keeps its vowel signs', 'लता मंगेशकर', 'लतामंगेशकर'],
    ['no letter at all', '!!!', '=!!!'],
    ['no letter at all, another one', '???', '=???'],
    ['no letter, in quotes', '"!!!"', '=!!!'],
    ['an ellipsis', '…', '=…'],
    ['plus', '+', '=+'],
    ['an ampersand', '&', '=&'],
    ['an emoji', '😀', '=😀'],
    ['an emoji of a sign', '❤️', '=❤'],
    ['another emoji of a sign', '✌️', '=✌'],
    ['a digit in a box', '1️⃣', '1'],
    ['a quote', '"', '="'],
    ['no name', '', ''],
  ]),
)

table(
  'keys of titles',
  songKey,
  cases([
    ['a version', 'Hotel California (Live)', 'hotelcalifornia'],
    ['-ing', "Singin' in the Rain", 'singininrain'],
    ['-ing spelled out', 'Singing In The Rain', 'singininrain'],
    ['a bracket in front keeps its tail', "(Don't Fear) The Reaper", 'reaper'],
    ['a bracket alone', '(Untitled)', 'untitled'],
    ['the number of a part in brackets', 'Another Brick In The Wall {part 2}', 'anotherbrickinwallpt2'],
    ['the number of a part', 'Another Brick in the Wall, Pt. II', 'anotherbrickinwallpt2'],
    ['digits stay', '25 or 6 to 4', '25or6to4'],
    ['an article or joint at the end stays', 'The And', 'and'],
    ['a letter at the end stays', 'Vitamin A', 'vitamina'],
    ['parts in any words', 'Bricks, Part Three', 'brickspt3'],
    ['a number in brackets', 'Symphony (No. 5)', 'symphonynr5'],
    ['parts in brackets', 'Shine On (Parts VI-IX)', 'shineonpt69'],
    ['other scripts', 'Группа крови (live)', 'группакрови'],
    ['no letter at all', '...', '=...'],
    ['a sign', '÷', '=÷'],
    ['a sign that joins words', '+', '=+'],
    ['a medley that says so first', 'Medley: Blue Suede Shoes/Tutti Frutti', 'bluesuedeshoestuttifrutti'],
    ['the number of a part, and a version', 'Suite - Part 1 - Live', 'suitept1'],
  ]),
)

table(
  'versions',
  (text) => joined(' | ', fieldsOf(songName(text)).display, fieldsOf(songName(text)).version),
  cases([
    ['live', "Don't You (Forget About Me) [Live]", "Don't You (Forget About Me) | live"],
    ['live somewhere', 'Stairway to Heaven (Live at Earls Court)', 'Stairway to Heaven | live'],
    ['in front', "(LIVE) TRAVELIN' MAN", "TRAVELIN' MAN | live"],
    ['behind a dash', 'Heroes - 2017 Remaster', 'Heroes | remaster'],
    ['two behind dashes', 'Layla - Live - Remastered 2011', 'Layla | live, remaster'],
    ['radio edit', 'Hello (Radio Edit)', 'Hello | radio edit'],
    ['named version', 'Pride (Rattle & Hum Version)', 'Pride | version'],
    ['unplugged and edit', 'Layla [Unplugged] (Edit)', 'Layla | unplugged, edit'],
    ['in concert', 'Bridge of Sighs [BBC in Concert]', 'Bridge of Sighs | live'],
    ['a tag of its own beside "version"', 'Heroes (2011 Remastered Version)', 'Heroes | remaster'],
    ['year first', 'Heroes - 2011 Remaster', 'Heroes | remaster'],
    ['several brackets', 'Heroes (Live) [2011 Remaster] {Radio Edit}', 'Heroes | live, remaster, radio edit'],
    ['bracket and dash', 'Heroes (Live) - Remastered', 'Heroes | live, remaster'],
    ['a dash close by', 'Heroes -Live', 'Heroes | live'],
    ['behind a slash', 'Heroes / Live', 'Heroes | live'],
    ['a dash in the title', 'Symphony No. 5 - Allegro - Remastered 2011', 'Symphony No. 5 - Allegro | remaster'],
    ['re-recorded', 'Heroes (Re-Recorded Version)', 'Heroes | re-recorded'],
    ['an edition is no edit', 'Heroes (Deluxe Edition)', 'Heroes'],
    ['a cappella in any spelling', 'Heroes (Acapella)', 'Heroes | a cappella'],
    ['sped up', 'Heroes (Sped Up)', 'Heroes | sped up'],
    ['a cover', 'Heroes (David Bowie Cover)', 'Heroes | cover'],
    ['with a guest inside', 'Heroes (Live feat. Bono)', 'Heroes | live'],
    ['Spanish', 'Heroes (Versión Acústica)', 'Heroes | acoustic'],
    ['Spanish behind a dash', 'Heroes - En Vivo', 'Heroes | live'],
    ['Portuguese', 'Heroes (ao vivo)', 'Heroes | live'],
    ['Italian', 'Heroes (dal vivo)', 'Heroes | live'],
    ['German', 'Heroes (live aus Berlin)', 'Heroes | live'],
    ['French', 'Heroes (version acoustique)', 'Heroes | acoustic'],
    ['Russian', 'Без тебя (Концертная версия)', 'Без тебя | live'],
    ['Greek', 'Σώμα μου (ζωντανά)', 'Σώμα μου | live'],
    ['Japanese', 'さくら（ライブ）', 'さくら | live'],
    ['Korean', '봄날 (라이브)', '봄날 | live'],
    ['Chinese', '晴天（現場版）', '晴天 | live'],
    ['Hebrew', 'שיר (לייב)', 'שיר | live'],
    ['mark of a playout system', "Stealin' [#][*]", "Stealin'"],
    ['cut off', 'Another Brick In The Wall (extended Single Ver', 'Another Brick In The Wall | extended, single'],
    ['from a film', 'Danger Zone (From "Top Gun")', 'Danger Zone'],
    ['a slash that leads nowhere', 'Legs/', 'Legs'],
    ['not a version', 'Live and Let Die', 'Live and Let Die'],
    ['not a version in brackets', '(Take Me) Home', '(Take Me) Home'],
    ['not a version: a name', 'Radio Ga Ga', 'Radio Ga Ga'],
    ['a subtitle', 'Long Road (Edith)', 'Long Road (Edith)'],
    ['nothing would be left', '(Live)', '(Live)'],
    ['a medley by its form', 'Foreplay/Long Time', 'Foreplay/Long Time | medley'],
    ['a medley by its name', 'Stars Medley', 'Stars Medley | medley'],
    ['a medley by both', 'Foreplay / Long Time (Medley)', 'Foreplay / Long Time | medley'],
    ['a medley and more', 'Foreplay / Long Time (Live)', 'Foreplay / Long Time | live, medley'],
    ['a medley by another name', 'Grease Megamix', 'Grease Megamix | medley'],
    ['guests', 'Put Your Lights On (feat. Everlast)', 'Put Your Lights On'],
    ['a guest with "with"', 'Too Good (with Rihanna) [Radio Edit]', 'Too Good | radio edit'],
    ['no guest', 'Dancing (With Myself)', 'Dancing (With Myself)'],
    ['no guest either', "I'm in Love (With a Girl)", "I'm in Love (With a Girl)"],
  ]),
)

table(
  'double titles',
  (text) => fieldsOf(songName(text)).double,
  cases([
    ['a medley', 'We Will Rock You/we Are The Champions', true],
    ['spaced', 'Foreplay / Long Time', true],
    ['one word each, spaced', 'Eruption / Why', true],
    ['other scripts', 'Группа крови / Звезда', true],
    ['two slashes', 'Foreplay // Long Time', true],
    ['a version behind the slash', 'Heroes / Live', false],
    ['numbers', '24/7', false],
    ['numbers among words', 'On The Road 24/7', false],
    ['short words', 'Him/Her', false],
    ['a name in a title', 'Song for AC/DC', false],
    ['one title', 'Legs/', false],
    ['no slash', 'Long Time', false],
  ]),
)

table(
  'proper case',
  inProperCase,
  cases([
    ['attested mixed case stays', 'Guns N Roses', 'Guns N Roses'],
    ['shouting', 'STEELY DAN', 'Steely Dan'],
    ['no vowel', 'ZZ TOP', 'ZZ Top'],
    ['abbreviations', 'INXS', 'INXS'],
    ['dots', 'R.E.M. LIVE BAND', 'R.E.M. Live Band'],
    ['hyphens', 'BACHMAN-TURNER OVERDRIVE', 'Bachman-Turner Overdrive'],
    ['small words', 'MAMAS AND THE PAPAS', 'Mamas and the Papas'],
    ['numerals', 'LED ZEPPELIN III', 'Led Zeppelin III'],
    ['whispering', 'foo fighters', 'Foo Fighters'],
    ['one small word may be meant', 'deadmau', 'deadmau'],
    ['DJ', 'Dj Shadow', 'DJ Shadow'],
    ['Mc', 'Don Mclean', 'Don McLean'],
    ['Mac of a name', 'Amy Macdonald', 'Amy MacDonald'],
    ['Mac of a word', 'Machine Head', 'Machine Head'],
    ['Cyrillic', 'МУМИЙ ТРОЛЛЬ', 'Мумий Тролль'],
    ['no case', '椎名林檎', '椎名林檎'],
  ]),
)

/** Names and titles of every language that the generator knows, right and damaged. */
function generated(): { artists: string[]; titles: string[] } {
  const artists: string[] = []
  const titles: string[] = []
  for (const language of languages) {
    const { artists: acts, songs } = inventWorld(11, 40, new Map([[language, 1]]))
    const from = random(hash('keys', language))
    for (const [i, { name, person }] of acts.entries()) {
      for (const { title } of songs.filter(({ artist }) => artist === i).slice(0, 2)) {
        const spelled = misspell(title, name, person, acts[0]!.name, catalogueDamage, from)
        artists.push(name, spelled.artist)
        titles.push(title, spelled.song)
      }
    }
  }
  return { artists, titles }
}

describe('a key of a key is the key', () => {
  const { artists, titles } = generated()
  test.each([
    ['artists', artistKey, artists],
    ['titles', songKey, titles],
  ])('of %s: of all names in these tables, and of generated ones of many scripts', async (_, keyOf, more) => {
    const names = [...new Set([...given, ...more])]
    expect(names.length).toBeGreaterThan(1000)
    const once = (await evaluate(keyOf, names)) as string[]
    const twice = await evaluate(keyOf, once)
    expect(names.map((each, i) => [each, twice[i]])).toEqual(names.map((each, i) => [each, once[i]]))
  })
})

test('no key is empty but that of nothing', async () => {
  const keys = await evaluate(artistKey, given)
  expect(given.filter((text, i) => keys[i] === '' && text.trim() !== '')).toEqual([])
})
