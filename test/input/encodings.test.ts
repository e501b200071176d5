import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decoderOf } from '../../lib/input/code-pages.ts'
import { detectEncoding, namedEncoding } from '../../lib/input/encoding.ts'
import { planInputs, readOverrides } from '../../lib/input/index.ts'
import { readAll, scratch, write } from '../support/input-files.ts'

const folder = scratch()

/** The text in a one-byte encoding; null if it has a character that the encoding lacks. */
function encoded(text: string, name: string): Buffer | null {
  const upper = decoderOf(name).decode(Uint8Array.from({ length: 128 }, (_, i) => i + 128))
  const bytes = [...text].map((c) =>
    c < '\u0080' ? c.charCodeAt(0) : upper.indexOf(c) < 0 ? -1 : upper.indexOf(c) + 128,
  )
  return bytes.includes(-1) ? null : Buffer.from(bytes)
}

const western =
  'Beyoncé|Motörhead|Mötley Crüe|Björk|Sigur Rós|Céline Dion|Zaïko Langa Langa|Die Ärzte|Die Toten Hosen – Tage wie diese|Rosalía|Café Tacvba|Maná|Señor Coconut|Måneskin|Röyksopp|Mø|Kaizers Orchestra på vidda|Françoise Hardy|Noël Coward|Michael Bublé|Édith Piaf|Étienne Daho|João Gilberto|Caetano Veloso canção|Hüsker Dü|Queensrÿche|Jacques Brel – Les Vieux|Götz Alsmann|Ana Torroja corazón|Señorita|Für Elise|Más y Más|Où va le monde|Château|L’été indien|À la claire fontaine|BLØF|Elvis – Don’t|Größer|Straße|Gül'.split(
    '|',
  )

describe('one-byte encodings of the west', () => {
  // Few names of rare letters can prove two encodings, so the samples are the same in each run; TEST_SEED tries others.
  const seed = Number(process.env.TEST_SEED ?? 21)
  test.each(['windows-1252', 'macintosh', 'cp850'])('%s is told from the others by its letters', (name) => {
    process.stderr.write(`encodings: TEST_SEED=${seed}\n`)
    const names = western.filter((each) => /[\u0080-\uffff]/.test(each) && encoded(each, name) !== null)
    const wrong: string[] = []
    const samples = fc.sample(fc.subarray(names, { minLength: 5, maxLength: 12 }), { numRuns: 600, seed })
    for (const sample of samples) {
      const text = `time;artist;title\n${sample.map((each, i) => `140294331${i};${each};Song`).join('\n')}\n`
      const found = detectEncoding(encoded(text, name)!)
      if (found.name !== name) wrong.push(`${found.name}: ${sample.join(', ')}`)
      else if (!found.note?.includes(name)) wrong.push(`not said: ${sample.join(', ')}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('other scripts', () => {
  const russian = 'time;artist;title\n1402943314;Кино;Группа крови\n1402943414;Земфира;Хочешь?\n'
  test.each(['windows-1251', 'koi8-r', 'ibm866'])('%s', (name) => {
    expect(detectEncoding(encoded(russian, name)!).name).toBe(name)
  })
  test('shift_jis', () => {
    const bytes = Buffer.from('74696d652c6172746973740a312c82d382e882a982a682e90a322c8358835382e60a', 'hex')
    expect(detectEncoding(bytes)).toMatchObject({ name: 'shift_jis', decoding: { kind: 'decoder' } })
  })
  test('gbk', () => {
    // 月亮代表我的心, 我爱你
    const bytes = Buffer.from('74696d652c7469746c650a312ce1c2c1c1b4fab1edced2b5c4d0c40a322cced2b0aec4e30a', 'hex')
    const want = { name: 'gbk', decoding: { kind: 'decoder' } }
    // The first character of the sample is 月: d4c2.
    bytes.set([0xd4, 0xc2], 13)
    expect(detectEncoding(bytes)).toMatchObject(want)
  })
})

describe('what is not guessed', () => {
  test('a UTF-8 log with a few lines in other letters is read line by line, as before', async () => {
    const good = `time,artist,title\n${'1402943314,Motörhead,Überkill\n'.repeat(20)}`
    const path = write(folder, Buffer.concat([Buffer.from(good), Buffer.from('1402943315,Mot\xf6rhead,X\n', 'latin1')]))
    const { rows } = await readAll([path], { hasHeader: true })
    expect(rows.at(-1)?.text).toContain('Motörhead,X')
    const [file] = (await planInputs([path])).files
    expect(file).toMatchObject({ encoding: 'utf-8', notes: [] })
  })
  test('letters that prove nothing are said to be a guess', () => {
    const { name, note } = detectEncoding(Buffer.from('time,artist\n1,\xd7\n2,\xb6\n', 'latin1'))
    expect(name).toBe('windows-1252')
    expect(note).toMatch(/do not prove.*--encoding/)
  })
})

describe('a file in letters of a Mac', () => {
  const text =
    'time;artist;title\n1402943314;Noir Désir;Le vent nous portera\n1402943414;Montserrat Caballé;Barcelona\n'
  test('is read by them, and that is said', async () => {
    const path = write(folder, encoded(text, 'macintosh')!)
    const { rows } = await readAll([path])
    expect(rows.map((row) => row.text.split(';')[1])).toEqual(['Noir Désir', 'Montserrat Caballé'])
    expect((await planInputs([path])).files[0]!.notes[0]).toMatch(/read as macintosh.*--encoding/)
  })
  test.each([
    'macintosh',
    'cp850',
    'CP437',
    'koi8-r',
    'gbk',
    'Shift-JIS',
    'cp1251',
    'mac-roman',
  ])('%s can be named', (label) => {
    const { decoding, note } = namedEncoding(label, Buffer.alloc(0))
    expect(decoding.kind).toBe('decoder')
    expect(note).toBeUndefined()
  })
  test('overrides are read likewise', async () => {
    const overrides = 'verdict,a,b\nsame,Noir Désir,Noir Desir\n'
    for (const name of ['macintosh', 'cp850', 'windows-1252']) {
      const said: string[] = []
      const [row] = await readOverrides(write(folder, encoded(overrides, name)!), (note) => said.push(note))
      expect(row).toMatchObject({ a: 'Noir Désir', z: 'Noir Desir' })
      expect(said).toEqual([expect.stringMatching(new RegExp(`read as ${name}.*save the file as UTF-8$`))])
    }
    const said: string[] = []
    await readOverrides(write(folder, overrides), (note) => said.push(note))
    expect(said).toEqual([])
  })
})
