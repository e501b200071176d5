import {
  ArrayType,
  BoundedStringType,
  type DataType,
  DecimalType,
  GeoType,
  MapType,
  SimpleType,
  StringType,
  TimeType,
} from './data-type.ts'
import { DayTimeIntervalType, YearMonthIntervalType } from './interval-types.ts'
import { collationsKey, StructField, StructType } from './struct-type.ts'
import { types } from './types.ts'

type Token = { readonly text: string; readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'sign'; at: number }

const tokenPattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<quoted>`(?:[^`]|``)*`)|(?<string>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*")|(?<number>-?\d+)(?![A-Za-z_])|(?<word>[\p{L}\p{N}_]+)|(?<sign>[<>(),:])/uy

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex
    const groups = tokenPattern.exec(text)?.groups
    if (!groups) throw new SyntaxError(`cannot read the type '${text}' at character ${at + 1}: '${text[at]}'`)
    for (const kind of ['quoted', 'string', 'number', 'word', 'sign'] as const) {
      if (groups[kind] !== undefined) tokens.push({ text: groups[kind], kind, at })
    }
  }
  return tokens
}

const simpleNames: Readonly<Record<string, DataType>> = {
  VOID: types.void,
  BOOLEAN: types.boolean,
  TINYINT: types.byte,
  BYTE: types.byte,
  SMALLINT: types.short,
  SHORT: types.short,
  INT: types.integer,
  INTEGER: types.integer,
  BIGINT: types.long,
  LONG: types.long,
  FLOAT: types.float,
  REAL: types.float,
  DOUBLE: types.double,
  BINARY: types.binary,
  DATE: types.date,
  TIMESTAMP: types.timestamp,
  TIMESTAMP_LTZ: types.timestamp,
  TIMESTAMP_NTZ: types.timestampNtz,
  VARIANT: types.variant,
}

const yearMonth = ['YEAR', 'MONTH']
const dayTime = ['DAY', 'HOUR', 'MINUTE', 'SECOND']

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  /** How many words were read, the one that did not fit included. */
  get position(): number {
    return this.#next
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length
  }

  type(): DataType {
    const token = this.#take('a type')
    const name = token.kind === 'word' ? token.text.toUpperCase() : ''
    if (name === 'TIMESTAMP' && this.#accept('WITHOUT')) {
      for (const word of ['TIME', 'ZONE']) this.#expect(word)
      return types.timestampNtz
    }
    const simple = simpleNames[name]
    if (simple) return simple
    switch (name) {
      case 'STRING':
        return this.#accept('COLLATE') ? new StringType(this.#name()) : types.string
      case 'CHAR':
      case 'CHARACTER':
        return new BoundedStringType('char', this.#numbers(1, 1)[0] ?? 1)
      case 'VARCHAR':
        return new BoundedStringType('varchar', this.#numbers(1, 1)[0] ?? 1)
      case 'DECIMAL':
      case 'DEC':
      case 'NUMERIC':
        return new DecimalType(...this.#numbers(0, 2))
      case 'TIME': {
        const precision = this.#numbers(0, 1)[0]
        if (this.#accept('WITHOUT')) for (const word of ['TIME', 'ZONE']) this.#expect(word)
        return new TimeType(precision)
      }
      case 'INTERVAL':
        return this.#interval()
      case 'GEOMETRY':
      case 'GEOGRAPHY':
        return this.#geo(name === 'GEOMETRY' ? 'geometry' : 'geography')
      case 'ARRAY': {
        this.#expect('<')
        const element = this.type()
        this.#expect('>')
        return new ArrayType(element)
      }
      case 'MAP': {
        this.#expect('<')
        const key = this.type()
        this.#expect(',')
        const item = this.type()
        this.#expect('>')
        return new MapType(key, item)
      }
      case 'STRUCT': {
        this.#expect('<')
        const fields = this.#peek() === '>' ? [] : this.fields()
        this.#expect('>')
        return new StructType(fields)
      }
      default:
        return this.#fail(token, 'no type of Spark')
    }
  }

  fields(): StructField[] {
    const fields: StructField[] = []
    do {
      const name = this.#name()
      this.#accept(':')
      const type = this.type()
      let nullable = true
      const metadata: Record<string, unknown> = {}
      for (;;) {
        if (this.#accept('NOT')) {
          this.#expect('NULL')
          nullable = false
        } else if (this.#accept('COMMENT')) {
          metadata.comment = unquote(this.#take('a comment').text)
        } else break
      }
      fields.push(new StructField(name, type, nullable, metadata))
    } while (this.#accept(','))
    return fields
  }

  end(): void {
    const token = this.#tokens[this.#next]
    if (token) this.#fail(token, 'not expected here')
  }

  #interval(): DataType {
    const start = this.#peek()
    const fields = yearMonth.includes(start) ? yearMonth : dayTime
    const from = fields.indexOf(start)
    if (from < 0) return types.calendarInterval
    this.#next += 1
    const to = this.#accept('TO') ? fields.indexOf(this.#take('an interval field').text.toUpperCase()) : from
    if (to < from) throw new SyntaxError(`cannot read the type '${this.#text}': an interval ends before it starts`)
    return fields === yearMonth ? new YearMonthIntervalType(from, to) : new DayTimeIntervalType(from, to)
  }

  #geo(kind: 'geometry' | 'geography'): DataType {
    this.#expect('(')
    const token = this.#take('an SRID or ANY')
    this.#expect(')')
    return new GeoType(kind, token.text.toUpperCase() === 'ANY' ? -1 : Number(token.text))
  }

  #numbers(least: number, most: number): number[] {
    if (least === 0 && this.#peek() !== '(') return []
    this.#expect('(')
    const numbers: number[] = []
    do {
      const token = this.#take('a number')
      if (token.kind !== 'number' || numbers.length === most) this.#fail(token, 'not expected here')
      numbers.push(Number(token.text))
    } while (this.#accept(','))
    this.#expect(')')
    return numbers
  }

  #name(): string {
    const token = this.#take('a name')
    if (token.kind === 'quoted') return token.text.slice(1, -1).replaceAll('``', '`')
    if (token.kind !== 'word' && token.kind !== 'number') this.#fail(token, 'no name')
    return token.text
  }

  #peek(): string {
    return this.#tokens[this.#next]?.text.toUpperCase() ?? ''
  }

  #accept(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#next += 1
    return true
  }

  #expect(text: string): void {
    const token = this.#take(`'${text}'`)
    if (token.text.toUpperCase() !== text) this.#fail(token, `'${text}' is expected`)
  }

  #take(what: string): Token {
    const token = this.#tokens[this.#next]
    if (!token) throw new SyntaxError(`cannot read the type '${this.#text}': it ends where ${what} is expected`)
    this.#next += 1
    return token
  }

  #fail(token: Token, why: string): never {
    throw new SyntaxError(`cannot read the type '${this.#text}' at character ${token.at + 1}, '${token.text}': ${why}`)
  }
}

