import { type Column, type Columns, coalesce, count_if, type DataFrame, lit } from 'spark-connect-js'
import type { MarkedPlay } from './marked-play.ts'

/** How dates are taken whose day and month could be either way round. */
export interface DateOrder {
  /** As most other dates of the run have it: the order of those whose file shows none. */
  readonly usual: 'month first' | 'day first'
  /** Such dates whose order nothing shows, or whose station in its file shows both. */
  readonly unsure: bigint
  /** Whether a play's day comes first. */
  readonly isDayFirst: (play: Columns<MarkedPlay>) => Column<boolean>
}

/** What the plays of one station in one file show. */
export interface ShownOrder {
  readonly file: string
  readonly station: string
  readonly mdy: bigint
  readonly dmy: bigint
  readonly either: bigint
}

/** What differs from the usual order: whole files, and stations of files that show both. */
export interface FileOrders {
  readonly files: readonly string[]
  readonly stations: readonly { readonly file: string; readonly names: readonly string[] }[]
  readonly unsure: bigint
}

/** The order of day and month of each file, and in a file that shows both, of each station. */
export function ordersByFile(shown: readonly ShownOrder[], isUsuallyDayFirst: boolean): FileOrders {
  const differing: string[] = []
  const stations: { readonly file: string; readonly names: readonly string[] }[] = []
  let unsure = 0n
  for (const [file, own] of Map.groupBy(shown, (each) => each.file)) {
    const ofFile = orderOf(own)
    const isDayFirst = ofFile ?? isUsuallyDayFirst
    if (isDayFirst !== isUsuallyDayFirst) differing.push(file)
    const byStation = own.map((each) => ({ ...each, order: ofFile ?? orderOf([each]) }))
    unsure += byStation.reduce((sum, { order, either }) => (order === undefined ? sum + either : sum), 0n)
    const names = byStation.filter(({ order }) => (order ?? isDayFirst) !== isDayFirst).map(({ station }) => station)
    if (names.length > 0) stations.push({ file, names })
  }
  return { files: differing, stations, unsure }
}

/**
 * The order of day and month where a run shows both: each file has its own, and in a file that shows both, each station.
 *
 * *Cost:* one pass over the plays whose date can show an order.
 */
export async function orderByFile(plays: DataFrame<MarkedPlay>, isUsuallyDayFirst: boolean): Promise<DateOrder> {
  const shown: ShownOrder[] = await plays
    .where((c) => c.date_order.isNotNull())
    .groupBy((c) => ({ file: fileOf(c), station: c.callsign }))
    .agg((c) => ({
      mdy: count_if(c.date_order.eq('mdy')),
      dmy: count_if(c.date_order.eq('dmy')),
      either: count_if(c.date_order.eq('either')),
    }))
    .collect()
  const { files, stations, unsure } = ordersByFile(shown, isUsuallyDayFirst)
  return {
    usual: isUsuallyDayFirst ? 'day first' : 'month first',
    unsure,
    isDayFirst: (c) => {
      const differs = [
        ...(files.length > 0 ? [fileOf(c).isin(...files)] : []),
        ...stations.map(({ file, names }) =>
          fileOf(c)
            .eq(file)
            .and(c.callsign.isin(...names)),
        ),
      ]
      const any = differs.reduce((all, each) => all.or(each), lit(false))
      return isUsuallyDayFirst ? any.not() : any
    },
  }
}

const fileOf = (c: Columns<MarkedPlay>) => coalesce(c.source_file, lit(''))

/** Whether the day comes first, where these show one order alone; undefined where they show both or none. */
function orderOf(shown: readonly ShownOrder[]): boolean | undefined {
  const [mdy, dmy] = [shown.some((each) => each.mdy > 0n), shown.some((each) => each.dmy > 0n)]
  return mdy === dmy ? undefined : dmy
}
