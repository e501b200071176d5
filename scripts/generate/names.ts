import { hash, type Random, random } from './random.ts'

/** A language that names are invented in. */
export type Language =
  | 'en'
  | 'de'
  | 'fr'
  | 'es'
  | 'sv'
  | 'pl'
  | 'tr'
  | 'vi'
  | 'ru'
  | 'el'
  | 'he'
  | 'ar'
  | 'hi'
  | 'ja'
  | 'ko'
  | 'zh'

export interface Artist {
  readonly name: string
  readonly language: Language
  /** A first and a last name, so that "Last, First" is a form of it. */
  readonly person: boolean
}

export interface Song {
  readonly title: string
  /** Index of its artist. */
  readonly artist: number
}

interface Speech {
  /** Words are made of 2 or 3 of these; no real act or song is meant. */
  readonly syllables: readonly string[]
  readonly endings: readonly string[]
  readonly first: readonly string[]
  /** Adjectives and nouns of titles and bands. */
  readonly words: readonly string[]
  readonly small: readonly string[]
  readonly capital: boolean
  readonly space: string
}

const split = (text: string) => text.trim().split(/\s+/)

const speech: Readonly<Record<Language, Speech>> = {
  en: {
    syllables: split(
      'bra cal dan fer gol har jun kel lor mar nor pel quin ros sel tar ven wex yar zel hol brin ash wil',
    ),
    endings: split('ton ley wick ford mer son dale well by gate low field worth'),
    first: split(
      'Adela Bruno Cassia Dorian Elwin Fenna Garrick Hester Ivo Jory Kester Lavinia Merrick Nell Osric Petra Quill Rowan Selma Tobin Ursa Verity Wilmot Yannick Zelda',
    ),
    words: split(
      'Crimson Hollow Velvet Copper Paper Marble Winter Lantern Harbor Thunder Orchard Feather Gravel Saddle Mirror Cinder Meadow Rocket Sparrow Anchor Tinder Canyon Ribbon Whistle Parlor Buckle Compass Thistle Ember Quarry Kettle Pilgrim Wagon Signal Shadow Ladder River Window Shoulder Daylight Alley Ballad Candle Desert Engine Fever Glass Highway Island Jungle Lightning Midnight Needle Ocean Pocket Question Railway Silver Summer Tower Valley Whisper',
    ),
    small: split('in of for with without under over'),
    capital: true,
    space: ' ',
  },
  de: {
    syllables: split('bau die feld gra hof jä krö lüb mün nor pfe rau schi tö wal zie bräu'),
    endings: split('stein berg mann hauser bach dorf'),
    first: split('Anke Bärbel Detlef Fritzi Götz Jürgen Käthe Lüder Rüdiger Sören'),
    words: split(
      'Straße Mädchen Übermut Nächte Größe Vögel Regen Feuer Himmel Schlüssel Brücke Träume Fluß Gewitter Süden',
    ),
    small: split('und ohne mit im'),
    capital: true,
    space: ' ',
  },
  fr: {
    syllables: split('bel cha dé fon gé lau mé nou pré ren sé tho val viè çon'),
    endings: split('ault ier ette ville bois nard'),
    first: split('Aurèle Benoît Célestin Éloïse François Gaëlle Joël Maëlys Noémie Théo'),
    words: split('Été Forêt Lumière Fenêtre Rivière Étoile Château Garçon Mémoire Cœur Poussière Orée Brûlure Nuage'),
    small: split('de sans avec sous'),
    capital: true,
    space: ' ',
  },
  es: {
    syllables: split('ba cor die fuen gal lo mar na pal ri sal tor va ña zue'),
    endings: split('ez ado illo ero ón ita'),
    first: split('Álvaro Begoña Íñigo Jesús Lucía Martín Nuria Óscar Ramón Verónica'),
    words: split('Corazón Mañana Canción Niño Fuego Lluvia Camino Estación Sueños Montaña Piedra Jardín Mar Ceniza'),
    small: split('de sin con y'),
    capital: true,
    space: ' ',
  },
  sv: {
    syllables: split('ber dal ek fjä gran häg kvi lö mo nord rön sjö väs ång öst'),
    endings: split('ström gren kvist mark lund qvist'),
    first: split('Åsa Björn Göran Håkan Kerstin Märta Örjan Stig Ylva Sölve'),
    words: split('Sommar Sjö Ängel Höst Fjäll Måne Skog Snö Båt Hjärta Källa Stjärna'),
    small: split('och på i utan'),
    capital: true,
    space: ' ',
  },
  pl: {
    syllables: split('bo cze da grze ja ko łu mie no prze ra szy wi zło żu'),
    endings: split('ski wicz czak nek ła ńska'),
    first: split('Bożena Cześć Grażyna Jędrzej Łucja Michał Stanisław Świętosława Żaneta Zdzisław'),
    words: split('Księżyc Miłość Łąka Śnieg Źródło Noc Żagle Cień Morze Światło Deszcz Głos'),
    small: split('i bez na w'),
    capital: true,
    space: ' ',
  },
  tr: {
    syllables: split('ay ba çe de gü ha ış ka le mü or öz sa şe tu yıl'),
    endings: split('oğlu lar ker demir sız gün'),
    first: split('Ayşegül Barış Çiğdem Gülşen İlker Özgür Şükrü Tuğba Yıldız Ümit'),
    words: split('Gece Yağmur Gönül Işık Rüzgâr Kış Çiçek Deniz Şarkı Düş Yol Gökyüzü'),
    small: split('ve ile için'),
    capital: true,
    space: ' ',
  },
  vi: {
    syllables: split('Bảo Châu Dương Đức Giang Hạnh Hoàng Khánh Lệ Minh Ngọc Phượng Quỳnh Thảo Uyên Vĩnh'),
    endings: split('anh em nhé'),
    first: split('Nguyễn Trần Lê Phạm Hoàng Đặng Bùi Đỗ Hồ Ngô'),
    words: split('Mưa Đêm Trăng Biển Gió Nắng Sông Phố Mùa Hoa Lửa Ước'),
    small: split('và của trong'),
    capital: true,
    space: ' ',
  },
  ru: {
    syllables: split('ба ве го да жи ко лу ми но пе ра ство ты фе хо че ша'),
    endings: split('ов ин ский ева ич енко'),
    first: split('Аглая Богдан Варвара Глеб Ефросинья Захар Любава Мирон Назар Ярослава'),
    words: split('Ночь Снег Город Ветер Звезда Дорога Огонь Зима Река Сон Память Облако'),
    small: split('и без на под'),
    capital: true,
    space: ' ',
  },
  el: {
    syllables: split('βα γε δι ζω θα κε λο μα νι ξε πο ρα στη φω'),
    endings: split('όπουλος άκης ίδης ού άς'),
    first: split('Αγγελική Διονύσης Ελευθερία Θεόδωρος Ιωάννα Κλειώ Μυρτώ Ξένια Στέφανος Φωτεινή'),
    words: split('Νύχτα Θάλασσα Όνειρο Ήλιος Βροχή Δρόμος Φεγγάρι Καρδιά Άνεμος Σκιά'),
    small: split('και στο χωρίς'),
    capital: true,
    space: ' ',
  },
  he: {
    syllables: split('בר גל דן זיו חן טל יר לב מר נוי ער צור רון שי'),
    endings: split('י ון ית אל'),
    first: split('אביגיל גלעד דורית חגית יפתח מעיין נועה עמית רועי שירן'),
    words: split('לילה גשם אור ים רוח חלום דרך אש כוכב צל'),
    small: split('של בלי עם'),
    capital: false,
    space: ' ',
  },
  ar: {
    syllables: split('با حا را سا شا فا كا لا ما نا يا دو نو سي'),
    endings: split('ني ري وي ان ين'),
    first: split('بشرى جميل حنان رامي سهى عامر فادية كريم ليلى نزار'),
    words: split('ليل مطر قلب نجمة طريق بحر ريح حلم ظل نار'),
    small: split('في بلا من'),
    capital: false,
    space: ' ',
  },
  hi: {
    syllables: split('अमि बल गीत चंद्र दीप नव मध प्रिय रंग शुभ सुर हर्ष'),
    endings: split('ेश िका ान'),
    first: split('अनुपमा चिराग दीप्ति गौरव ललिता मयंक निधि प्रणव रेखा तन्मय'),
    words: split('रात बारिश दिल तारा रास्ता हवा सपना आग छाया समय'),
    small: split('और बिना में'),
    capital: false,
    space: ' ',
  },
  ja: {
    syllables: split('アオ カゼ キリ クモ サキ ソラ ツキ ナミ ハナ ヒカ ミズ ユキ ヨル'),
    endings: split('リア ード ィン'),
    first: split('青井 霧島 久世 白瀬 月岡 夏目川 花房 水無瀬 雪村 夜久'),
    words: split('夜空 雨音 星屑 風車 夏草 海鳴り 灯台 花影 雪道 夢路 さよなら ひかり'),
    small: split('の と へ'),
    capital: false,
    space: '',
  },
  ko: {
    syllables: split('가 나 다 라 마 바 사 아 자 차 하 별 달 솔 봄 윤'),
    endings: split('리 온 빛'),
    first: split('강서윤 노을 문가람 배한결 서다온 유빛나 임새벽 정하람 차온유 하늘봄'),
    words: split('밤하늘 빗소리 별빛 바람 여름 바다 등대 그림자 눈길 꿈길 노래 안녕'),
    small: split('의 와 그리고'),
    capital: false,
    space: ' ',
  },
  zh: {
    syllables: split('青 岚 霜 星 潮 云 墨 溪 雁 竹 雪 灯'),
    endings: split('社 行 客'),
    first: split('顾青岚 陆霜白 沈星潮 程云溪 许墨 叶雁书 柳竹雪 秦灯 苏潮生 孟溪'),
    words: split('夜航 雨巷 星河 风铃 夏蝉 海岸 灯火 花影 雪山 梦境 归途 旧信'),
    small: split('的 与 在'),
    capital: false,
    space: '',
  },
}

