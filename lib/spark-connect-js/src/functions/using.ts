import type { Column } from '../column/column.ts'
import { asColumn, columnNode } from '../column/node.ts'
import { mistake } from '../trace/error-stack.ts'
import type { IsAny, NullOf } from '../types/nulls.ts'
import { type ColumnArg, fn, lambdaOf, type TypeOf, type Untyped } from './call.ts'

// What Spark has no function for; it is made of those that it has.

/**
 * A value that is used several times, computed once: `using(lower(c.name), (name) => when(name.rlike('[^ -~]'), plain(name)).otherwise(name))`.
 *
 * Without it each use repeats the whole expression, and a chain of steps doubles with each of them. It is
 * `element_at(transform(array(value), name -> body), 1)`: Spark has no local variables, but the variable of a lambda is one.
 * *Cost:* Spark interprets lambdas, it does not compile them.
 */
export const using = <A extends ColumnArg, R>(value: A, body: (value: Column<TypeOf<A>>) => Column<R>): Column<R> =>
  fn('element_at', [fn('transform', [fn('array', [value]), lambdaOf(body)]), 1])

/** The fields of a struct as columns. */
export type Fields<T> =
  IsAny<T> extends true
    ? Readonly<Record<string, Untyped>>
    : { readonly [K in keyof NonNullable<T>]: Column<NonNullable<T>[K] | NullOf<T>> }

/** The fields of a struct by name: `fieldsOf(c.place).city` is `c.place.getField('city')`. */
export const fieldsOf = <T>(struct: Column<T>): Fields<T> => {
  const node = columnNode(struct)
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? asColumn(node.getField(name)) : undefined),
      has: (_, name) => typeof name === 'string',
      // A spread would silently give no fields at all.
      ownKeys: () => {
        throw mistake('the fields of a struct cannot be listed or spread here')
      },
    },
  ) as Fields<T>
}