const unquote = (text: string): string =>
  text.slice(1, -1).replaceAll(/\\(.)|''/g, (_, escaped: string | undefined) => escaped ?? "'")

/**
 * Reads a type as SQL writes it: `ARRAY<STRUCT<a: INT NOT NULL>>`, or a list of columns, `a INT, b STRING`,
 * which becomes a StructType. Nothing is asked of the server.
 *
 * *Errors:* SyntaxError with the place in the text.
 */
export const parseType = (text: string): DataType => {
  try {
    const parser = new Parser(text)
    const type = parser.type()
    parser.end()
    return type
  } catch (typeError) {
    const parser = new Parser(text)
    let fields: StructField[] | undefined
    try {
      fields = parser.fields()
      parser.end()
      return new StructType(fields)
    } catch (columnsError) {
      // Whatever has a name and a type in front was meant as a list of columns.
      throw fields || parser.position > 2 ? columnsError : typeError
    }
  }
}

/** Reads a list of columns as `CREATE TABLE` takes it: `a INT NOT NULL, b STRING COMMENT 'why'`. *Errors:* SyntaxError. */
export const parseColumns = (text: string): StructType => {
  const parser = new Parser(text)
  const fields = parser.atEnd ? [] : parser.fields()
  parser.end()
  return new StructType(fields)
}

