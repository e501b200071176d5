import { expect, test } from '@jest/globals'
import { DenseMatrix, DenseVector, SparseVector } from '../../src/index.ts'
import { linalgLiteral, linalgOf } from '../../src/ml/linalg.ts'

test.each([
  ['a dense vector', new DenseVector([1, 0, -2.5])],
  ['an empty vector', new DenseVector([])],
  ['a sparse vector', new SparseVector(4, [1, 3], [0.5, -1])],
  ['a matrix', new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6])],
  ['a transposed matrix', new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6], true)],
])('%s is the same after it was a literal', (_, value) => {
  expect(linalgOf(linalgLiteral(value)!)).toEqual(value)
})

test('rows of a matrix are read by how it is laid out', () => {
  expect(new DenseMatrix(2, 2, [1, 2, 3, 4]).toRows()).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(new DenseMatrix(2, 2, [1, 2, 3, 4], true).toRows()).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(new SparseVector(3, [2], [7]).toArray()).toEqual([0, 0, 7])
})

test('shapes that do not fit are refused', () => {
  expect(() => new DenseMatrix(2, 2, [1])).toThrow('a matrix of 2 by 2 needs 4 values, not 1')
  expect(() => new SparseVector(3, [1, 2], [1])).toThrow('one value for each index')
})

test('other values are no linear algebra', () => {
  expect(linalgLiteral([1, 2])).toBeUndefined()
})
