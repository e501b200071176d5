import { create } from '@bufbuild/protobuf'
import { type Expression_Literal, Expression_LiteralSchema } from '../gen/spark/connect/expressions_pb.ts'
import { DataTypeSchema } from '../gen/spark/connect/types_pb.ts'

/** A vector of doubles: of the parameters and answers of machine learning. `toArray()` has every element. */
export interface Vector {
  readonly size: number
  toArray(): number[]
}

/** All elements of a vector. */
export class DenseVector implements Vector {
  readonly values: readonly number[]

  constructor(values: readonly number[]) {
    this.values = values
  }
  get size(): number {
    return this.values.length
  }
  toArray(): number[] {
    return [...this.values]
  }
}

/** The elements of a vector that are not zero: `values[i]` stands at `indices[i]`. */
export class SparseVector implements Vector {
  readonly size: number
  readonly indices: readonly number[]
  readonly values: readonly number[]

  constructor(size: number, indices: readonly number[], values: readonly number[]) {
    if (indices.length !== values.length) throw new RangeError('a sparse vector needs one value for each index')
    this.size = size
    this.indices = indices
    this.values = values
  }
  toArray(): number[] {
    const all = new Array<number>(this.size).fill(0)
    this.indices.forEach((index, i) => {
      all[index] = this.values[i]!
    })
    return all
  }
}

/** A matrix of doubles, column by column as Spark keeps it. `toRows()` has it row by row. */
export class DenseMatrix {
  readonly numRows: number
  readonly numCols: number
  readonly values: readonly number[]
  readonly isTransposed: boolean

  constructor(numRows: number, numCols: number, values: readonly number[], isTransposed = false) {
    if (values.length !== numRows * numCols) {
      throw new RangeError(
        `a matrix of ${numRows} by ${numCols} needs ${numRows * numCols} values, not ${values.length}`,
      )
    }
    this.numRows = numRows
    this.numCols = numCols
    this.values = values
    this.isTransposed = isTransposed
  }
  at(row: number, column: number): number {
    return this.values[this.isTransposed ? row * this.numCols + column : column * this.numRows + row]!
  }
  toRows(): number[][] {
    return Array.from({ length: this.numRows }, (_, row) =>
      Array.from({ length: this.numCols }, (_, column) => this.at(row, column)),
    )
  }
}

const vectorClass = 'org.apache.spark.ml.linalg.VectorUDT'
const matrixClass = 'org.apache.spark.ml.linalg.MatrixUDT'

type LiteralType = Expression_Literal['literalType']
const literal = (literalType: unknown): Expression_Literal =>
  create(Expression_LiteralSchema, { literalType: literalType as LiteralType })

const nothing = (): Expression_Literal =>
  literal({ case: 'null', value: create(DataTypeSchema, { kind: { case: 'null', value: {} } } as never) })
const whole = (value: number): Expression_Literal => literal({ case: 'integer', value })
const array = (kind: 'ints' | 'doubles', values: readonly number[]): Expression_Literal =>
  literal({ case: 'specializedArray', value: { valueType: { case: kind, value: { values: [...values] } } } })

const struct = (jvmClass: string, elements: Expression_Literal[]): Expression_Literal => {
  const structType = create(DataTypeSchema, { kind: { case: 'udt', value: { type: 'udt', jvmClass } } } as never)
  return literal({ case: 'struct', value: { structType, elements } })
}

/** A vector or matrix as the literal that Spark ML reads; undefined for anything else. */
export function linalgLiteral(value: unknown): Expression_Literal | undefined {
  const kind = (code: number): Expression_Literal => literal({ case: 'byte', value: code })
  if (value instanceof SparseVector) {
    const elements = [kind(0), whole(value.size), array('ints', value.indices), array('doubles', value.values)]
    return struct(vectorClass, elements)
  }
  if (value instanceof DenseVector) {
    return struct(vectorClass, [kind(1), nothing(), nothing(), array('doubles', value.values)])
  }
  if (value instanceof DenseMatrix) {
    const size = [whole(value.numRows), whole(value.numCols)]
    const isTransposed = literal({ case: 'boolean', value: value.isTransposed })
    return struct(matrixClass, [kind(1), ...size, nothing(), nothing(), array('doubles', value.values), isTransposed])
  }
  return undefined
}

const numbers = (message: Expression_Literal | undefined): number[] => {
  const type = message?.literalType
  if (type?.case !== 'specializedArray') return []
  const { valueType } = type.value
  return valueType.case === 'ints' || valueType.case === 'doubles' ? [...valueType.value.values] : []
}

const number = (message: Expression_Literal | undefined): number => Number(message?.literalType.value ?? 0)

/** The vector or matrix of a literal that Spark ML sends; undefined for any other literal. */
export function linalgOf(message: Expression_Literal): Vector | DenseMatrix | undefined {
  if (message.literalType.case !== 'struct') return undefined
  const { structType, elements: e } = message.literalType.value
  const kind = (message.dataType ?? structType)?.kind
  const jvmClass = kind?.case === 'udt' ? kind.value.jvmClass : undefined
  const isDense = number(e[0]) === 1
  if (jvmClass === vectorClass) {
    return isDense ? new DenseVector(numbers(e[3])) : new SparseVector(number(e[1]), numbers(e[2]), numbers(e[3]))
  }
  if (jvmClass !== matrixClass) return undefined
  const [rows, columns, values] = [number(e[1]), number(e[2]), numbers(e[5])]
  const isTransposed = e[6]?.literalType.value === true
  if (isDense) return new DenseMatrix(rows, columns, values, isTransposed)
  return denseOf(rows, columns, numbers(e[3]), numbers(e[4]), values, isTransposed)
}

/** A sparse matrix with its zeros: answers of models are small. */
function denseOf(
  rows: number,
  columns: number,
  starts: readonly number[],
  places: readonly number[],
  values: readonly number[],
  isTransposed: boolean,
): DenseMatrix {
  const all = new Array<number>(rows * columns).fill(0)
  const lengthOfLine = isTransposed ? columns : rows
  for (let line = 0; line + 1 < starts.length; line++) {
    for (let i = starts[line]!; i < starts[line + 1]!; i++) all[line * lengthOfLine + places[i]!] = values[i]!
  }
  return new DenseMatrix(rows, columns, all, isTransposed)
}