const primitiveNames = new Map<string, DataType>([
  ...Object.values(simpleNames).flatMap((type): [string, DataType][] =>
    type instanceof SimpleType ? [[type.kind, type]] : [],
  ),
  ['string', types.string],
  ['interval', types.calendarInterval],
  ['null', types.void],
])

const srids: Readonly<Record<string, number>> = { 'OGC:CRS84': 4326, 'OGC:CRS83': 4269, 'OGC:CRS27': 4267 }

/** GEOMETRY and GEOGRAPHY as JSON writes them, by the name of their reference system; undefined for other text. */
const geoFromJson = (text: string): GeoType | undefined => {
  const match = /^(geometry|geography)\(\s*(\w+:-?\w+)\s*(?:,\s*\w+\s*)?\)$/i.exec(text)
  if (!match) return undefined
  const crs = match[2]!.toUpperCase()
  const srid = crs === 'SRID:ANY' ? -1 : (srids[crs] ?? Number(/^(?:SRID|EPSG|ESRI):(\d+)$/.exec(crs)?.[1]))
  if (Number.isNaN(srid)) throw new SyntaxError(`cannot read the type '${text}': unknown reference system ${match[2]}`)
  return new GeoType(match[1]!.toLowerCase() as 'geometry' | 'geography', srid)
}

type Json = Readonly<Record<string, unknown>>

/** A field; its metadata lists the collations within its type by place. */
const fieldFromJson = (json: Json): StructField => {
  const { [collationsKey]: collations, ...metadata } = (json?.metadata ?? {}) as Json
  const name = json?.name
  if (typeof name !== 'string')
    throw new SyntaxError(`cannot read the type: a field has no name: ${JSON.stringify(json)}`)
  const type = readJson(json.type, name, (collations ?? {}) as Readonly<Record<string, string>>)
  return new StructField(name, type, json.nullable as boolean, metadata)
}

const readJson = (json: unknown, path: string, collations: Readonly<Record<string, string>>): DataType => {
  if (typeof json === 'string') {
    const collation = json === 'string' && Object.hasOwn(collations, path) ? collations[path] : undefined
    if (collation !== undefined) return new StringType(collation.slice(collation.indexOf('.') + 1))
    return primitiveNames.get(json) ?? geoFromJson(json) ?? parseType(json)
  }
  const node = (json ?? {}) as Json
  switch (node.type) {
    case 'array':
      return new ArrayType(readJson(node.elementType, `${path}.element`, collations), node.containsNull as boolean)
    case 'map':
      return new MapType(
        readJson(node.keyType, `${path}.key`, collations),
        readJson(node.valueType, `${path}.value`, collations),
        node.valueContainsNull as boolean,
      )
    case 'struct':
      if (!Array.isArray(node.fields)) throw new SyntaxError('cannot read the type: a struct has a list of fields')
      return new StructType(node.fields.map(fieldFromJson))
    case 'udt':
      return typeFromJson(node.sqlType)
    default:
      throw new SyntaxError(`cannot read the type ${JSON.stringify(json)}`)
  }
}

/** Reads a type from Spark's JSON form, the one of `df.schema.json()`, or from that as text. *Errors:* SyntaxError. */
export const typeFromJson = (json: unknown): DataType =>
  readJson(typeof json === 'string' && /^\s*["{]/.test(json) ? JSON.parse(json) : json, '', {})
