import { asc, avg, count, desc, min, sum, type UntypedFrame, Window, when, year } from 'spark-connect-js'
import type { Tables } from './tables.ts'
import { day, decimal, revenue, within } from './terms.ts'

/** Pricing summary: what was shipped until a day, by its state. */
export const q1 = ({ lineitem }: Tables): UntypedFrame =>
  lineitem
    .filter((c) => c.l_shipdate.leq(day('1998-09-02')))
    .groupBy('l_returnflag', 'l_linestatus')
    .agg((c) => ({
      sum_qty: sum(c.l_quantity),
      sum_base_price: sum(c.l_extendedprice),
      sum_disc_price: sum(revenue(c)),
      sum_charge: sum(revenue(c).multiply(decimal('1').plus(c.l_tax))),
      avg_qty: avg(c.l_quantity),
      avg_price: avg(c.l_extendedprice),
      avg_disc: avg(c.l_discount),
      count_order: count('*'),
    }))
    .orderBy('l_returnflag', 'l_linestatus')

/** Minimum cost supplier: who in Europe offers a part for the least. */
export const q2 = ({ part, partsupp, supplier, nation, region }: Tables): UntypedFrame => {
  const offers = partsupp
    .join(supplier, (offer, s) => offer.ps_suppkey.eq(s.s_suppkey))
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .join(
      region.filter((c) => c.r_name.eq('EUROPE')),
      (n, r) => n.n_regionkey.eq(r.r_regionkey),
    )
    .withColumn('lowest', (c) => min(c.ps_supplycost).over(Window.partitionBy('ps_partkey')))
    .filter((c) => c.ps_supplycost.eq(c.lowest))
  return part
    .filter((c) => c.p_size.eq(15).and(c.p_type.like('%BRASS')))
    .join(offers, (p, offer) => p.p_partkey.eq(offer.ps_partkey))
    .orderBy(desc('s_acctbal'), 'n_name', 's_name', 'p_partkey')
    .select('s_acctbal', 's_name', 'n_name', 'p_partkey', 'p_mfgr', 's_address', 's_phone', 's_comment')
    .limit(100)
}

/** Shipping priority: the open orders that bring the most. */
export const q3 = ({ customer, orders, lineitem }: Tables): UntypedFrame =>
  customer
    .filter((c) => c.c_mktsegment.eq('BUILDING'))
    .join(orders, (c, o) => c.c_custkey.eq(o.o_custkey))
    .join(lineitem, (o, l) => o.o_orderkey.eq(l.l_orderkey))
    .filter((c) => c.o_orderdate.lt(day('1995-03-15')).and(c.l_shipdate.gt(day('1995-03-15'))))
    .groupBy('l_orderkey', 'o_orderdate', 'o_shippriority')
    .agg((c) => ({ revenue: sum(revenue(c)) }))
    .orderBy(desc('revenue'), 'o_orderdate')
    .select('l_orderkey', 'revenue', 'o_orderdate', 'o_shippriority')
    .limit(10)

/** Order priority: orders of a quarter with a line that came late. */
export const q4 = ({ orders, lineitem }: Tables): UntypedFrame => {
  const late = lineitem.filter((c) => c.l_commitdate.lt(c.l_receiptdate))
  return orders
    .filter((c) => within(c.o_orderdate, '1993-07-01', '1993-10-01'))
    .join(late, (o, l) => o.o_orderkey.eq(l.l_orderkey), 'semi')
    .groupBy('o_orderpriority')
    .agg({ order_count: count('*') })
    .orderBy('o_orderpriority')
}

/** Local supplier volume: what Asia's suppliers sell to their own nation. */
export const q5 = ({ customer, orders, lineitem, supplier, nation, region }: Tables): UntypedFrame =>
  orders
    .filter((c) => within(c.o_orderdate, '1994-01-01', '1995-01-01'))
    .join(customer, (o, c) => o.o_custkey.eq(c.c_custkey))
    .join(lineitem, (o, l) => o.o_orderkey.eq(l.l_orderkey))
    .join(supplier, (l, s) => l.l_suppkey.eq(s.s_suppkey).and(l.c_nationkey.eq(s.s_nationkey)))
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .join(region, (n, r) => n.n_regionkey.eq(r.r_regionkey))
    .filter((c) => c.r_name.eq('ASIA'))
    .groupBy('n_name')
    .agg((c) => ({ revenue: sum(revenue(c)) }))
    .orderBy(desc('revenue'))

/** Forecasting revenue change: what small discounts cost in a year. */
export const q6 = ({ lineitem }: Tables): UntypedFrame =>
  lineitem
    .filter((c) => within(c.l_shipdate, '1994-01-01', '1995-01-01'))
    .filter((c) => c.l_discount.between(decimal('0.05'), decimal('0.07')).and(c.l_quantity.lt(24)))
    .agg((c) => ({ revenue: sum(c.l_extendedprice.multiply(c.l_discount)) }))

