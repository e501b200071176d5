import pg from 'pg'

/*
 * How values of Postgres become values of JavaScript.
 */

const int8 = 20
const int2 = 21
const int4 = 23
const float4 = 700
const float8 = 701
const numeric = 1700
const bool = 16

/** For queries: every number as number. Sums of bigint come as numeric. */
export function numberParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format as 'text')
}

/** For streams and people's queries: integers as bigint, exactly, as SQLite gives them; what else there is as text. */
export function exactParser(oid: number): (text: string) => unknown {
  switch (oid) {
    case int8:
    case int4:
    case int2:
      return BigInt
    case numeric:
      return (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text))
    case float4:
    case float8:
      return Number
    case bool:
      return (text) => (text === 't' ? 1n : 0n)
    default:
      return (text) => text
  }
}
