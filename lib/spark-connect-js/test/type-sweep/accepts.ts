import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  Variant,
  YearMonthInterval,
} from '../../src/index.ts'

/** A type as declarations write it: alternatives of names, lists, maps and records. */
export type Declared =
  | { readonly name: string }
  | { readonly list: Declared[] }
  | { readonly key: Declared[]; readonly value: Declared[] }
  | { readonly fields: ReadonlyMap<string, Declared[]> }

const classes: Readonly<Record<string, new (...args: never[]) => unknown>> = {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  Variant,
  YearMonthInterval,
  Uint8Array,
}

/** Reads the alternatives of a type, as far as the sweep meets types. */
class Reader {
  #rest: string

  constructor(text: string) {
    this.#rest = text
      .replaceAll('import("', '')
      .replaceAll(/[^\s("]*"\)\./g, '')
      .replaceAll(/\bF\.|readonly |<ArrayBuffer(?:Like)?>/g, '')
      // The compiler leaves this one unresolved in declarations where two types of moments meet.
      .replaceAll(/PresentTypeOf<((?:Column<\w+>(?: \| )?)+)>/g, (_, columns: string) =>
        columns.replaceAll(/Column<(\w+)>/g, '$1'),
      )
  }

  all(): Declared[] {
    const found = this.union()
    if (this.#rest.trim() !== '') throw new SyntaxError(`'${this.#rest}' is left of a type`)
    return found
  }

  union(): Declared[] {
    this.#take(/^\|/)
    const found = [...this.#member()]
    while (this.#take(/^\|/)) found.push(...this.#member())
    return found
  }

  #take(pattern: RegExp): string | undefined {
    const match = pattern.exec(this.#rest.trimStart())
    if (!match) return undefined
    this.#rest = this.#rest.trimStart().slice(match[0].length)
    return match[1] ?? match[0]
  }

  #member(): Declared[] {
    let found = this.#bare()
    while (this.#take(/^\[\]/)) found = [{ list: found }]
    return found
  }

  #bare(): Declared[] {
    if (this.#take(/^\(/)) {
      const inner = this.union()
      this.#take(/^\)/)
      return inner
    }
    if (this.#take(/^\{/)) return [{ fields: this.#fields() }]
    if (this.#take(/^(?:Map|Record)</)) {
      const key = this.union()
      this.#take(/^,/)
      const value = this.union()
      this.#take(/^>/)
      return [{ key, value }]
    }
    const name = this.#take(/^(?:"[^"]*"|[\w.-]+)/)
    if (name === undefined) throw new SyntaxError(`no type begins with '${this.#rest}'`)
    return [{ name }]
  }

  #fields(): ReadonlyMap<string, Declared[]> {
    const fields = new Map<string, Declared[]>()
    while (!this.#take(/^\}/)) {
      const name = this.#take(/^(\w+)\??:/) ?? ''
      fields.set(name, this.union())
      this.#take(/^;/)
    }
    return fields
  }
}

/** The alternatives of a type that a declaration gives to a column. */
export const parseDeclared = (text: string): Declared[] => new Reader(text).all()

const isOfName = (name: string, value: unknown): boolean => {
  if (name === 'any' || name === 'unknown') return true
  if (value === null) return name === 'null'
  const type = classes[name]
  if (type) return value instanceof type
  if (name === 'true' || name === 'false') return String(value) === name
  return typeof value === (/^-?[\d.]+$/.test(name) ? 'number' : name)
}

/** Whether a value of a row is one that the type allows, items and fields included. */
export const accepts = (types: readonly Declared[], value: unknown): boolean =>
  types.some((type) => {
    if ('name' in type) return isOfName(type.name, value)
    if ('list' in type) return Array.isArray(value) && value.every((item) => accepts(type.list, item))
    if ('key' in type) {
      const entries = value instanceof Map ? [...value] : isRecord(value) ? Object.entries(value) : undefined
      return entries?.every(([key, item]) => accepts(type.key, key) && accepts(type.value, item)) ?? false
    }
    return isRecord(value) && [...type.fields].every(([name, field]) => name in value && accepts(field, value[name]))
  })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** The type as text, for messages. */
export const describeValue = (value: unknown): string => {
  if (Array.isArray(value)) return `[${[...new Set(value.map(describeValue))].join(' | ')}]`
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object'
  return value === null ? 'null' : typeof value
}
