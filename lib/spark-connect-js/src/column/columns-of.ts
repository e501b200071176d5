import type { Build, Columns, Named } from '../dataframe/row-types.ts'
import { exactAttribute } from '../plan/expression.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'
import type { Column } from './column.ts'
import { asColumn, ColumnNode, isColumn, operandNode } from './node.ts'

/**
 * The columns of a frame by name, made as they are asked for: the client does not know which there are.
 * With a plan id they are told apart from columns of the same name in other frames.
 */
export const columnsOf = (planId?: bigint): Columns<unknown> =>
  new Proxy({} as Record<string, Column<unknown>>, {
    get: (_, name) => (typeof name === 'string' ? asColumn(new ColumnNode(exactAttribute(name, planId))) : undefined),
    has: (_, name) => typeof name === 'string',
    // A spread would silently give no columns at all.
    ownKeys: () => {
      throw mistake('the columns of a frame cannot be listed or spread here; use withColumns to keep them')
    },
  }) as Columns<unknown>

const given = (value: unknown): string => (isColumn(value) ? `a column, ${value}` : describeValue(value))

/** The columns that a record, or a callback that makes one, describes. Plain values become literals. */
export const namedColumns = (
  columns: Columns<unknown>,
  build: Build<unknown, Named>,
): { name: string; node: ColumnNode }[] => {
  const named = typeof build === 'function' ? build(columns) : build
  if (typeof named === 'object' && named !== null && !Array.isArray(named) && !isColumn(named)) {
    return Object.entries(named).map(([name, column]) => ({ name, node: operandNode(column) }))
  }
  const what = typeof build === 'function' ? `the callback returned ${given(named)}` : `${given(named)} was given`
  throw mistake(`columns by name are expected, c => ({ total: c.a.plus(c.b) }), but ${what}`)
}

/** The node under a name; a column that has the name already needs no alias. */
export const underName = (node: ColumnNode, name: string): ColumnNode => {
  const { exprType } = node.expression
  const exact = exactAttribute(name).exprType.value
  const isNamed =
    exprType.case === 'unresolvedAttribute' &&
    exprType.value.unparsedIdentifier === (exact as { unparsedIdentifier: string }).unparsedIdentifier
  return isNamed ? node : node.as(name)
}
