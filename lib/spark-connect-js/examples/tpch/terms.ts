import { type Column, Decimal, LocalDate, lit } from 'spark-connect-js'

// What many of the queries speak of.

export const decimal = (text: string): Column<Decimal> => lit(Decimal.of(text))

export const day = (text: string): LocalDate => LocalDate.parse(text)

/** Whether a day lies from the first on and before the other. */
export const within = (date: Column<LocalDate | null>, first: string, end: string): Column<boolean | null> =>
  date.geq(day(first)).and(date.lt(day(end)))

interface Sale {
  readonly l_extendedprice: Column<Decimal | null>
  readonly l_discount: Column<Decimal | null>
}

/** What a line brings, its discount taken off. */
export const revenue = ({ l_extendedprice: price, l_discount: discount }: Sale): Column<Decimal | null> =>
  price.multiply(decimal('1').minus(discount))
