import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..')
const tracked = execFileSync('git', ['ls-files', '*.ts', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !/\/gen\/|^CHANGELOG\.md$|^test\/words\.test\.ts$/.test(file))
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** Words that the glossary replaced, and what to write instead. */
const oldWords: readonly (readonly [RegExp, string])[] = [
  [/\b(Desk|Pack|PackSize)\b/, 'Batcher, Batch, BatchSize'],
  [/\b(LaneName|HttpDoor|door)\b/, 'LimiterName, HttpClient'],
  [/\b(QuestionSpec|goOn|poke|lookAhead|outlook)\b/, 'RequestSpec, schedule, forecast'],
  [/\b(troubled|keyMark|fieldMark|unheard\w*|Told|graceMs|whenBack)\b/, 'see the glossary'],
  [
    /\b(most|least|longest|shortest)(Bytes|Rows|Calls|Lines|Kept|Requests|InFlight|InWindow|Path|Size|Frames)\b/,
    'max…, min…',
  ],
  [/\b[Ii]s no (?!longer\b|more\b)[a-z]/, 'is not a …, invalid …, unknown …'],
  [/\b[Aa]re no (?!longer\b|more\b)[a-z]/, 'are not …'],
  [/\bdo what stands under|looks after it|leads nowhere'|of no web\b/, 'plain words'],
]

// "There is no row" is plain English, and the names of tests and songs are not read by users.
const spared = /[Tt]here (is|are) no |^\s*(test|describe)\(|^\s*\[['"]|\*\s.*[Tt]here$|Slow Lane|\btest\.each.*'/

test('old words do not come back into code, messages and docs', () => {
  const found = tracked
    .filter((file) => !/(^|\/)test\//.test(file))
    .flatMap((file) =>
      textOf(file)
        .split('\n')
        .flatMap((line, i) =>
          oldWords
            .filter(([word]) => word.test(line) && !spared.test(line))
            .map(([word, instead]) => `${file}:${i + 1} ${word.exec(line)![0]} → ${instead}`),
        ),
    )
  expect(found).toEqual([])
})

/** The entries of the rooms and of the client: what others import. */
const entries = tracked.filter((file) => /^lib\/[\w-]+\/index\.ts$|^lib\/spark-connect-js\/src\/index\.ts$/.test(file))

/** Where an export is declared, through as many lists of exports as there are: file and name. */
function declared(file: string, name: string): { file: string; name: string } | null {
  for (const [, names, from] of textOf(file).matchAll(/^export (?:type )?\{([^}]*)\} from '(\.[^']+)'/gm)) {
    for (const each of names!.split(',')) {
      const [own, other = own] = each
        .replace(/\s*\btype\b\s*/, '')
        .trim()
        .split(/\s+as\s+/)
      if (other === name) return declared(join(file, '..', from!), own!)
    }
  }
  for (const [, from] of textOf(file).matchAll(/^export \* from '(\.[^']+)'/gm)) {
    const all = join(file, '..', from!)
    if (new RegExp(`^export (?!\\{).*\\b${name}\\b`, 'm').test(textOf(all))) return { file: all, name }
  }
  return file.includes('/gen/') ? null : { file, name }
}

/** The names that a list of exports gives, those of this project. */
const exportsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^export (?:type )?\{([^}]*)\} from '\.[^']+'/gm)].flatMap(([, names]) =>
    names!
      .split(',')
      .map((each) => each.trim().split(/\s+/).at(-1)!)
      .filter((name) => name !== ''),
  )

/** Whether a docstring stands before the declaration. */
function isDocumented({ file, name }: { file: string; name: string }): boolean {
  const declaration = `(?:export )?(?:declare |abstract |async )*(?:function\\*?|class|interface|type|const) ${name}_?\\b`
  return new RegExp(`\\*/\\n(?://.*\\n)*${declaration}`).test(textOf(file))
}

test('every export of a room and of the client has a docstring', () => {
  const bare = entries.flatMap((entry) =>
    exportsOf(entry)
      .map((name) => declared(entry, name))
      .flatMap((one) => (one !== null && !isDocumented(one) ? [`${one.file} ${one.name}`] : [])),
  )
  expect(entries.length).toBeGreaterThan(10)
  expect([...new Set(bare)].sort()).toEqual([])
})
