import { create } from '@bufbuild/protobuf'
import { checkCondition, checkObject, conditionOf } from '../column/arguments.ts'
import type { Column } from '../column/column.ts'
import { columnsOf } from '../column/columns-of.ts'
import { isColumn, operandNode } from '../column/node.ts'
import { type Relation, RelationSchema } from '../gen/spark/connect/relations_pb.ts'
import * as relations from '../plan/relation.ts'
import type { UntypedFrame } from './dataframe.ts'
import { relationOf } from './frame-node.ts'
import { FrameGroups } from './groups.ts'

/** Rows of two frames side by side. */
export abstract class FrameJoins extends FrameGroups {
  crossJoin(right: UntypedFrame): UntypedFrame {
    return this.derive((planId) => relations.join(planId, this.relation, relationOf(right), 'cross'))
  }

  join(other: UntypedFrame, on?: unknown, how = 'inner'): UntypedFrame {
    const right = relationOf(other)
    if (typeof on === 'function') {
      // Ids of their own for both sides, so that a frame can be joined with itself or with one made of it.
      const [leftId, rightId] = [this.executor.nextPlanId(), this.executor.nextPlanId()]
      const condition = conditionOf('join', on, columnsOf(leftId), columnsOf(rightId))
      return this.derive(
        (planId) =>
          relations.join(planId, renumber(this.relation, leftId), renumber(right, rightId), how, {
            joinCondition: condition.expression,
          }),
        [condition],
      )
    }
    const keys = on === undefined ? [] : [on].flat()
    if (keys.every((key) => typeof key === 'string')) {
      return this.derive((planId) =>
        relations.join(planId, this.relation, right, how, keys.length > 0 ? { usingColumns: keys } : {}),
      )
    }
    const condition =
      keys.length === 1
        ? conditionOf('join', keys[0])
        : keys.map((key) => checkCondition('join', key)).reduce((all, node) => all.and(node))
    return this.derive(
      (planId) => relations.join(planId, this.relation, right, how, { joinCondition: condition.expression }),
      [condition],
    )
  }

  lateralJoin(other: UntypedFrame, on?: Column<boolean | null>, how = 'inner'): UntypedFrame {
    const condition = on && operandNode(on)
    const value = {
      left: this.relation,
      right: relationOf(other),
      joinType: relations.joinType(how),
      ...(condition && { joinCondition: condition.expression }),
    }
    return this.wrap({ case: 'lateralJoin', value }, condition ? [condition] : [])
  }

  asOfJoin(other: UntypedFrame, options: Parameters<UntypedFrame['asOfJoin']>[1]): UntypedFrame {
    checkObject('asOfJoin', 'the options are { leftAsOf, rightAsOf, … }', options)
    const [leftAsOf, rightAsOf] = [operandNode(options.leftAsOf), operandNode(options.rightAsOf)]
    const condition = isColumn(options.on) ? operandNode(options.on) : undefined
    const tolerance = options.tolerance && operandNode(options.tolerance)
    const value = {
      left: this.relation,
      right: relationOf(other),
      leftAsOf: leftAsOf.expression,
      rightAsOf: rightAsOf.expression,
      usingColumns: Array.isArray(options.on) ? [...options.on] : [],
      joinType: options.how ?? 'inner',
      allowExactMatches: options.allowExactMatches ?? true,
      direction: options.direction ?? 'backward',
      ...(condition && { joinExpr: condition.expression }),
      ...(tolerance && { tolerance: tolerance.expression }),
    }
    const nodes = [leftAsOf, rightAsOf, condition, tolerance].filter((node) => node !== undefined)
    return this.wrap({ case: 'asOfJoin', value }, nodes)
  }

  nearestByJoin(
    other: UntypedFrame,
    ranking: Column<unknown>,
    numResults: number,
    mode: string,
    direction: string,
    how = 'inner',
  ): UntypedFrame {
    this.executor.requireVersion('4.2', 'nearestByJoin')
    const node = operandNode(ranking)
    const value = {
      left: this.relation,
      right: relationOf(other),
      rankingExpression: node.expression,
      numResults,
      mode,
      direction,
      joinType: how,
    }
    return this.wrap({ case: 'nearestByJoin', value }, [node])
  }
}

/** The same relation under another plan id; what it is made of is shared. */
const renumber = (relation: Relation, planId: bigint): Relation =>
  create(RelationSchema, { common: { planId }, relType: relation.relType })