/** Volume shipping: trade between France and Germany, year by year. */
export const q7 = ({ supplier, lineitem, orders, customer, nation }: Tables): UntypedFrame => {
  const sellers = nation.select((c) => ({ seller: c.n_nationkey, supp_nation: c.n_name }))
  const buyers = nation.select((c) => ({ buyer: c.n_nationkey, cust_nation: c.n_name }))
  return lineitem
    .filter((c) => c.l_shipdate.between(day('1995-01-01'), day('1996-12-31')))
    .join(supplier, (l, s) => l.l_suppkey.eq(s.s_suppkey))
    .join(orders, (l, o) => l.l_orderkey.eq(o.o_orderkey))
    .join(customer, (o, c) => o.o_custkey.eq(c.c_custkey))
    .join(sellers, (s, n) => s.s_nationkey.eq(n.seller))
    .join(buyers, (c, n) => c.c_nationkey.eq(n.buyer))
    .filter((c) => {
      const isTrade = (from: string, to: string) => c.supp_nation.eq(from).and(c.cust_nation.eq(to))
      return isTrade('FRANCE', 'GERMANY').or(isTrade('GERMANY', 'FRANCE'))
    })
    .withColumns((c) => ({ l_year: year(c.l_shipdate), volume: revenue(c) }))
    .groupBy('supp_nation', 'cust_nation', 'l_year')
    .agg((c) => ({ revenue: sum(c.volume) }))
    .orderBy('supp_nation', 'cust_nation', 'l_year')
}

/** National market share: Brazil's part of America's trade in a kind of steel. */
export const q8 = ({ part, supplier, lineitem, orders, customer, nation, region }: Tables): UntypedFrame => {
  const sellers = nation.select((c) => ({ seller: c.n_nationkey, seller_name: c.n_name }))
  const american = nation.join(region, (n, r) => n.n_regionkey.eq(r.r_regionkey)).filter((c) => c.r_name.eq('AMERICA'))
  return part
    .filter((c) => c.p_type.eq('ECONOMY ANODIZED STEEL'))
    .join(lineitem, (p, l) => p.p_partkey.eq(l.l_partkey))
    .join(supplier, (l, s) => l.l_suppkey.eq(s.s_suppkey))
    .join(orders, (l, o) => l.l_orderkey.eq(o.o_orderkey))
    .filter((c) => c.o_orderdate.between(day('1995-01-01'), day('1996-12-31')))
    .join(customer, (o, c) => o.o_custkey.eq(c.c_custkey))
    .join(american, (c, n) => c.c_nationkey.eq(n.n_nationkey))
    .join(sellers, (s, n) => s.s_nationkey.eq(n.seller))
    .select((c) => ({ o_year: year(c.o_orderdate), volume: revenue(c), seller_name: c.seller_name }))
    .groupBy('o_year')
    .agg((c) => ({
      mkt_share: sum(when(c.seller_name.eq('BRAZIL'), c.volume).otherwise(0)).divide(sum(c.volume)),
    }))
    .orderBy('o_year')
}

/** Product type profit: what green parts earn, by nation and year. */
export const q9 = ({ part, supplier, lineitem, partsupp, orders, nation }: Tables): UntypedFrame =>
  part
    .filter((c) => c.p_name.like('%green%'))
    .join(lineitem, (p, l) => p.p_partkey.eq(l.l_partkey))
    .join(partsupp, (l, ps) => l.l_partkey.eq(ps.ps_partkey).and(l.l_suppkey.eq(ps.ps_suppkey)))
    .join(supplier, (l, s) => l.l_suppkey.eq(s.s_suppkey))
    .join(orders, (l, o) => l.l_orderkey.eq(o.o_orderkey))
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .select((c) => ({
      nation: c.n_name,
      o_year: year(c.o_orderdate),
      amount: revenue(c).minus(c.ps_supplycost.multiply(c.l_quantity)),
    }))
    .groupBy('nation', 'o_year')
    .agg((c) => ({ sum_profit: sum(c.amount) }))
    .orderBy(asc('nation'), desc('o_year'))

/** Returned items: the customers that returned the most. */
export const q10 = ({ customer, orders, lineitem, nation }: Tables): UntypedFrame =>
  orders
    .filter((c) => within(c.o_orderdate, '1993-10-01', '1994-01-01'))
    .join(customer, (o, c) => o.o_custkey.eq(c.c_custkey))
    .join(
      lineitem.filter((c) => c.l_returnflag.eq('R')),
      (o, l) => o.o_orderkey.eq(l.l_orderkey),
    )
    .join(nation, (c, n) => c.c_nationkey.eq(n.n_nationkey))
    .groupBy('c_custkey', 'c_name', 'c_acctbal', 'c_phone', 'n_name', 'c_address', 'c_comment')
    .agg((c) => ({ revenue: sum(revenue(c)) }))
    .orderBy(desc('revenue'))
    .select('c_custkey', 'c_name', 'revenue', 'c_acctbal', 'n_name', 'c_address', 'c_phone', 'c_comment')
    .limit(20)

/** Important stock: the parts that make up more than a share of what Germany's suppliers hold. */
export const q11 = ({ partsupp, supplier, nation }: Tables): UntypedFrame => {
  const german = partsupp
    .join(supplier, (ps, s) => ps.ps_suppkey.eq(s.s_suppkey))
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .filter((c) => c.n_name.eq('GERMANY'))
    .select((c) => ({ ps_partkey: c.ps_partkey, worth: c.ps_supplycost.multiply(c.ps_availqty) }))
  const least = german.agg((c) => ({ least: sum(c.worth).multiply(decimal('0.0001000000')) }))
  return german
    .groupBy('ps_partkey')
    .agg((c) => ({ value: sum(c.worth) }))
    .filter((c) => c.value.gt(least.scalar()))
    .orderBy(desc('value'))
}