export const languages = Object.keys(speech) as Language[]

function capital(word: string): string {
  const [first = '', ...rest] = word
  return first.toUpperCase() + rest.join('')
}

function inventedWord(from: Random, language: Language): string {
  const { syllables, endings, capital: upper } = speech[language]
  let word = from.pick(syllables)
  if (from.chance(0.6)) word += from.pick(syllables).toLowerCase()
  word += from.pick(endings)
  return upper ? capital(word.toLowerCase()) : word
}

function artistName(from: Random, language: Language): { name: string; person: boolean } {
  const { first, words, small, space } = speech[language]
  const person = () => ({ name: [from.pick(first), inventedWord(from, language)].join(space || ' '), person: true })
  if (language !== 'en') {
    const roll = from.next()
    if (roll < 0.45) return person()
    if (roll < 0.7) return { name: [from.pick(words), inventedWord(from, language)].join(space), person: false }
    if (roll < 0.85) return { name: inventedWord(from, language) + space + inventedWord(from, language), person: false }
    return { name: [from.pick(words), from.pick(small), inventedWord(from, language)].join(space), person: false }
  }
  const word = () => inventedWord(from, 'en')
  const noun = () => from.pick(words)
  const roll = from.next()
  if (roll < 0.26) return person()
  if (roll < 0.44) return { name: `The ${noun()} ${word()}s`, person: false }
  if (roll < 0.54) return { name: `${noun()} ${word()}`, person: false }
  if (roll < 0.62) return { name: `${person().name} & The ${noun()} ${word()}s`, person: false }
  if (roll < 0.68) return { name: `The ${person().name} Band`, person: false }
  if (roll < 0.76) return { name: word() + from.pick(['', ' ', ' ']) + noun(), person: false }
  if (roll < 0.8) return { name: `${word()}'s ${noun()}`, person: false }
  if (roll < 0.84) return { name: `${2 + from.below(97)} ${noun()} ${word()}`, person: false }
  if (roll < 0.87)
    return { name: `${word().slice(0, 2).toUpperCase()}/${word().slice(0, 2).toUpperCase()} ${noun()}`, person: false }
  if (roll < 0.9) return { name: `${[...word().slice(0, 3).toUpperCase()].join('.')}. ${word()}`, person: false }
  if (roll < 0.93) return { name: `DJ ${word()} ${noun()}`, person: false }
  if (roll < 0.96) return { name: `${from.pick(first)} Mc${word()}`, person: true }
  // The accents that rock bands like so much.
  return { name: `${word().replace(/[ou]/, (vowel) => (vowel === 'o' ? 'ö' : 'ü'))} ${noun()}`, person: false }
}

