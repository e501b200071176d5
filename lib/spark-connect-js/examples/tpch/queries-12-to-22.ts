import { asc, avg, count, count_distinct, desc, max, sum, type UntypedFrame, Window, when } from 'spark-connect-js'
import type { Tables } from './tables.ts'
import { decimal, revenue, within } from './terms.ts'

/** Shipping modes: urgent orders and others that mail and ship brought late. */
export const q12 = ({ orders, lineitem }: Tables): UntypedFrame =>
  lineitem
    .filter((c) => c.l_shipmode.isin('MAIL', 'SHIP').and(within(c.l_receiptdate, '1994-01-01', '1995-01-01')))
    .filter((c) => c.l_shipdate.lt(c.l_commitdate).and(c.l_commitdate.lt(c.l_receiptdate)))
    .join(orders, (l, o) => l.l_orderkey.eq(o.o_orderkey))
    .withColumn('is_urgent', (c) => c.o_orderpriority.isin('1-URGENT', '2-HIGH'))
    .groupBy('l_shipmode')
    .agg((c) => ({
      high_line_count: sum(when(c.is_urgent, 1).otherwise(0)),
      low_line_count: sum(when(c.is_urgent, 0).otherwise(1)),
    }))
    .orderBy('l_shipmode')

/** Customer distribution: how many customers have how many orders, none included. */
export const q13 = ({ customer, orders }: Tables): UntypedFrame => {
  const plain = orders.filter((c) => c.o_comment.like('%special%requests%').not())
  return customer
    .join(plain, (c, o) => c.c_custkey.eq(o.o_custkey), 'left')
    .groupBy('c_custkey')
    .agg((c) => ({ c_count: count(c.o_orderkey) }))
    .groupBy('c_count')
    .agg({ custdist: count('*') })
    .orderBy(desc('custdist'), desc('c_count'))
}

/** Promotion effect: the share that promoted parts have in a month's revenue. */
export const q14 = ({ lineitem, part }: Tables): UntypedFrame =>
  lineitem
    .filter((c) => within(c.l_shipdate, '1995-09-01', '1995-10-01'))
    .join(part, (l, p) => l.l_partkey.eq(p.p_partkey))
    .agg((c) => {
      const promoted = sum(when(c.p_type.like('PROMO%'), revenue(c)).otherwise(0))
      return {
        promo_revenue: decimal('100.00')
          .multiply(promoted)
          .divide(sum(revenue(c))),
      }
    })

/** Top supplier: who brought the most in a quarter. */
export const q15 = ({ lineitem, supplier }: Tables): UntypedFrame => {
  const totals = lineitem
    .filter((c) => within(c.l_shipdate, '1996-01-01', '1996-04-01'))
    .groupBy((c) => ({ supplier_no: c.l_suppkey }))
    .agg((c) => ({ total_revenue: sum(revenue(c)) }))
  return supplier
    .join(totals, (s, t) => s.s_suppkey.eq(t.supplier_no))
    .filter((c) => c.total_revenue.eq(totals.agg({ most: max('total_revenue') }).scalar()))
    .select('s_suppkey', 's_name', 's_address', 's_phone', 'total_revenue')
    .orderBy('s_suppkey')
}

/** Parts and suppliers: how many suppliers of good standing offer a kind of part. */
export const q16 = ({ partsupp, part, supplier }: Tables): UntypedFrame => {
  const complained = supplier.filter((c) => c.s_comment.like('%Customer%Complaints%'))
  return part
    .filter((c) => c.p_brand.neq('Brand#45').and(c.p_type.like('MEDIUM POLISHED%').not()))
    .filter((c) => c.p_size.isin(49, 14, 23, 45, 19, 3, 36, 9))
    .join(partsupp, (p, ps) => p.p_partkey.eq(ps.ps_partkey))
    .join(complained, (ps, s) => ps.ps_suppkey.eq(s.s_suppkey), 'anti')
    .groupBy('p_brand', 'p_type', 'p_size')
    .agg((c) => ({ supplier_cnt: count_distinct(c.ps_suppkey) }))
    .orderBy(desc('supplier_cnt'), asc('p_brand'), asc('p_type'), asc('p_size'))
}

/** Small-quantity orders: what a year would lose without lines far below the average of their part. */
export const q17 = ({ lineitem, part }: Tables): UntypedFrame =>
  lineitem
    .withColumn('usual', (c) => avg(c.l_quantity).over(Window.partitionBy('l_partkey')))
    .join(part, (l, p) => l.l_partkey.eq(p.p_partkey))
    .filter((c) => c.p_brand.eq('Brand#23').and(c.p_container.eq('MED BOX')))
    .filter((c) => c.l_quantity.lt(c.usual.multiply(decimal('0.2'))))
    .agg((c) => ({ avg_yearly: sum(c.l_extendedprice).divide(decimal('7.0')) }))

