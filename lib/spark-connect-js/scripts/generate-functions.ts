// Writes src/functions/<section>.ts from functions.table, and the lists of exports:
// node scripts/generate-functions.ts && biome check --write src
//
// One line is one function: `name @ wire name | parameters | result | what it gives`. `!` before a wire name: internal.
// A parameter is `name:kind`, with `?` if it may be left out, `*` if there may be any number of them, and `(x)` for what
// is sent when it is left out. Kinds without `=` take columns (text is a column's name), kinds with `=` take values
// (text is text). The result is a TypeScript type; `same`, `elem`: the type of the first column, of its elements.
// `!` means never null, `?` that null is always possible, `+` an aggregate that is null of nothing, nothing: null in, null out.
import { readFileSync, writeFileSync } from 'node:fs'

interface Parameter {
  readonly name: string
  readonly kind: string
  readonly mark: '' | '?' | '*'
  readonly fallback: string | undefined
}

interface FunctionLine {
  readonly name: string
  readonly wireName: string
  readonly isInternal: boolean
  readonly parameters: readonly Parameter[]
  readonly result: string
  readonly text: string
}

const columnKinds: Readonly<Record<string, string>> = {
  text: 'TextArg',
  num: 'NumberArg',
  amount: 'AmountArg',
  float: 'NumberArg',
  whole: 'NumberArg | Column<string | null>',
  bits: 'Column<number | bigint | null> | string | number | bigint',
  moment: 'MomentArg',
  bin: 'ColumnArg<string | Uint8Array>',
  any: 'ColumnArg',
  bool: 'ColumnArg<boolean>',
  arr: 'ColumnArg<readonly unknown[]>',
}

const valueKinds: Readonly<Record<string, string>> = {
  string: 'ValueArg<string>',
  separator: 'ValueArg<string> | ValueArg<Uint8Array>',
  int: 'ValueArg<number>',
  num: 'ValueArg<number>',
  bool: 'ValueArg<boolean>',
  seed: 'ValueArg<number> | bigint',
  any: 'unknown',
}

/** `value` is the name of the helper that wraps constants. */
const localName = (name: string): string => (name === 'value' ? 'item' : name)

const parseParameter = (text: string): Parameter => {
  const match = /^(\w+):(=?\w+)(?:\((.*)\))?([?*]?)$/.exec(text)
  if (!match) throw new SyntaxError(`invalid parameter '${text}'`)
  return { name: localName(match[1]!), kind: match[2]!, fallback: match[3], mark: match[4] as Parameter['mark'] }
}

const parseLine = (line: string): FunctionLine => {
  const [names = '', parameters = '', result = '', text = ''] = line.split('|').map((part) => part.trim())
  const [name = '', wire = name] = names.split(' @ ')
  const isInternal = wire.startsWith('!')
  const wireName = isInternal ? wire.slice(1) : wire
  return {
    name,
    wireName,
    isInternal,
    parameters: parameters.trim() === '' ? [] : parameters.split(/,\s*(?![^(]*\))/).map(parseParameter),
    result,
    text,
  }
}

/** Words that TypeScript keeps for itself; they are exported under their own name all the same. */
const reserved = new Set(['typeof'])

const isValue = ({ kind }: Parameter): boolean => kind.startsWith('=')

const fallbackOf = ({ kind, fallback }: Parameter): string => {
  if (fallback === undefined) return ''
  return kind === '=string' ? ` = '${fallback}'` : ` = ${fallback}`
}

