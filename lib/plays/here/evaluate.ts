import type { Column } from 'spark-connect-js'
import { csvFieldsOf } from './csv.ts'
import { casts, nullFunctions, strictFunctions, type Value } from './functions.ts'

/** The values of a row and of the variables of lambdas, whose names are unique. */
export type Row = Record<string, Value>
type Evaluate = (row: Row) => Value

/** What a column holds: the message that Spark would be sent, as far as the rules for lines use it. */
interface Expression {
  readonly exprType:
    | { readonly case: 'literal'; readonly value: { readonly literalType: { case: string; value: Value } } }
    | { readonly case: 'unresolvedAttribute'; readonly value: { readonly unparsedIdentifier: string } }
    | { readonly case: 'unresolvedNamedLambdaVariable'; readonly value: { readonly nameParts: readonly string[] } }
    | { readonly case: 'unresolvedFunction' | 'callFunction'; readonly value: Call }
    | { readonly case: 'lambdaFunction'; readonly value: Lambda }
    | { readonly case: 'alias'; readonly value: { readonly expr: Expression; readonly name: readonly string[] } }
    | {
        readonly case: 'unresolvedExtractValue'
        readonly value: { readonly child: Expression; readonly extraction: Expression }
      }
    | {
        readonly case: 'cast'
        readonly value: { readonly expr: Expression; readonly castToType: { readonly value: string } }
      }
}
interface Call {
  readonly functionName: string
  readonly arguments: readonly Expression[]
}
interface Lambda {
  readonly function: Expression
  readonly arguments: readonly { readonly nameParts: readonly string[] }[]
}

/**
 * A column as a function of a row, without Spark: the same message, read here. It knows the functions that the rules for lines use.
 *
 * *Errors:* TypeError, when it is made, for any other.
 */
export const evaluated = <T>(column: Column<T>): Evaluate =>
  compile((column as unknown as { readonly expression: Expression }).expression)

function compile({ exprType }: Expression): Evaluate {
  switch (exprType.case) {
    case 'literal': {
      const { case: kind, value } = exprType.value.literalType
      const constant = kind === 'null' ? null : value
      return () => constant
    }
    case 'unresolvedAttribute':
      return variable(exprType.value.unparsedIdentifier)
    case 'unresolvedNamedLambdaVariable':
      return variable(exprType.value.nameParts.join('.'))
    case 'alias':
      return compile(exprType.value.expr)
    case 'unresolvedExtractValue': {
      const [child, key] = [compile(exprType.value.child), compile(exprType.value.extraction)]
      return (row) => (child(row) as Row | null)?.[key(row) as string] ?? null
    }
    case 'cast': {
      const [from, to] = [compile(exprType.value.expr), casts[exprType.value.castToType.value]]
      if (to === undefined) throw new TypeError(`the cast to ${exprType.value.castToType.value} is not known here`)
      return (row) => to(from(row))
    }
    case 'unresolvedFunction':
    case 'callFunction':
      return compileCall(exprType.value)
    case 'lambdaFunction':
      throw new TypeError('a lambda stands in transform only')
    default:
      throw new TypeError(`an expression of this kind is not known here`)
  }
}

const variable =
  (name: string): Evaluate =>
  (row) =>
    row[name] ?? null

function compileCall({ functionName: name, arguments: expressions }: Call): Evaluate {
  if (name === 'transform') return transform(expressions[0]!, expressions[1]!)
  if (name === 'struct') return struct(expressions)
  if (name === 'from_csv') return fromCsv(expressions)
  const args = expressions.map(compile)
  const lazy = lazyFunctions[name]
  if (lazy) return lazy(args)
  const [strict, other] = [strictFunctions[name], nullFunctions[name]]
  if (other) return (row) => other(...args.map((arg) => arg(row)))
  if (!strict) throw new TypeError(`the function ${name} is not known here`)
  return (row) => {
    const values: Value[] = []
    for (const arg of args) {
      const value = arg(row)
      if (value === null) return null
      values.push(value)
    }
    return strict(...values)
  }
}

/** Functions that do not need all of their arguments. */
const lazyFunctions: Readonly<Record<string, (args: readonly Evaluate[]) => Evaluate>> = {
  coalesce: (args) => (row) => {
    for (const arg of args) {
      const value = arg(row)
      if (value !== null) return value
    }
    return null
  },
  when: (args) => (row) => {
    let at = 0
    for (; at + 1 < args.length; at += 2) if (args[at]!(row) === true) return args[at + 1]!(row)
    return args[at]?.(row) ?? null
  },
  and: ([a, b]) => junction(a!, b!, false),
  or: ([a, b]) => junction(a!, b!, true),
}

/** Of `and` one false decides, of `or` one true. */
const junction =
  (a: Evaluate, b: Evaluate, decides: boolean): Evaluate =>
  (row) => {
    const first = a(row)
    if (first === decides) return decides
    const second = b(row)
    return second === decides ? decides : first === null || second === null ? null : !decides
  }

function transform(values: Expression, body: Expression): Evaluate {
  if (body.exprType.case !== 'lambdaFunction') throw new TypeError('transform takes a lambda')
  const [variableName] = body.exprType.value.arguments.map(({ nameParts }) => nameParts.join('.'))
  const [list, each] = [compile(values), compile(body.exprType.value.function)]
  return (row) =>
    (list(row) as readonly Value[] | null)?.map((value) => {
      row[variableName!] = value
      return each(row)
    }) ?? null
}

function struct(fields: readonly Expression[]): Evaluate {
  const named = fields.map((field) => {
    if (field.exprType.case !== 'alias') throw new TypeError('a field of a struct needs a name')
    return [field.exprType.value.name[0]!, compile(field.exprType.value.expr)] as const
  })
  return (row) => Object.fromEntries(named.map(([name, field]) => [name, field(row)]))
}

/** `from_csv`: the struct that the schema names, of which all fields are texts. */
function fromCsv([line, schema, options]: readonly Expression[]): Evaluate {
  const text = compile(line!)
  const names = [...String(compile(schema!)({})).matchAll(/\bf\d+\b/g)].map(([name]) => name)
  const optionArgs = options!.exprType.case === 'unresolvedFunction' ? options!.exprType.value.arguments : []
  const given = optionArgs.map((each) => compile(each)({}))
  const delimiter = given[given.indexOf('sep') + 1] as string
  return (row) => {
    const value = text(row)
    if (value === null) return null
    const fields = csvFieldsOf(value as string, delimiter)
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? null]))
  }
}