const verbs = split(
  'Burn Call Carry Catch Chase Feel Find Follow Hear Hold Keep Meet Open Reach Remember Roll Sell Turn Watch Wear',
)

function songTitle(from: Random, language: Language): string {
  const { words, small, space } = speech[language]
  const noun = () => from.pick(words)
  const word = () => inventedWord(from, language)
  if (language !== 'en') {
    const roll = from.next()
    if (roll < 0.4) return [noun(), from.pick(small), noun()].join(space)
    if (roll < 0.7) return [noun(), word()].join(space)
    return [word(), from.pick(small), noun()].join(space)
  }
  const roll = from.next()
  if (roll < 0.2) return `${from.pick(verbs)} the ${noun()}`
  if (roll < 0.36) return `${noun()} ${from.pick(small)} ${word()}`
  if (roll < 0.5) return `${noun()} ${noun()}`
  if (roll < 0.6) return `Don't ${from.pick(verbs)} My ${noun()}`
  if (roll < 0.68) return `${from.pick(verbs)}in' ${from.pick(small)} the ${noun()}`
  if (roll < 0.74) return `(${from.pick(verbs)} Me) ${noun()} ${from.pick(small)} ${word()}`
  if (roll < 0.79) return `${word()} & ${noun()}`
  if (roll < 0.83) return `${noun()} ${word()} Pt. ${1 + from.below(3)}`
  if (roll < 0.87) return `${word()}?`
  if (roll < 0.9) return `${2 + from.below(98)} ${noun()}s ${from.pick(small)} ${word()}`
  return `The ${noun()} ${from.pick(small)} the ${noun()}`
}

