import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compiler, typeRoots } from '../support/compiler.ts'
import type { Call, Context } from './calls.ts'
import { rowDeclaration } from './columns.ts'

const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
const index = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

/** How a frame takes the column: by the row type of `select` and `agg`, or by that of `agg` of groups. */
const inContext: Readonly<Record<Context, (text: string) => string>> = {
  select: (text) => `row({ x: ${text} })`,
  group: (text) => `group({ x: ${text} })`,
  all: (text) => `row({ x: ${text} })`,
  window: (text) => `row({ x: ${text}.over(w) })`,
}

const preamble = `import * as F from '${index}'
import type { CalendarInterval, Columns, DayTimeInterval, Decimal, Geo, LocalDate, LocalDateTime, LocalTime, Timestamp, Variant, YearMonthInterval } from '${index}'
${rowDeclaration}
declare const c: Columns<Row>
declare const w: F.WindowSpec<'key'>
declare const row: <S extends { readonly x: F.Column<unknown> }>(columns: S) => 0 extends 1 & F.RowOf<S>['x'] ? any : F.RowOf<S>['x'] extends infer T ? T extends readonly (infer E)[] ? (E extends unknown ? E : never)[] : T extends null ? null : T : never
declare const group: <S extends { readonly x: F.Column<unknown> }>(columns: S) => 0 extends 1 & F.GroupRowOf<S>['x'] ? any : F.GroupRowOf<S>['x'] extends infer T ? T extends readonly (infer E)[] ? (E extends unknown ? E : never)[] : T extends null ? null : T : never
export type Used = [CalendarInterval, DayTimeInterval, Decimal, Geo, LocalDate, LocalDateTime, LocalTime, Timestamp, Variant, YearMonthInterval]
`

/**
 * The types that the compiler gives to the column of each call, as it writes them into declarations; undefined for calls
 * that it refuses.
 */
export const declaredTypes = async (calls: readonly Call[]): Promise<(string | undefined)[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'type-sweep-'))
  try {
    const lines = calls.map(({ text, context }, i) => `export const r${i} = ${inContext[context](text)}`)
    writeFileSync(join(folder, 'calls.mts'), `${preamble}${lines.join('\n')}\n`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings(folder)))
    const first = preamble.split('\n').length
    const refused = new Set<number>()
    const output = await compile(folder)
    for (const [, line] of output.matchAll(/calls\.mts\((\d+),\d+\): error/g)) refused.add(Number(line) - first)
    const text = readFileSync(join(folder, 'out', relative('/', folder), 'calls.d.mts'), 'utf8')
    const found = new Map<number, string>()
    for (const [, i, type] of text.matchAll(/^export declare const r(\d+): ([\s\S]*?);\n(?=export |$)/gm)) {
      found.set(Number(i), type!)
    }
    return calls.map((_, i) => (refused.has(i) ? undefined : found.get(i)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const settings = (folder: string): unknown => ({
  extends: tsconfig,
  compilerOptions: {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: join(folder, 'out'),
    rootDir: '/',
    typeRoots: typeRoots,
  },
  include: [join(folder, 'calls.mts')],
})

const compile = async (folder: string): Promise<string> => {
  try {
    const args = ['--pretty', 'false', '-p', folder]
    return (await promisify(execFile)(compiler, args, { maxBuffer: 1 << 28 })).stdout
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
