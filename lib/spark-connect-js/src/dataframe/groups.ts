import { checkColumns, checkList } from '../column/arguments.ts'
import { columnsOf, namedColumns, underName } from '../column/columns-of.ts'
import { type ColumnNode, isColumn } from '../column/node.ts'
import type * as relations from '../plan/relation.ts'
import { isPlainObject } from './columns.ts'
import type { GroupedData, UntypedFrame } from './dataframe.ts'
import { asGroupedData, Groups } from './grouped-data.ts'
import type { Build, Named } from './row-types.ts'
import { FrameRows } from './rows.ts'

/** Rows of a frame in groups. */
export abstract class FrameGroups extends FrameRows {
  groupBy(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('groupBy', keys)
  }
  rollup(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('rollup', keys)
  }
  cube(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('cube', keys)
  }
  groupingSets(sets: readonly (readonly unknown[])[], ...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group(
      'groupingSets',
      keys,
      checkList('groupingSets', 'the sets', sets).map((set) =>
        checkColumns('groupingSets', checkList('groupingSets', 'the columns of a set', set)),
      ),
    )
  }
  #group(kind: relations.GroupKind, keys: readonly unknown[], sets?: ColumnNode[][]): GroupedData<unknown, unknown> {
    const [first] = keys
    const isRecord = keys.length === 1 && !isColumn(first) && (typeof first === 'function' || isPlainObject(first))
    const nodes = isRecord
      ? namedColumns(columnsOf(), first as Build<unknown, Named>).map(({ node, name }) => underName(node, name))
      : checkColumns(kind, keys.flat())
    const grouped = {
      relation: this.relation,
      columns: columnsOf(),
      derive: this.derive.bind(this),
    }
    return asGroupedData(new Groups(grouped, { kind, keys: nodes, sets }))
  }
  agg(first: unknown, ...more: ColumnNode[]): UntypedFrame {
    return (this.groupBy() as unknown as Groups).agg(first, ...more)
  }
}