/** A title with commas in it, which a naive change of delimiters tears apart. */
function titleWithCommas(from: Random): string {
  const noun = from.pick(speech.en.words)
  const word = inventedWord(from, 'en')
  const roll = from.next()
  if (roll < 0.4) return `${word}, ${noun} And ${inventedWord(from, 'en')}`
  if (roll < 0.7) return `${word}, ${word}, ${word}`
  return `${noun}, I ${from.pick(verbs)} ${word}`
}

/** The name as two names are compared to tell whether they may be one: letters and digits, no case, no article, no plural. */
export function plainKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/^the /, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/s$/, '')
}

export interface World {
  readonly artists: readonly Artist[]
  readonly songs: readonly Song[]
  /** Indices of the songs whose title or artist has a comma. */
  readonly withComma: readonly number[]
}

/**
 * So many artists with their songs, all invented, each distinct from all others however it is spelled.
 *
 * Acts that come first are to be the most played and have the most songs (about 24 for the first, 2 for the last).
 */
export function inventWorld(seed: number, artistCount: number, languageWeights: ReadonlyMap<Language, number>): World {
  const from = random(hash('world', seed))
  const pool = [...languageWeights].flatMap(([language, weight]) =>
    Array(Math.round(weight * 100)).fill(language),
  ) as Language[]
  const artists: Artist[] = []
  const songs: Song[] = []
  const withComma: number[] = []
  const known = new Set<string>()
  while (artists.length < artistCount) {
    const language = from.pick(pool)
    let act = artistName(from, language)
    for (let tries = 0; known.has(plainKey(act.name)); tries++) {
      act = artistName(from, language)
      // Where a language's words are used up, a second name tells acts apart.
      if (tries > 3)
        act = { name: `${act.name}${speech[language].space || ' '}${inventedWord(from, language)}`, person: false }
    }
    known.add(plainKey(act.name))
    const artist = artists.length
    artists.push({ ...act, language })
    const songCount = Math.max(2, Math.round(24 / (1 + artist / 20)))
    const titles = new Set<string>()
    while (titles.size < songCount) {
      const commas = language === 'en' && from.chance(0.06)
      let title = commas ? titleWithCommas(from) : songTitle(from, language)
      if (titles.has(plainKey(title))) title = `${title}${speech[language].space || ' '}${inventedWord(from, language)}`
      if (titles.has(plainKey(title))) continue
      titles.add(plainKey(title))
      if (title.includes(',')) withComma.push(songs.length)
      songs.push({ title, artist })
    }
  }
  return { artists, songs, withComma }
}

/**
 * Another name that a hasty eye takes for the given one but that means somebody else: one letter of a last name changed,
 * another first name, another number, a family's other band. Null if the name offers no such turn.
 */
export function lookalike(name: string, from: Random): string | null {
  const other = changed(name, from)
  return other === null || plainKey(other) === plainKey(name) ? null : other
}

function changed(name: string, from: Random): string | null {
  const words = name.split(' ')
  const last = words.at(-1) ?? ''
  const roll = from.next()
  if (/\d/.test(name)) return name.replace(/\d+/, (digits) => String(Number(digits) + 1))
  if (words.length < 2 || !/^[\p{Script=Latin}' ]+$/u.test(name)) return null
  if (roll < 0.35) return [...words.slice(0, -1), inventedWord(from, 'en')].join(' ')
  if (roll < 0.7) return [from.pick(speech.en.first), ...words.slice(1)].join(' ')
  if (roll < 0.85) return `${words[0]} ${last} ${from.pick(['Orchestra', 'Brothers', 'Sisters', 'Quartet'])}`
  return `${name} ${inventedWord(from, 'en')}`
}
