import * as relations from '../plan/relation.ts'
import type { UntypedFrame } from './dataframe.ts'
import { relationOf } from './frame-node.ts'
import { FrameJoins } from './joins.ts'

/** Rows of two frames one below the other, or those that both or one of them have. */
export abstract class FrameSets extends FrameJoins {
  union(other: UntypedFrame): UntypedFrame {
    return this.#combine('union', other, { isAll: true })
  }
  unionAll(other: UntypedFrame): UntypedFrame {
    return this.union(other)
  }
  unionByName(other: UntypedFrame, allowMissingColumns = false): UntypedFrame {
    return this.#combine('union', other, { isAll: true, byName: true, allowMissingColumns })
  }
  intersect(other: UntypedFrame): UntypedFrame {
    return this.#combine('intersect', other, { isAll: false })
  }
  intersectAll(other: UntypedFrame): UntypedFrame {
    return this.#combine('intersect', other, { isAll: true })
  }
  subtract(other: UntypedFrame): UntypedFrame {
    return this.#combine('except', other, { isAll: false })
  }
  exceptAll(other: UntypedFrame): UntypedFrame {
    return this.#combine('except', other, { isAll: true })
  }
  #combine(
    kind: Parameters<typeof relations.setOperation>[1],
    other: UntypedFrame,
    options: Parameters<typeof relations.setOperation>[4],
  ): UntypedFrame {
    return this.derive((planId) => relations.setOperation(planId, kind, this.relation, relationOf(other), options))
  }
}