const resultType = (
  { result, parameters }: FunctionLine,
  generics: readonly string[],
  variadic: string | undefined,
): string => {
  const nullability = /[!?+]$/.exec(result)?.[0] ?? ''
  const bare = (nullability ? result.slice(0, -1) : result).replaceAll('~', '|')
  const first = generics[0] ?? 'never'
  const isVariadic = parameters.some(({ mark }) => mark === '*')
  const columns = isVariadic
    ? generics.map((generic) => (variadic === generic ? `${generic}[number]` : generic))
    : generics
  const nulls =
    nullability === '!' ? [] : nullability === '?' ? ['null'] : columns.map((generic) => `NullsOf<${generic}>`)
  const firstColumn = variadic === first ? `${first}[number]` : first
  switch (bare) {
    case 'same':
      return nullability === '?'
        ? `TypeOf<${firstColumn}> | null`
        : nullability === '+'
          ? `TypeOf<${firstColumn}>`
          : generics.length > 1 || isVariadic
            ? [`TypeOf<${firstColumn}>`, ...nulls].join(' | ')
            : `TypeOf<${firstColumn}>`
    case 'same0':
      return `NonNullable<TypeOf<${firstColumn}>>`
    case 'elem':
      return [`ElementOf<${firstColumn}>`, ...nulls].join(' | ')
    case 'any':
      return 'any'
    default:
      return [bare.replace(/\bA\b/, firstColumn), ...nulls].join(' | ')
  }
}

const emit = (line: FunctionLine): string => {
  const { name, wireName, isInternal, parameters, text } = line
  const generics: string[] = []
  const constraints: string[] = []
  const declarations = parameters.map((parameter) => {
    if (isValue(parameter)) {
      const type = valueKinds[parameter.kind.slice(1)]
      if (!type) throw new SyntaxError(`${name}: unknown kind '${parameter.kind}'`)
      return `${parameter.name}${parameter.mark === '?' ? '?' : ''}: ${type}${fallbackOf(parameter)}`
    }
    const type = columnKinds[parameter.kind]
    if (!type) throw new SyntaxError(`${name}: unknown kind '${parameter.kind}'`)
    const generic = String.fromCharCode(65 + generics.length)
    generics.push(generic)
    if (parameter.mark === '*') {
      constraints.push(`${generic} extends readonly (${type})[]`)
      return `...${parameter.name}: ${generic}`
    }
    if (parameter.fallback !== undefined) {
      generics.pop()
      return `${parameter.name}: ${type}${fallbackOf(parameter)}`
    }
    constraints.push(`${generic} extends ${type}${parameter.mark === '?' ? ' = never' : ''}`)
    return `${parameter.name}${parameter.mark === '?' ? '?' : ''}: ${generic}`
  })
  const type = resultType(line, generics, parameters.some(({ mark }) => mark === '*') ? generics.at(-1) : undefined)
  const used = constraints.filter((constraint) => new RegExp(`\\b${constraint[0]}\\b`).test(type))
  // A parameter whose nulls do not matter needs no type variable of its own.
  const plain = declarations.map((declaration) => {
    const match = /: ([A-Z])$/.exec(declaration)
    const constraint = constraints.find((candidate) => candidate[0] === match?.[1])
    if (!match || !constraint || used.includes(constraint)) return declaration
    return declaration.replace(/[A-Z]$/, constraint.slice('A extends '.length).replace(/ = never$/, ''))
  })
  const args = parameters.map((parameter) => {
    if (parameter.mark === '*') return `...${parameter.name}`
    return isValue(parameter) ? `value(${parameter.name})` : parameter.name
  })
  const sql = /^\w+$/.test(wireName)
    ? `${wireName}(${parameters.map(({ name: p, mark }) => (mark === '*' ? `${p}, …` : p)).join(', ')})`
    : wireName
  const local = reserved.has(name) ? `${name}_` : name
  const note = type === 'any' ? '// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values\n' : ''
  return `/** \`${sql}\`: ${text}. */
${note}export const ${local} = ${used.length > 0 ? `<${used.join(', ')}>` : ''}(${plain.join(', ')}): ${/\+$/.test(line.result) ? 'AggregateColumn' : 'Column'}<${type}> => ${isInternal ? 'internalFn' : 'fn'}('${wireName}', [${args.join(', ')}])
`
}

