import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { compiler, typeRoots } from './support/compiler.ts'
import { readme } from './support/readme.ts'
import { testSparkAddress } from './support/spark.ts'

const run = promisify(execFile)
const packageFolder = join(import.meta.dirname, '..')

/** The examples of the docstrings, with the place of each. */
const examples = globSync('src/**/*.ts', { cwd: packageFolder, exclude: ['src/gen/**'] }).flatMap((file) => {
  const comments = readFileSync(join(packageFolder, file), 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? []
  // Those of ML need Spark's ML libraries on the server; test/ml runs their like.
  if (file.startsWith('src/ml/')) return []
  return comments.flatMap((comment) => {
    const code = /@example\s([\s\S]*?)\*\//.exec(comment)?.[1]
    return code === undefined ? [] : [{ place: file, code: code.replace(/^\s*\* ?/gm, '') }]
  })
})

/** The right side of the table "From PySpark": whole calls, and columns, which are selected. */
const translations = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...line.split(/(?<!\\) \| /)[1]!.matchAll(/`` (.*?) ``|`([^`]+)`/g)])
  .map((match) => (match[1] ?? match[2]!).replaceAll('\\|', '|').replace(/\$\{1\}` *$/, '$' + '{1}`'))
  .flatMap((code) => {
    const place = `README: ${code}`
    if (/^(await )?(df|spark)\b/.test(code)) return [{ place, code: `await analysed(${code.replace('…', 'SELECT')})` }]
    if (/^(c\.|a\.|transform\(|when\()/.test(code)) {
      const column = code
        .replace(/^when\(c,/, 'when(c.flag,')
        .replace(/^a\./, 'c.flag.')
        .replace('(b)', '(c.flag)')
      return [{ place, code: `await analysed(df.select((c) => ({ x: ${column} })))` }]
    }
    return []
  })

const program = (folder: string) => `
import { isDataFrame, parseRemote, SparkConnectError, SparkSession, sum, functions, lower, toJson, transform, types, when } from ${JSON.stringify(join(packageFolder, 'src', 'index.ts'))}
const spark = await SparkSession.connect(process.env.EXAMPLES_REMOTE!)
const frame = await spark.createDataFrame([{ artist: 'Nirvana' }], types.struct({ artist: types.string }))
const schema = types.struct({
  a: types.integer, b: types.integer, id: types.long, flag: types.boolean, name: types.string, xs: types.array(types.integer),
  m: types.map(types.string, types.integer), s: types.struct({ f: types.string }),
})
const df = await spark.createDataFrame([], schema)
const other = await spark.createDataFrame([], types.struct({ id: types.long }))
const keyed = await spark.createDataFrame([], types.struct({ key: types.long }))
const q = 'SELECT :x AS x'
const p = ${JSON.stringify(join(folder, 'out'))}
/** A frame that the server can analyse; anything else as it is. */
const analysed = async (value: unknown): Promise<void> => {
  const result = await value
  if (isDataFrame(result)) await result.schema()
}
export { toJson, parseRemote, SparkConnectError, sum, functions, lower, transform, when, other, keyed, q, p, analysed, df, frame }
${[...examples, ...translations]
  .map(({ place, code }) => `// ${place}\nprocess.stdout.write(${JSON.stringify(`${place}\n`)})\n{\n${code}\n}`)
  .join('\n')}
await spark.stop()
console.log('all ran')
`

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5)
  expect(translations.length).toBeGreaterThanOrEqual(20)
})

test('every example of the docstrings and of the README compiles and runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'examples-test-'))
  try {
    const file = join(folder, 'examples.mts')
    writeFileSync(file, program(folder).replaceAll("'sc://localhost'", 'process.env.EXAMPLES_REMOTE!'))
    const compilerOptions = { noUnusedLocals: false, typeRoots }
    const config = { extends: join(packageFolder, 'tsconfig.json'), include: ['*.mts'], compilerOptions }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiled = await run(compiler, ['-p', folder]).catch((error) => error)
    expect(compiled.stdout).toBe('')
    const env = { ...process.env, EXAMPLES_REMOTE: await testSparkAddress() }
    const { stdout } = await run(process.execPath, ['--no-warnings', file], { env, timeout: 240_000 })
    expect(stdout.trim().split('\n').at(-1)).toBe('all ran')
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 300_000)
