import {
  ArrayType,
  DataType,
  type FieldSpec,
  GeoType,
  MapType,
  NotNull,
  StringType,
  type ValueOf,
} from './data-type.ts'

/** The row type that a schema describes: `RowType<typeof schema>`. */
export type RowType<S> = S extends StructType<infer R> ? R : never

/** One column of a schema. */
export class StructField {
  readonly name: string
  readonly dataType: DataType
  readonly nullable: boolean
  readonly metadata: Readonly<Record<string, unknown>>

  constructor(name: string, dataType: DataType, nullable = true, metadata: Readonly<Record<string, unknown>> = {}) {
    this.name = name
    this.dataType = dataType
    this.nullable = nullable
    this.metadata = metadata
  }

  /** Spark's JSON keeps collations beside the type, in the field's metadata; the type itself is then `string`. */
  json(): unknown {
    const collations = collationsOf(this.dataType, this.name)
    const hasSome = Object.keys(collations).length > 0
    const metadata = hasSome ? { ...this.metadata, [collationsKey]: collations } : this.metadata
    return {
      name: this.name,
      type: hasSome ? withoutCollation(this.dataType.json()) : this.dataType.json(),
      nullable: this.nullable,
      metadata,
    }
  }
}

/** Where the metadata of a field lists the collations within its type. */
export const collationsKey = '__COLLATIONS'

/** The collated strings of a type by their place: `a`, `a.element`, `a.key`. Structs list those of their own fields. */
const collationsOf = (type: DataType, path: string): Record<string, string> => {
  if (type instanceof StringType) {
    if (!type.collation) return {}
    return { [path]: `${type.collation.startsWith('UTF8_') ? 'spark' : 'icu'}.${type.collation}` }
  }
  if (type instanceof ArrayType) return collationsOf(type.elementType, `${path}.element`)
  if (type instanceof MapType) {
    return { ...collationsOf(type.keyType, `${path}.key`), ...collationsOf(type.valueType, `${path}.value`) }
  }
  return {}
}

const withoutCollation = (json: unknown): unknown => {
  if (typeof json === 'string') return json.startsWith('string collate ') ? 'string' : json
  const node = json as Record<string, unknown>
  if (node.type === 'array') return { ...node, elementType: withoutCollation(node.elementType) }
  if (node.type !== 'map') return json
  return { ...node, keyType: withoutCollation(node.keyType), valueType: withoutCollation(node.valueType) }
}

/** A name as SQL reads it back: in backquotes unless it is a plain identifier. */
export const quoteIdentifier = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``

const fieldSql = (field: StructField, separator: string): string => {
  const comment = field.metadata.comment
  return [
    `${quoteIdentifier(field.name)}${separator} ${field.dataType.sql()}`,
    field.nullable ? '' : ' NOT NULL',
    typeof comment === 'string' ? ` COMMENT '${comment.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : '',
  ].join('')
}

/**
 * A schema, or the type of a column that holds a record. `R` is its row type, inferred where the schema is written:
 *
 * ```ts
 * const plays = types.struct({ artist: types.string.notNull(), playedAt: types.timestamp })
 * type Play = RowType<typeof plays> // { artist: string; playedAt: Timestamp | null }
 * ```
 */
export class StructType<out R = unknown> extends DataType<R> {
  readonly kind = 'struct'
  readonly fields: readonly StructField[]

  constructor(fields: readonly StructField[] = []) {
    super()
    this.fields = Object.freeze([...fields])
  }

  get names(): string[] {
    return this.fields.map((field) => field.name)
  }

  /** The first field of that name, or undefined. */
  field(name: string): StructField | undefined {
    return this.fields.find((field) => field.name === name)
  }

  /** A longer schema; this one stays as it is. */
  add<N extends string, F extends FieldSpec>(
    name: N,
    spec: F,
    metadata: Readonly<Record<string, unknown>> = {},
  ): StructType<R & Record<N, ValueOf<F>>> {
    return new StructType([...this.fields, fieldOf(name, spec, metadata)])
  }

  sql(): string {
    return `STRUCT<${this.fields.map((field) => fieldSql(field, ':')).join(', ')}>`
  }

  override simpleString(): string {
    return `struct<${this.fields.map((field) => `${field.name}:${field.dataType.simpleString()}`).join(',')}>`
  }

  /** The fields as a table definition lists them: `artist STRING NOT NULL, played_at TIMESTAMP`. */
  ddl(): string {
    return this.fields.map((field) => fieldSql(field, '')).join(', ')
  }

  json(): unknown {
    return { type: 'struct', fields: this.fields.map((field) => field.json()) }
  }

  /** The outline that PySpark's `printSchema` prints, so many levels deep. */
  treeString(level = Number.POSITIVE_INFINITY): string {
    const lines: string[] = ['root']
    const visit = (type: DataType, prefix: string): void => {
      // A level is indented by a bar and three blanks.
      if (prefix.length / 5 >= level) return
      if (type instanceof StructType) {
        for (const field of type.fields) line(field.name, field.dataType, `nullable = ${field.nullable}`, prefix)
      } else if (type instanceof ArrayType) {
        line('element', type.elementType, `containsNull = ${type.containsNull}`, prefix)
      } else if (type instanceof MapType) {
        line('key', type.keyType, '', prefix)
        line('value', type.valueType, `valueContainsNull = ${type.valueContainsNull}`, prefix)
      }
    }
    const line = (name: string, type: DataType, note: string, prefix: string): void => {
      const json = type.json()
      const title = type instanceof GeoType ? type.simpleString() : typeof json === 'string' ? json : type.kind
      lines.push(`${prefix} |-- ${name}: ${title}${note && ` (${note})`}`)
      visit(type, `${prefix} |   `)
    }
    visit(this, '')
    return `${lines.join('\n')}\n`
  }
}

/** The type itself. *Errors:* TypeError for what is none, such as a misspelled name of `types`. */
export const bare = (spec: FieldSpec, place: string): DataType => {
  const type = spec instanceof NotNull ? spec.type : spec
  if (type instanceof DataType) return type
  throw new TypeError(`${place} is a type, such as types.string, not ${type === undefined ? 'undefined' : typeof type}`)
}

/** The field that a spec describes. *Errors:* TypeError for anything but a type. */
export const fieldOf = (name: string, spec: FieldSpec, metadata: Readonly<Record<string, unknown>> = {}): StructField =>
  new StructField(name, bare(spec, `types.struct: '${name}'`), !(spec instanceof NotNull), metadata)