const folder = new URL('../', import.meta.url)
const sections = new Map<string, FunctionLine[]>()
let section: FunctionLine[] = []
for (const line of readFileSync(new URL('scripts/functions.table', folder), 'utf8').split('\n')) {
  if (line.startsWith('# ')) {
    section = []
    sections.set(line.slice(2), section)
  } else if (line.trim() !== '') section.push(parseLine(line))
}

const valueTypes = [
  'CalendarInterval',
  'Decimal',
  'Geo',
  'LocalDate',
  'LocalDateTime',
  'LocalTime',
  'Timestamp',
  'Variant',
]
const arithmeticTypes = ['Average', 'Difference', 'Product', 'Quotient', 'Remainder', 'Sum', 'Total']
const argTypes = [
  'AmountArg',
  'ClockOf',
  'ColumnArg',
  'ElementOf',
  'ItemOf',
  'KeyOf',
  'MedianOf',
  'MomentArg',
  'NullsOf',
  'NumberArg',
  'PresentTypeOf',
  'SequenceOf',
  'TextArg',
  'TextOf',
  'TypeOf',
  'Untyped',
  'ValueArg',
]

for (const [name, lines] of sections) {
  const body = lines.map(emit).join('\n')
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(body)
  const types = valueTypes.filter((type) => new RegExp(`[<| ]${type}\\b(?!')`).test(body))
  const args = argTypes.filter(uses)
  const rules = arithmeticTypes.filter(uses)
  const columns = ['AggregateColumn', 'Column'].filter(uses)
  const helpers = [
    'fn',
    ...(/internalFn\(/.test(body) ? ['internalFn'] : []),
    ...(/value\(/.test(body) ? ['value'] : []),
  ]
  const renamed = lines
    .filter((line) => reserved.has(line.name))
    .map((line) => `export { ${line.name}_ as ${line.name} }\n`)
  writeFileSync(
    new URL(`src/functions/${name}.ts`, folder),
    `// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { ${columns.join(', ')} } from '../column/column.ts'
${rules.length > 0 ? `import type { ${rules.join(', ')} } from '../types/arithmetic.ts'\n` : ''}${types.length > 0 ? `import type { ${types.join(', ')} } from '../types/index.ts'\n` : ''}import { ${[...args.map((type) => `type ${type}`), ...helpers].join(', ')} } from './call.ts'

${body.replaceAll(/export const (\w+_) =/g, 'const $1 =')}
${renamed.join('')}`,
  )
}

const exportsOf = (file: string): string[] =>
  [
    ...readFileSync(new URL(`src/functions/${file}.ts`, folder), 'utf8').matchAll(/^export (?:const|function) (\w+)/gm),
  ].map((match) => match[1]!)

const generated = [...sections].map(([file, lines]): [string, string[]] => [file, lines.map((line) => line.name)])
const special = ['aggregates', 'choices', 'collections', 'formats', 'numbers', 'times', 'windows']
const byHand = ['core', ...special.map((file) => `by-hand/${file}`), 'using', 'old-names'].map(
  (file): [string, string[]] => [file, exportsOf(file)],
)
const files: [string, string[]][] = [...byHand, ...generated]
writeFileSync(
  new URL('src/functions/index.ts', folder),
  `// Hides how Spark's functions are called; each is one line that makes a message.
// Needs column.ts. Never evaluates anything.
// Made by scripts/generate-functions.ts.
${files.map(([file, names]) => `export { ${[...new Set(names)].sort().join(', ')} } from './${file}.ts'`).join('\n')}
`,
)

// The package exports each function by name as well.
const publicNames = [...new Set(files.flatMap(([, names]) => names))].sort()
const publicIndex = new URL('src/index.ts', folder)
writeFileSync(
  publicIndex,
  readFileSync(publicIndex, 'utf8').replace(
    /export \{[^}]*\} from '.\/functions\/index.ts'/,
    `export { ${publicNames.join(', ')} } from './functions/index.ts'`,
  ),
)
