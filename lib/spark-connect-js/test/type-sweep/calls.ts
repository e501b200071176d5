import { readFileSync } from 'node:fs'
import { kindOf, kinds, mayBeNull } from './columns.ts'

/** Where a column is computed: row by row, of groups, of all rows (or none), over a window. */
export type Context = 'select' | 'group' | 'all' | 'window'

/** A call as text that is both compiled and run; `c` are the columns, `F` the package. */
export interface Call {
  readonly subject: string
  readonly text: string
  readonly context: Context
}

const all = Object.keys(kinds)

/** Columns that may stand for a kind of parameter; the compiler decides on the rest. */
const candidates: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  num: ['long', 'int', 'float', 'double', 'decimal'],
  float: ['int', 'double', 'decimal'],
  whole: ['int', 'long'],
  amount: ['long', 'int', 'float', 'double', 'decimal', 'months', 'span'],
  moment: ['ts', 'date', 'ntz', 'time'],
  bin: ['bin', 'text'],
  bool: ['bool'],
  arr: ['longs', 'texts', 'gaps', 'nested'],
  any: ['long', 'int', 'decimal', 'double', 'text', 'bin', 'date', 'span', 'longs', 'gaps'],
}

const values: Readonly<Record<string, string>> = {
  '=string': "'7'",
  '=separator': "','",
  '=int': '1',
  '=num': '0.5',
  '=bool': 'true',
  '=seed': '1',
  '=any': '1',
}

/** Arguments that a function insists on, by the name of the parameter or by that of the function and the parameter. */
const special: Readonly<Record<string, string>> = {
  charset: "'UTF-8'",
  tz: "'UTC'",
  dayOfWeek: "'Mon'",
  unit: "'DAY'",
  field: "'DAY'",
  path: "'$.a'",
  targetType: "'int'",
  delimiter: "','",
  'collate.collation': "'UNICODE'",
  'date_format.format': "'yyyy'",
  'from_unixtime.format': "'yyyy'",
  'date_trunc.format': "'month'",
  'trunc.format': "'month'",
  'format_string.format': "'%s'",
  'conv.fromBase': '10',
  'conv.toBase': '16',
  'sha2.numBits': '256',
  'to_binary.format': "F.lit('utf-8')",
  'try_to_binary.format': "F.lit('utf-8')",
  'to_number.format': "F.lit('99')",
  'try_to_number.format': "F.lit('99')",
  'to_char.format': "F.lit('99')",
  'to_varchar.format': "F.lit('99')",
  'parse_url.url': "F.lit('https://a.b/c?d=e')",
  'parse_url.partToExtract': "F.lit('HOST')",
  'try_parse_url.partToExtract': "F.lit('HOST')",
  'time_diff.unit': "F.lit('HOUR')",
  'time_trunc.unit': "F.lit('HOUR')",
  'xpath.xml': "F.lit('<a>1</a>')",
  'elt.inputs': 'F.lit(1), c.text',
  'aes_encrypt.key': "F.lit('0000111122223333')",
  'width_bucket.numBucket': 'F.lit(3)',
  'printf.format': "F.lit('%s')",
  'hist.nBins': '3',
  'count_min_sketch.confidence': '0.9',
}

/** Only for other functions (`years` for partitionedBy), not a value of the row, or different by design. */
const leftOut =
  /^(years|months|days|hours|bucket|raise_error|assert_true|unwrap_udt|window_time|stack|inline.*|posexplode.*|json_tuple|st_.*|grouping.*|java_method|reflect|try_reflect|bitmap_(and|or)_agg|(kll|hll|theta|tuple)_.*|try_aes_decrypt|aes_decrypt|schema_of_variant_agg)$/

const aggregates = new Set(['# aggregate', '# sketch'])

interface Parameter {
  readonly name: string
  readonly kind: string
  readonly mark: string
}

const parameterOf = (text: string): Parameter => {
  const [, name = '', kind = '', mark = ''] = /^(\w+):(=?\w+)(?:\(.*\))?([?*]?)$/.exec(text.trim()) ?? []
  return { name, kind, mark }
}

/** The arguments for one choice of columns: parameters that take columns take them in turn. */
const argumentsOf = (name: string, parameters: readonly Parameter[], columns: readonly string[]): string => {
  let next = 0
  return parameters
    .map(({ name: parameter, kind }) => {
      const fixed = special[`${name}.${parameter}`] ?? (kind.startsWith('=') ? special[parameter] : undefined)
      if (fixed !== undefined) return fixed
      if (kind.startsWith('=')) return values[kind]
      const column = columns[next] ?? columns.at(-1)
      next += 1
      return `c.${column}`
    })
    .join(', ')
}

