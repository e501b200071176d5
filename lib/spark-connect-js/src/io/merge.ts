import type { Column } from '../column/column.ts'
import { columnNode, operandNode } from '../column/node.ts'
import { runCommand } from '../core/execution.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { command } from '../plan/command.ts'
import { attribute, type Expression, mergeAction } from '../plan/expression.ts'

type Assignments = Readonly<Record<string, Column<unknown>>>

interface Actions {
  readonly matched: readonly Expression[]
  readonly notMatched: readonly Expression[]
  readonly notMatchedBySource: readonly Expression[]
  readonly withSchemaEvolution: boolean
}

const pairs = (assignments: Assignments): [Expression, Expression][] =>
  Object.entries(assignments).map(([name, column]) => [attribute(name), operandNode(column).expression])

/**
 * Brings a table in line with the rows of a frame:
 *
 * ```ts
 * await changes.mergeInto('plays', col('plays.id').eq(col('changes.id')))
 *   .whenMatched().updateAll().whenNotMatched().insertAll().merge()
 * ```
 * The table must be of a format that can change rows. Immutable until `merge()`.
 */
export class MergeIntoWriter {
  readonly #executor: Executor
  readonly #source: Relation
  readonly #table: string
  readonly #condition: Column<boolean | null>
  readonly #actions: Actions

  constructor(
    executor: Executor,
    source: Relation,
    table: string,
    condition: Column<boolean | null>,
    actions: Actions = { matched: [], notMatched: [], notMatchedBySource: [], withSchemaEvolution: false },
  ) {
    this.#executor = executor
    this.#source = source
    this.#table = table
    this.#condition = condition
    this.#actions = actions
  }

  #with(change: Partial<Actions>): MergeIntoWriter {
    return new MergeIntoWriter(this.#executor, this.#source, this.#table, this.#condition, {
      ...this.#actions,
      ...change,
    })
  }

  /** What happens to rows that are on both sides. */
  whenMatched(condition?: Column<boolean | null>): {
    updateAll(): MergeIntoWriter
    update(assignments: Assignments): MergeIntoWriter
    delete(): MergeIntoWriter
  } {
    const test = condition && columnNode(condition).expression
    const add = (action: Expression): MergeIntoWriter => this.#with({ matched: [...this.#actions.matched, action] })
    return {
      updateAll: () => add(mergeAction('updateAll', test)),
      update: (assignments) => add(mergeAction('update', test, pairs(assignments))),
      delete: () => add(mergeAction('delete', test)),
    }
  }

  /** What happens to rows that the table lacks. */
  whenNotMatched(condition?: Column<boolean | null>): {
    insertAll(): MergeIntoWriter
    insert(assignments: Assignments): MergeIntoWriter
  } {
    const test = condition && columnNode(condition).expression
    const add = (action: Expression): MergeIntoWriter =>
      this.#with({ notMatched: [...this.#actions.notMatched, action] })
    return {
      insertAll: () => add(mergeAction('insertAll', test)),
      insert: (assignments) => add(mergeAction('insert', test, pairs(assignments))),
    }
  }

  /** What happens to rows of the table that the frame lacks. */
  whenNotMatchedBySource(condition?: Column<boolean | null>): {
    updateAll(): MergeIntoWriter
    update(assignments: Assignments): MergeIntoWriter
    delete(): MergeIntoWriter
  } {
    const test = condition && columnNode(condition).expression
    const add = (action: Expression): MergeIntoWriter =>
      this.#with({ notMatchedBySource: [...this.#actions.notMatchedBySource, action] })
    return {
      updateAll: () => add(mergeAction('updateAll', test)),
      update: (assignments) => add(mergeAction('update', test, pairs(assignments))),
      delete: () => add(mergeAction('delete', test)),
    }
  }

  /** Columns that the table lacks are added to it. */
  withSchemaEvolution(): MergeIntoWriter {
    return this.#with({ withSchemaEvolution: true })
  }

  /** Does it. *Errors:* SparkConnectError; TypeError if no action was given. */
  async merge(options?: ExecuteOptions): Promise<void> {
    const { matched, notMatched, notMatchedBySource, withSchemaEvolution } = this.#actions
    if (matched.length + notMatched.length + notMatchedBySource.length === 0) {
      throw new TypeError('a merge needs at least one of whenMatched, whenNotMatched and whenNotMatchedBySource')
    }
    await runCommand(
      this.#executor,
      command({
        case: 'mergeIntoTableCommand',
        value: {
          targetTableName: this.#table,
          sourceTablePlan: this.#source,
          mergeCondition: columnNode(this.#condition).expression,
          matchActions: [...matched],
          notMatchedActions: [...notMatched],
          notMatchedBySourceActions: [...notMatchedBySource],
          withSchemaEvolution,
        },
      }),
      undefined,
      options,
    )
  }
}
