// Checked by `tsc --noEmit`, never run: the types of columns that operators, functions and aggregates make.
import {
  aggregate,
  array,
  arrays_zip,
  avg,
  type CalendarInterval,
  type Column,
  ceil,
  coalesce,
  col,
  concat,
  count,
  create_map,
  type DataFrame,
  type DayTimeInterval,
  type Decimal,
  first,
  floor,
  from_json,
  greatest,
  type LocalDate,
  type LocalDateTime,
  type LocalTime,
  lit,
  max,
  max_by,
  median,
  min,
  pmod,
  reverse,
  row_number,
  struct,
  sum,
  type Timestamp,
  try_divide,
  try_subtract,
  try_sum,
  types,
  Window,
  when,
  type YearMonthInterval,
} from '../../src/index.ts'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_proof: Equals<A, B>): void => {}
type RowsOf<F> = F extends DataFrame<infer R> ? R : never

interface Order {
  id: bigint
  customer: string
  note: string | null
  price: Decimal
  discount: Decimal | null
  pieces: number
  day: LocalDate
  at: Timestamp
  clock: LocalTime
  local: LocalDateTime
  months: YearMonthInterval
  span: DayTimeInterval
  pause: CalendarInterval
  tags: string[]
  marks: (number | null)[]
  state: 'open' | 'paid'
}
declare const orders: DataFrame<Order>

// ── aggregates: null of nothing, so not null of a group ──
const perCustomer = orders.groupBy('customer').agg((c) => ({
  last: max(c.id),
  note: max(c.note),
  total: sum(c.price),
  discounts: sum(c.discount),
  best: max_by(c.day, c.price),
  three: max_by(c.day, c.price, 3),
  mean: avg(c.price),
  middle: median(c.price),
  any: first(c.state),
  n: count('*'),
}))
same<
  RowsOf<typeof perCustomer>,
  {
    customer: string
    last: bigint
    note: string | null
    total: Decimal
    discounts: Decimal | null
    best: LocalDate
    three: LocalDate[] | null
    mean: Decimal
    middle: number
    any: 'open' | 'paid'
    n: bigint
  }
>(true)
const overall = orders.agg((c) => ({ last: max(c.id), n: count('*') }))
same<RowsOf<typeof overall>, { last: bigint | null; n: bigint }>(true)
const asOne = orders.groupBy().agg((c) => ({ last: max(c.id), n: count('*') }))
same<RowsOf<typeof asOne>, { last: bigint | null; n: bigint }>(true)
// Once an aggregate is computed with, only its author knows that it is there.
const computed = orders
  .groupBy('customer')
  .agg((c) => ({ next: max(c.id).plus(1), sure: max(c.id).$notNull().plus(1) }))
same<RowsOf<typeof computed>, { customer: string; next: bigint | null; sure: bigint }>(true)
const amounts = orders.groupBy('customer').agg((c) => ({
  months: sum(c.months),
  mean: avg(c.span),
  middle: median(c.months),
  weighted: sum(c.pieces.multiply(c.price)),
}))
same<
  RowsOf<typeof amounts>,
  {
    customer: string
    months: YearMonthInterval
    mean: DayTimeInterval
    middle: YearMonthInterval
    weighted: number | bigint | Decimal
  }
>(true)

// ── literals ──
const literals = orders.select((c) => ({
  id: coalesce(c.id, lit(0)),
  bare: coalesce(c.id, 0),
  maybe: coalesce(c.discount, lit(0)),
  half: coalesce(c.id, lit(0.5)),
  most: greatest(c.id, lit(1)),
  list: array(c.id, lit(0)),
  chosen: when(c.id.gt(1), lit(0)).otherwise(c.id),
  open: when(c.id.gt(1), 'often'),
  nullable: when(c.id.gt(1), c.note).otherwise('none'),
  sum: c.id.plus(lit(1)),
  map: create_map(lit('a'), c.id, lit('b'), lit(0)),
  date: lit(new Date()),
  zero: lit(0),
  paid: c.state.eq(c.customer),
}))
same<
  RowsOf<typeof literals>,
  {
    id: bigint
    bare: bigint
    maybe: Decimal
    half: bigint | number
    most: bigint
    list: bigint[]
    chosen: bigint
    open: string | null
    nullable: string | null
    sum: bigint
    map: Map<string, bigint>
    date: Timestamp
    zero: number
    paid: boolean
  }
>(true)

