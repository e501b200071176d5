import { checkColumns, checkObject, checkText, conditionOf } from '../column/arguments.ts'
import type { Column } from '../column/column.ts'
import { columnsOf, namedColumns, underName } from '../column/columns-of.ts'
import { ColumnNode, columnNode, functionNode, isColumn, operandNode } from '../column/node.ts'
import { attribute, columnsMatching, exactAttribute, sqlExpression } from '../plan/expression.ts'
import * as relations from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import type { UntypedFrame } from './dataframe.ts'
import { FrameNode } from './frame-node.ts'

import type { Build, Columns, Named } from './row-types.ts'

type Condition = Column<boolean | null> | string | ((columns: Columns<unknown>) => Column<boolean | null>)

/** Whether a value is a record, not a column or a frame. */
export const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Columns of a frame: chosen, added, renamed, dropped; and the rows for which a condition holds. */
export abstract class FrameColumns extends FrameNode {
  #condition(condition: Condition): ColumnNode {
    if (typeof condition === 'string') return new ColumnNode(sqlExpression(condition))
    return conditionOf('filter', condition, columnsOf())
  }

  col(name: string): ColumnNode {
    this.address()
    const node = columnNode(name)
    const { exprType } = node.expression
    if (exprType.case === 'unresolvedAttribute') return new ColumnNode(attribute(name, this.planId))
    if (exprType.case === 'unresolvedStar') exprType.value.planId = this.planId
    return node
  }

  colRegex(pattern: string): ColumnNode {
    this.address()
    return new ColumnNode(columnsMatching(pattern, this.planId))
  }

  metadataColumn(name: string): ColumnNode {
    this.address()
    return new ColumnNode(attribute(name, this.planId, true))
  }

  select(...items: unknown[]): UntypedFrame {
    const [first] = items
    const isRecord =
      items.length === 1 &&
      !isColumn(first) &&
      (typeof first === 'function' || (typeof first === 'object' && first !== null && !Array.isArray(first)))
    const nodes = isRecord
      ? namedColumns(columnsOf(), first as Build<unknown, Named>).map(({ node, name }) => underName(node, name))
      : checkColumns('select', items.flat())
    return this.derive(
      (planId) =>
        relations.project(
          planId,
          this.relation,
          nodes.map((node) => node.expression),
        ),
      nodes,
    )
  }

  inline(name: string): UntypedFrame {
    const array = new ColumnNode(exactAttribute(checkText('inline', 'the name', name)))
    return this.select('*', functionNode('inline', [array])).drop(name)
  }

  selectExpr(...expressions: (string | string[])[]): UntypedFrame {
    return this.wrap({
      case: 'project',
      value: { input: this.relation, expressions: expressions.flat().map(sqlExpression) },
    })
  }

  filter(condition: Condition): UntypedFrame {
    const node = this.#condition(condition)
    return this.derive((planId) => relations.filter(planId, this.relation, node.expression), [node])
  }
  where(condition: Condition): UntypedFrame {
    return this.filter(condition)
  }

  withColumn(name: string, column: unknown): UntypedFrame {
    checkText('withColumn', 'the name', name)
    const built = typeof column === 'function' ? column(columnsOf()) : column
    if (built === undefined) throw mistake(`withColumn('${name}'): the column is undefined; null is lit(null)`)
    return this.extend([{ name, node: operandNode(built) }])
  }

  withColumns(build: Build<unknown, Named>): UntypedFrame {
    return this.extend(namedColumns(columnsOf(), build))
  }

  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>): UntypedFrame {
    checkText('withMetadata', 'the name', name)
    checkObject('withMetadata', 'metadata is an object', metadata)
    return this.extend([{ name, node: columnNode(name), metadata: JSON.stringify(metadata) }])
  }

  withColumnRenamed(existing: string, name: string): UntypedFrame {
    return this.withColumnsRenamed({ [checkText('withColumnRenamed', 'the name', existing)]: name })
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): UntypedFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({
      colName,
      newColName: checkText('withColumnRenamed', `the new name of '${colName}'`, newColName),
    }))
    return this.wrap({ case: 'withColumnsRenamed', value: { input: this.relation, renames } })
  }

  drop(...columns: unknown[]): UntypedFrame {
    const columnNames = columns.filter((column) => typeof column === 'string')
    const others = columns.filter((column) => typeof column !== 'string')
    const nodes = checkColumns('drop', others)
    const value = { input: this.relation, columnNames, columns: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'drop', value }, nodes)
  }

  toDF(...columnNames: string[]): UntypedFrame {
    for (const name of columnNames) checkText('toDF', "a name (a list of names is spread: 'a', 'b')", name)
    return this.wrap({ case: 'toDf', value: { input: this.relation, columnNames } })
  }
}
