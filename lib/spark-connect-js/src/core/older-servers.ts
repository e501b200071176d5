import { SparkConnectError } from '../client/errors.ts'
import type { Expression_Literal, SubqueryExpression } from '../gen/spark/connect/expressions_pb.ts'
import type { DataType } from '../gen/spark/connect/types_pb.ts'

/**
 * Makes a plan readable for a server older than 4.1, which looks for the type of a null, array, map or struct literal
 * within that very message, and of each one nested in it. Newer servers prefer the type beside it, so the message itself
 * is changed.
 *
 * *Errors:* SparkConnectError UNIMPLEMENTED for what such a server would misread without a word, or refuse as a number
 * that tells nothing: nulls within such literals (read as zero, or as empty text), times of day, `IN` over a frame.
 */
export function fitBefore41(message: object, serverVersion: string): void {
  const open: unknown[] = [message]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    const { $typeName } = node as { $typeName?: string }
    if ($typeName === 'spark.connect.Expression.Literal') {
      const literal = node as Expression_Literal
      typeLiteral(literal, literal.dataType, serverVersion)
      continue
    }
    if ($typeName === 'spark.connect.SubqueryExpression' && (node as SubqueryExpression).inSubqueryValues.length > 0) {
      refuse('isin() of a frame', 'A semi join keeps the same rows', serverVersion)
    }
    open.push(...Object.values(node))
  }
}

function refuse(what: string, instead: string, serverVersion: string): never {
  throw new SparkConnectError(`${what} needs Spark 4.1 or later; the server is ${serverVersion}. ${instead}`, {
    code: 'UNIMPLEMENTED',
  })
}

function typeLiteral({ literalType }: Expression_Literal, type: DataType | undefined, serverVersion: string): void {
  const typeEach = (literals: readonly Expression_Literal[], typeAt: (index: number) => DataType | undefined): void => {
    for (const [i, literal] of literals.entries()) {
      if (literal.literalType.case === 'null') {
        const instead = 'Build it with array(), create_map() or struct()'
        refuse('a null within an array, map or struct literal', instead, serverVersion)
      }
      typeLiteral(literal, typeAt(i), serverVersion)
    }
  }
  const kind = type?.kind
  if (literalType.case === 'time') refuse('a time of day', 'Send it as text', serverVersion)
  if (literalType.case === 'null' && type) literalType.value = type
  if (literalType.case === 'array' && kind?.case === 'array') {
    const { elementType } = kind.value
    if (elementType) literalType.value.elementType = elementType
    typeEach(literalType.value.elements, () => elementType)
  }
  if (literalType.case === 'map' && kind?.case === 'map') {
    const { keyType, valueType } = kind.value
    if (keyType) literalType.value.keyType = keyType
    if (valueType) literalType.value.valueType = valueType
    typeEach(literalType.value.keys, () => keyType)
    typeEach(literalType.value.values, () => valueType)
  }
  if (literalType.case === 'struct' && type && kind?.case === 'struct') {
    const { fields } = kind.value
    literalType.value.structType = type
    typeEach(literalType.value.elements, (i) => fields[i]?.dataType)
  }
}
