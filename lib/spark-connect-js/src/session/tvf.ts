import type { Column } from '../column/column.ts'
import { type ColumnNode, mergeReferences, operandNode } from '../column/node.ts'
import type { Executor } from '../core/executor.ts'
import type { DataFrame, UntypedFrame } from '../dataframe/dataframe.ts'
import { newFrame } from '../dataframe/frame.ts'
import { TableArg } from '../dataframe/table-arg.ts'
import { relation, withReferences } from '../plan/relation.ts'

/**
 * Functions that give rows: `spark.tvf.explode(array(lit(1), lit(2)))`. Columns of a lateral join's left side are
 * reached by name. *Source:* message UnresolvedTableValuedFunction.
 */
export class TableValuedFunctions {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** Any table-valued function by its name; a frame is given by `frame.asTable()`. */
  // biome-ignore lint/suspicious/noExplicitAny: the catalog is not known here
  call<R = any>(functionName: string, ...args: readonly (Column<unknown> | TableArg)[]): DataFrame<R> {
    const nodes = args.map((arg): ColumnNode => (arg instanceof TableArg ? arg.node : operandNode(arg)))
    return newFrame(this.#executor, (planId) => {
      const value = { functionName, arguments: nodes.map((node) => node.expression) }
      const root = relation(planId, { case: 'unresolvedTableValuedFunction', value })
      return withReferences(this.#executor, root, mergeReferences(nodes))
    })
  }

  /** One row for each item of an array (column `col`) or entry of a map (`key`, `value`). */
  explode(collection: Column<unknown>): UntypedFrame {
    return this.call('explode', collection)
  }
  explode_outer(collection: Column<unknown>): UntypedFrame {
    return this.call('explode_outer', collection)
  }
  /** As `explode`, with the place in a column `pos`. */
  posexplode(collection: Column<unknown>): UntypedFrame {
    return this.call('posexplode', collection)
  }
  posexplode_outer(collection: Column<unknown>): UntypedFrame {
    return this.call('posexplode_outer', collection)
  }
  /** One row for each struct of an array, one column for each field. */
  inline(structs: Column<unknown>): UntypedFrame {
    return this.call('inline', structs)
  }
  inline_outer(structs: Column<unknown>): UntypedFrame {
    return this.call('inline_outer', structs)
  }
  /** One column for each key of a JSON text. */
  json_tuple(text: Column<unknown>, ...keys: readonly Column<unknown>[]): UntypedFrame {
    return this.call('json_tuple', text, ...keys)
  }
  /** Values laid out in so many rows. */
  stack(rows: Column<unknown>, ...values: readonly Column<unknown>[]): UntypedFrame {
    return this.call('stack', rows, ...values)
  }
  /** One row for each item of a variant: `pos`, `key`, `value`. */
  variant_explode(variant: Column<unknown>): UntypedFrame {
    return this.call('variant_explode', variant)
  }
  variant_explode_outer(variant: Column<unknown>): UntypedFrame {
    return this.call('variant_explode_outer', variant)
  }
  /** The collations that the server knows. */
  collations(): UntypedFrame {
    return this.call('collations')
  }
  /** The words of SQL, and whether they are reserved. */
  sql_keywords(): DataFrame<{ keyword: string; isReserved: boolean }> {
    return this.call('sql_keywords')
  }
}