/** Large volume customers: who ordered more than 300 pieces at once. */
export const q18 = ({ customer, orders, lineitem }: Tables): UntypedFrame => {
  const large = lineitem
    .groupBy((c) => ({ large: c.l_orderkey }))
    .agg((c) => ({ pieces: sum(c.l_quantity) }))
    .filter((c) => c.pieces.gt(300))
  return orders
    .join(large, (o, l) => o.o_orderkey.eq(l.large), 'semi')
    .join(customer, (o, c) => o.o_custkey.eq(c.c_custkey))
    .join(lineitem, (o, l) => o.o_orderkey.eq(l.l_orderkey))
    .groupBy('c_name', 'c_custkey', 'o_orderkey', 'o_orderdate', 'o_totalprice')
    .agg((c) => ({ pieces: sum(c.l_quantity) }))
    .orderBy(desc('o_totalprice'), asc('o_orderdate'))
    .limit(100)
}

/** Discounted revenue: parts of three brands that air freight brought by hand. */
export const q19 = ({ lineitem, part }: Tables): UntypedFrame =>
  lineitem
    .filter((c) => c.l_shipmode.isin('AIR', 'AIR REG').and(c.l_shipinstruct.eq('DELIVER IN PERSON')))
    .join(part, (l, p) => l.l_partkey.eq(p.p_partkey))
    .filter((c) => {
      const fits = (brand: string, containers: readonly string[], pieces: number, size: number) =>
        c.p_brand
          .eq(brand)
          .and(c.p_container.isin(containers))
          .and(c.l_quantity.between(pieces, pieces + 10))
          .and(c.p_size.between(1, size))
      return fits('Brand#12', ['SM CASE', 'SM BOX', 'SM PACK', 'SM PKG'], 1, 5)
        .or(fits('Brand#23', ['MED BAG', 'MED BOX', 'MED PKG', 'MED PACK'], 10, 10))
        .or(fits('Brand#34', ['LG CASE', 'LG BOX', 'LG PACK', 'LG PKG'], 20, 15))
    })
    .agg((c) => ({ revenue: sum(revenue(c)) }))

/** Potential part promotion: Canada's suppliers that hold more than half of what they sold of a forest part. */
export const q20 = ({ supplier, nation, partsupp, part, lineitem }: Tables): UntypedFrame => {
  const sold = lineitem
    .filter((c) => within(c.l_shipdate, '1994-01-01', '1995-01-01'))
    .groupBy('l_partkey', 'l_suppkey')
    .agg((c) => ({ half: sum(c.l_quantity).multiply(decimal('0.5')) }))
  const overstocked = partsupp
    .join(
      part.filter((c) => c.p_name.like('forest%')),
      (ps, p) => ps.ps_partkey.eq(p.p_partkey),
      'semi',
    )
    .join(sold, (ps, l) => ps.ps_partkey.eq(l.l_partkey).and(ps.ps_suppkey.eq(l.l_suppkey)))
    .filter((c) => c.half.lt(c.ps_availqty))
  return supplier
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .filter((c) => c.n_name.eq('CANADA'))
    .join(overstocked, (s, ps) => s.s_suppkey.eq(ps.ps_suppkey), 'semi')
    .select('s_name', 's_address')
    .orderBy('s_name')
}

/** Suppliers who kept orders waiting: late, where all the others of the order were in time. */
export const q21 = ({ supplier, lineitem, orders, nation }: Tables): UntypedFrame => {
  const late = lineitem.filter((c) => c.l_receiptdate.gt(c.l_commitdate))
  return late
    .join(lineitem, (l, o) => l.l_orderkey.eq(o.l_orderkey).and(l.l_suppkey.neq(o.l_suppkey)), 'semi')
    .join(late, (l, o) => l.l_orderkey.eq(o.l_orderkey).and(l.l_suppkey.neq(o.l_suppkey)), 'anti')
    .join(orders, (l, o) => l.l_orderkey.eq(o.o_orderkey))
    .filter((c) => c.o_orderstatus.eq('F'))
    .join(supplier, (l, s) => l.l_suppkey.eq(s.s_suppkey))
    .join(nation, (s, n) => s.s_nationkey.eq(n.n_nationkey))
    .filter((c) => c.n_name.eq('SAUDI ARABIA'))
    .groupBy('s_name')
    .agg({ numwait: count('*') })
    .orderBy(desc('numwait'), asc('s_name'))
    .limit(100)
}

/** Global sales opportunity: wealthy customers of some countries who never ordered. */
export const q22 = ({ customer, orders }: Tables): UntypedFrame => {
  const candidates = customer
    .select((c) => ({ custkey: c.c_custkey, acctbal: c.c_acctbal, cntrycode: c.c_phone.substr(1, 2) }))
    .filter((c) => c.cntrycode.isin('13', '31', '23', '29', '30', '18', '17'))
  const usual = candidates.filter((c) => c.acctbal.gt(decimal('0.00'))).agg((c) => ({ usual: avg(c.acctbal) }))
  return candidates
    .filter((c) => c.acctbal.gt(usual.scalar()))
    .join(orders, (c, o) => c.custkey.eq(o.o_custkey), 'anti')
    .groupBy('cntrycode')
    .agg((c) => ({ numcust: count('*'), totacctbal: sum(c.acctbal) }))
    .orderBy('cntrycode')
}