// ── dates and intervals ──
const moments = orders.select((c) => ({
  later: c.day.plus(1),
  month: c.day.plus(c.months),
  moment: c.day.plus(c.span),
  at: c.at.minus(c.span),
  local: c.local.plus(c.pause),
  between: c.at.minus(c.at),
  days: c.day.minus(c.day),
  clock: c.clock.plus(c.span),
  clocks: c.clock.minus(c.clock),
  twice: c.span.multiply(2),
  turned: c.pieces.multiply(c.months),
  half: c.months.divide(2),
  spans: c.span.plus(c.span),
  flipped: c.span.plus(c.at),
}))
same<
  RowsOf<typeof moments>,
  {
    later: LocalDate
    month: LocalDate
    moment: LocalDate | Timestamp
    at: Timestamp
    local: LocalDateTime
    between: DayTimeInterval
    days: DayTimeInterval
    clock: LocalTime
    clocks: DayTimeInterval
    twice: DayTimeInterval
    turned: YearMonthInterval
    half: YearMonthInterval
    spans: DayTimeInterval
    flipped: Timestamp
  }
>(true)
// @ts-expect-error a number has no interval added to it
export const impossible = (c: { id: Column<bigint>; span: Column<DayTimeInterval> }) => c.id.plus(c.span)

// ── functions ──
const made = orders.select((c) => ({
  rest: pmod(c.id, lit(3)),
  up: ceil(c.price),
  upTo: ceil(c.price, 1),
  down: floor(c.pieces),
  ratio: try_divide(c.price, c.price),
  gap: try_subtract(c.at, c.at),
  back: reverse(c.tags),
  joined: concat(c.customer, c.note),
  marks: aggregate(c.marks, lit(0), (total, mark) => total.plus(mark)),
  known: aggregate(c.marks, lit(0), (total, mark) => total.plus(coalesce(mark, lit(0)))),
  spread: aggregate(
    c.marks,
    struct({ n: lit(0), total: lit(0) }),
    (so, mark) => struct({ n: so.getField('n').plus(1), total: so.getField('total').plus(mark) }),
    (so) => so.getField('total').divide(so.getField('n')),
  ),
  pair: struct('customer', 'note'),
  loose: struct(c.customer, c.note),
  zipped: arrays_zip(c.tags, c.marks),
  parsed: from_json(c.note, 'a INT'),
  typed: from_json(c.note, types.array(types.string.notNull())),
  small: c.customer.cast('decimal(5,1)'),
  names: c.note.cast('ARRAY<STRING>'),
  parts: c.note.cast('map<string, int>'),
}))
same<
  RowsOf<typeof made>,
  {
    rest: bigint
    up: Decimal
    upTo: Decimal
    down: bigint
    ratio: Decimal | null
    gap: DayTimeInterval | null
    back: string[]
    joined: string | null
    marks: number | null
    known: number
    spread: number | null
    pair: Record<'customer' | 'note', unknown>
    loose: Record<string, unknown>
    zipped: Record<string, string | number | null>[]
    parsed: unknown
    typed: string[] | null
    small: Decimal
    names: (string | null)[] | null
    parts: unknown
  }
>(true)
const totals = orders.agg((c) => ({ price: try_sum(c.price), least: min(c.pieces) }))
same<RowsOf<typeof totals>, { price: Decimal | null; least: number | null }>(true)
// A column known by its name alone stays untyped.
const byName = orders.agg({ x: sum('price'), y: max(col('day')) })
same<RowsOf<typeof byName>, { x: any; y: any }>(true)

// ── names in windows and in writers ──
const ranks = orders.select((c) => ({
  a: row_number().over(Window.partitionBy('customer').orderBy('day', c.at.desc())),
  b: max(c.id).over(Window.partitionBy(['customer', c.state]).rowsBetween(-1, 1)),
  c: row_number().over(Window.orderBy(`day` as string)),
}))
same<RowsOf<typeof ranks>, { a: number; b: bigint | null; c: number }>(true)
const ranked = orders.withColumn('rank', row_number().over(Window.partitionBy('customer').orderBy('at')))
same<RowsOf<typeof ranked>['rank'], number>(true)
// @ts-expect-error a misspelled name in a window
orders.select((c) => ({ id: c.id, rank: row_number().over(Window.partitionBy('costumer').orderBy('day')) }))
// @ts-expect-error a misspelled name in a window
orders.withColumns({ rank: row_number().over(Window.orderBy('dya')) })
// @ts-expect-error a misspelled name in a window
orders.withColumn('rank', row_number().over(Window.orderBy('dya')))
// @ts-expect-error a misspelled name in a window
orders.withColumn('rank', () => row_number().over(Window.orderBy('dya')))
orders.write.partitionBy('customer').bucketBy(4, ['id']).sortBy('day')
orders.writeTo('t').partitionedBy('customer').clusterBy('id')
orders.writeStream.partitionBy('customer')
orders.asTable().partitionBy('customer').orderBy('day')
// @ts-expect-error a misspelled name of a partition
orders.write.partitionBy('costumer')
// @ts-expect-error a misspelled name of a partition
orders.writeTo('t').partitionedBy('costumer')
// @ts-expect-error a misspelled name of a partition
orders.writeStream.partitionBy('costumer')
// @ts-expect-error a misspelled name of a partition
orders.asTable().partitionBy('costumer')