/** Kinds that operators and functions may mix: numbers, and moments with intervals and counts of days. */
const mixed = [
  ['long', 'int', 'float', 'double', 'decimal'],
  ['date', 'ts', 'ntz', 'time', 'months', 'span', 'pause', 'int', 'decimal'],
  ['text', 'bin', 'date'],
]

/** Choices of columns for so many parameters: of one type with and without nulls, and pairs of types that may be mixed. */
const choicesOf = (first: readonly string[], second?: readonly string[]): string[][] => {
  if (!second) return first.flatMap((name) => [[name], [`${name}N`]])
  return first.flatMap((a) =>
    second.flatMap((b) => {
      if (a === b)
        return [
          [a, b],
          [`${a}N`, b],
          [a, `${b}N`],
        ]
      return mixed.some((kindsOfOne) => kindsOfOne.includes(a) && kindsOfOne.includes(b)) ? [[a, b]] : []
    }),
  )
}

const contextsOf = (section: string): Context[] => {
  if (aggregates.has(section)) return ['group', 'all', 'window']
  return section === '# window' ? ['window'] : ['select']
}

/** Calls of every function of the table with every kind of argument that its parameters might take. */
const tableCalls = (): Call[] => {
  const calls: Call[] = []
  let section = ''
  for (const line of readFileSync(new URL('../../scripts/functions.table', import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('# ')) section = line
    const [names = '', list = ''] = line.split('|').map((part) => part.trim())
    const name = names.split(' @ ')[0] ?? ''
    if (line.startsWith('#') || name === '' || leftOut.test(name)) continue
    const parameters = list === '' ? [] : list.split(/,\s*(?![^(]*\))/).map(parameterOf)
    const needed = parameters.filter(({ mark }) => mark !== '?')
    for (const shape of needed.length < parameters.length ? [needed, parameters] : [parameters]) {
      const columns = shape.filter(({ name: p, kind }) => !kind.startsWith('=') && !special[`${name}.${p}`])
      const [a, b] = columns.map(({ kind }) => candidates[kind] ?? [])
      const wide = (kind: string): boolean => !aggregates.has(section) || (kind !== 'int' && kind !== 'float')
      const choices =
        a === undefined ? [[]] : b === undefined ? choicesOf(a) : choicesOf(a.filter(wide), b.filter(wide))
      for (const choice of choices) {
        const text = `F.${name}(${argumentsOf(name, shape, choice)})`
        // Over all rows and over windows any aggregate may be null; there the columns with nulls would tell nothing new.
        const contexts = contextsOf(section).filter(
          (context) => context === 'group' || !aggregates.has(section) || !hasNulls(text),
        )
        calls.push(...contexts.map((context) => ({ subject: name, text, context })))
      }
    }
  }
  return calls
}

const hasNulls = (text: string): boolean => [...text.matchAll(/c\.(\w+)/g)].some(([, column]) => mayBeNull(column!))

const plain = (calls: readonly Call[]): Call[] => calls.filter(({ text }) => !hasNulls(text))

/** `$a` and `$b` stand for columns of all kinds. */
const expand = (
  template: string,
  subject: string,
  context: Context = 'select',
  of: readonly string[] = all,
): Call[] => {
  const fill = (columns: readonly string[]): Call => ({
    subject,
    text: template.replaceAll('$a', `c.${columns[0]}`).replaceAll('$b', `c.${columns[1]}`),
    context,
  })
  return choicesOf(of, template.includes('$b') ? of : undefined).map(fill)
}

const operators = ['eq', 'lt', 'eqNullSafe', 'plus', 'minus', 'multiply', 'divide', 'mod', 'bitwiseAND']
const literals = [
  '1',
  '0.5',
  '1n',
  "'7'",
  'F.lit(1)',
  'F.lit(1n)',
  "F.Decimal.of('0.5')",
  'new F.DayTimeInterval(3600000000n)',
  "F.LocalDate.parse('2024-05-01')",
]
const operands = ['long', 'int', 'double', 'decimal', 'text', 'date', 'ts', 'time', 'months', 'span', 'pause']
const sqlNames = [
  'string',
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal',
  'decimal(5,1)',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
  'timestamp_ltz',
  'variant',
  'array<string>',
  'interval day',
  'interval year to month',
  'varchar(3)',
]

const operatorCalls = (): Call[] => [
  ...operators.flatMap((name) => [
    ...expand(`$a.${name}($b)`, name),
    ...literals.flatMap((literal) => plain(expand(`$a.${name}(${literal})`, name, 'select', operands))),
  ]),
  ...['bool', 'boolN'].flatMap((a) =>
    ['bool', 'boolN'].flatMap((b) =>
      ['and', 'or'].map((name): Call => ({ subject: name, text: `c.${a}.${name}(c.${b})`, context: 'select' })),
    ),
  ),
  ...[
    'not()',
    'negate()',
    'isNull()',
    'isNotNull()',
    'isNaN()',
    "like('%7')",
    "rlike('7')",
    'substr(1, 1)',
    'asc()',
    "as('y')",
  ].flatMap((step) => (step === 'asc()' ? [] : expand(`$a.${step}`, step))),
  ...[
    'getItem(0)',
    "getItem('a')",
    "getField('a')",
    'between(1, 2)',
    'isin(7, 8)',
    "isin('7')",
    'eq(null as never)',
  ].flatMap((step) => expand(`$a.${step}`, step)),
  ...sqlNames.flatMap((name) => plain(expand(`$a.cast('${name}')`, 'cast'))),
  ...['int', 'decimal(5,1)', 'date'].flatMap((name) => plain(expand(`$a.try_cast('${name}')`, 'try_cast'))),
  ...['types.long', 'types.array(F.types.string)', 'types.decimal(5, 1)', 'types.date'].flatMap((type) =>
    plain(expand(`$a.cast(F.${type})`, 'cast')),
  ),
]

const arrays = ['longs', 'texts', 'gaps', 'nested']

const specialCalls = (): Call[] => [
  ...['coalesce', 'greatest', 'array'].flatMap((name) => [
    ...expand(`F.${name}($a, $b)`, name),
    ...['0', 'F.lit(0)', 'F.lit(0.5)', '0n'].flatMap((value) => plain(expand(`F.${name}($a, ${value})`, name))),
  ]),
  ...expand('F.nvl2($a, $a, $b)', 'nvl2'),
  ...expand('F.when(c.bool, $a).otherwise($b)', 'when'),
  ...expand('F.when(c.bool, $a)', 'when'),
  ...expand('F.when(c.boolN, 0).when(c.bool, $a).otherwise(1n)', 'when'),
  ...expand('F.struct({ a: $a })', 'struct'),
  ...expand("F.struct($a, F.lit('x'))", 'struct'),
  ...expand("F.create_map(F.lit('a'), $a)", 'create_map'),
  ...expand("F.create_map(F.lit('a'), $a, F.lit('b'), F.lit(0))", 'create_map'),
  ...expand('F.ceil($a)', 'ceil'),
  ...expand('F.ceil($a, 1)', 'ceil'),
  ...expand('F.floor($a)', 'floor'),
  ...expand('F.floor($a, 0)', 'floor'),
  ...expand('F.to_json($a)', 'to_json'),
  ...expand('F.log($a)', 'log'),
  ...expand('F.unix_timestamp($a)', 'unix_timestamp'),
  ...expand("F.convert_timezone(null, 'UTC', $a)", 'convert_timezone'),
  ...["'a BIGINT'", 'F.types.struct({ a: F.types.long })', 'F.types.array(F.types.string)'].flatMap((schema) =>
    expand(`F.from_json($a, ${schema})`, 'from_json', 'select', ['text']),
  ),
  ...arrays
    .flatMap((name) => [name, `${name}N`])
    .flatMap((name): Call[] =>
      [
        `F.array_join(c.${name}, ',')`,
        `F.shuffle(c.${name}, 1)`,
        `F.transform(c.${name}, (x) => x)`,
        `F.transform(c.${name}, (x) => F.coalesce(x, F.lit(0)))`,
        `F.filter(c.${name}, (x) => x.isNotNull())`,
        `F.exists(c.${name}, (x) => x.isNull())`,
        `F.forall(c.${name}, (x) => x.isNull())`,
        `F.exists(c.${name}, (x) => x.gt(1))`,
        `F.array_sort(c.${name})`,
        `F.arrays_zip(c.${name}, c.longs)`,
        `F.zip_with(c.${name}, c.longs, (x, y) => y)`,
        `F.aggregate(c.${name}, F.lit(0), (a, x) => a.plus(x))`,
        `F.aggregate(c.${name}, F.lit(0n), (a, x) => a.plus(x))`,
        `F.aggregate(c.${name}, F.lit(0), (a, x) => a.plus(F.coalesce(x, F.lit(0))))`,
        `F.aggregate(c.${name}, F.lit(0n), (a, x) => a.plus(1n), (a) => a.cast('string'))`,
        `F.reduce(c.${name}, F.lit(''), (a, x) => F.concat(a, x.cast('string')))`,
      ].map((text) => ({ subject: /F\.(\w+)/.exec(text)![1]!, text, context: 'select' })),
    ),
  ...['map', 'mapN'].flatMap((name): Call[] =>
    [
      `F.map_filter(c.${name}, (k, v) => v.gt(0))`,
      `F.transform_keys(c.${name}, (k, v) => F.upper(k))`,
      `F.transform_values(c.${name}, (k, v) => v.plus(1))`,
      `F.map_zip_with(c.${name}, c.map, (k, a, b) => a.plus(b))`,
    ].map((text) => ({ subject: /F\.(\w+)/.exec(text)![1]!, text, context: 'select' })),
  ),
  ...[
    '1',
    '-1',
    '0.5',
    '1n',
    "'x'",
    'true',
    'null',
    'new Date(0)',
    '[1, 2]',
    '[1, null]',
    "['a']",
    "F.Decimal.of('1.5')",
    'new Uint8Array(1)',
    "new Map([['a', 1]])",
    'new F.YearMonthInterval(1)',
    'new F.Timestamp(0n)',
  ].map((value): Call => ({ subject: 'lit', text: `F.lit(${value})`, context: 'select' })),
  ...[
    'rand(1)',
    'random(1)',
    'randn(1)',
    'randstr(3, 1)',
    'uniform(1, 5, 1)',
    'unix_timestamp()',
    'count(c.long).over(F.Window.partitionBy(c.key))',
  ].map((text): Call => ({ subject: text, text: `F.${text}`, context: 'select' })),
  ...[
    'make_timestamp({ years: c.int, months: 1, days: 1, hours: 1, mins: 1, secs: 1 })',
    'make_timestamp_ntz({ years: c.int, months: 1, days: 1, hours: 1, mins: 1, secs: 1 })',
    'make_interval({ years: c.int })',
    'make_dt_interval({ days: c.int })',
    'make_ym_interval({ years: c.int })',
  ].map((text): Call => ({ subject: text, text: `F.${text}`, context: 'select' })),
]

const aggregateCalls = (): Call[] =>
  (['group', 'all', 'window'] as const).flatMap((context) =>
    context === 'group' ? aggregateCallsIn(context) : plain(aggregateCallsIn(context)),
  )

const aggregateCallsIn = (context: Context): Call[] => [
  ...['sum', 'sum_distinct', 'count', 'count_distinct', 'listagg_distinct'].flatMap((name) =>
    context === 'window' && name.endsWith('distinct') ? [] : expand(`F.${name}($a)`, name, context),
  ),
  ...['max_by', 'min_by'].flatMap((name) => [
    ...expand(`F.${name}($a, c.long)`, name, context),
    ...expand(`F.${name}(c.long, $a)`, name, context),
    ...(context === 'window' ? [] : expand(`F.${name}($a, c.long, 2)`, name, context)),
  ]),
  ...['percentile', 'percentile_approx', 'approx_percentile'].flatMap((name) => [
    ...expand(`F.${name}($a, 0.5)`, name, context),
    ...expand(`F.${name}($a, [0.5])`, name, context),
  ]),
  ...['max', 'sum', 'avg', 'first']
    .flatMap((name) => expand(`F.${name}($a).$notNull().plus(1)`, '$notNull', context))
    .filter(({ text }) => context === 'group' && !mayBeNull(/c\.(\w+)/.exec(text)![1]!)),
  ...['max', 'min', 'sum'].flatMap((name) => expand(`F.coalesce(F.${name}($a), F.lit(0))`, name, context)),
]

const windowCalls = (): Call[] => [
  ...['lag', 'lead'].flatMap((name) => [
    ...expand(`F.${name}($a)`, name, 'window'),
    ...expand(`F.${name}($a, 1, $b)`, name, 'window').filter(({ text }) => {
      const [a, b] = [...text.matchAll(/c\.(\w+)/g)].map((match) => match[1]!)
      return kindOf(a!) === kindOf(b!)
    }),
    ...expand(`F.${name}($a, 1, 0)`, name, 'window'),
  ]),
]

/** So many of a list, spread over it evenly. */
const spread = <T>(list: readonly T[], most: number): T[] =>
  list.filter((_, i) => Math.floor((i * most) / list.length) !== Math.floor(((i - 1) * most) / list.length))

/** Calls of everything, each once; of one function in one context at most so many. */
export const sweepCalls = (most: number): Call[] => {
  const calls = [...tableCalls(), ...operatorCalls(), ...specialCalls(), ...aggregateCalls(), ...windowCalls()]
  const once = new Map(calls.map((call) => [`${call.context} ${call.text}`, call]))
  const bySubject = Map.groupBy(once.values(), ({ subject, context }) => `${context} ${subject}`)
  return [...bySubject.values()].flatMap((list) => spread(list, most))
}
