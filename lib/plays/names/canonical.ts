import {
  aggregate,
  array_distinct,
  array_max,
  array_min,
  type Column,
  element_at,
  exists,
  fieldsOf,
  filter,
  length,
  lit,
  lower,
  struct,
  transform,
  upper,
  using,
} from 'spark-connect-js'
import { inProperCase, isShouting } from '../clean/spelling.ts'

/** A spelling of a name, with the way of its key to the others. */
export type Spelling = {
  name_key: string
  display: string
  plays: bigint
  /** Whether a number or the name of the act is in front; then another spelling is rather shown. */
  fronted: boolean
  method: string | null
  score: number | null
  evidence: string | null
}

/** The name of a group, and the way of its key. */
export type BestName = {
  name: string
  name_key: string
  method: string | null
  score: number | null
  evidence: string | null
}

/** The plays of a key's spelling that is written one way. */
type Form = {
  name_key: string
  display: string
  form: string
  readable: boolean
  fronted: boolean | null
  plays: bigint
}

const playsOf = (spellings: Column<readonly { plays: bigint }[]>): Column<bigint> =>
  aggregate(spellings, lit(0n), (sum, each) => sum.plus(fieldsOf(each).plays))

/** Each spelling once, with its plays. */
const formsOf = (spellings: Column<Spelling[]>): Column<Form[]> => {
  const distinct = array_distinct(
    transform(spellings, (each) => struct({ name_key: fieldsOf(each).name_key, display: fieldsOf(each).display })),
  )
  return transform(distinct, (each) => {
    const { name_key, display } = fieldsOf(each)
    const same = filter(spellings, (x) => fieldsOf(x).name_key.eq(name_key).and(fieldsOf(x).display.eq(display)))
    return struct({
      name_key,
      display,
      form: lower(display),
      readable: display.rlike('[?\\ufffd]').not(),
      fronted: exists(same, (x) => fieldsOf(x).fronted),
      plays: playsOf(same),
    })
  })
}

/** The key whose most played readable spelling is played most. */
const topKey = (forms: Column<Form[]>): Column<string> => {
  const ranked = transform(forms, (each) => {
    const { readable, fronted, plays, name_key } = fieldsOf(each)
    return struct({ unreadable: readable.not(), fronted, plays: plays.negate(), name_key })
  })
  return fieldsOf(array_min(ranked).$notNull()).name_key
}

const hasThe = (each: Column<Form>): Column<boolean> => fieldsOf(each).form.startsWith('the ')

/** The spellings with "The", if at least half of the plays have it; else those without. */
const withUsualArticle = (forms: Column<Form[]>): Column<Form[]> => {
  const isUsual = playsOf(filter(forms, hasThe)).multiply(2).geq(playsOf(forms))
  return filter(forms, (each) => hasThe(each).eq(isUsual))
}

/** The spelling, in small letters, that is played most. */
const topForm = (forms: Column<Form[]>): Column<string> => {
  const ranked = transform(forms, (each) => {
    const { readable, display, form } = fieldsOf(each)
    const plays = playsOf(filter(forms, (other) => fieldsOf(other).form.eq(form)))
    return struct({ readable, plays, shortness: length(display).negate(), form })
  })
  return fieldsOf(array_max(ranked).$notNull()).form
}

/** A spelling as it is written most, rather neither all in capitals nor all in small letters. */
const topCase = (forms: Column<Form[]>, form: Column<string>): Column<string> => {
  const ranked = transform(
    filter(forms, (each) => fieldsOf(each).form.eq(form)),
    (each) => {
      const { display, plays } = fieldsOf(each)
      const isCased = display.neq(fieldsOf(each).form).or(display.eq(upper(display)))
      return struct({ calm: isShouting(display).not(), cased: isCased, plays, display })
    },
  )
  return fieldsOf(array_max(ranked).$notNull()).display
}

/**
 * The spelling that stands for a group of names: attested, and the most played one.
 *
 * The group takes the key whose most played spelling is played most. Of the spellings of that key, those that differ in case
 * alone count together and are written as the most played one that is neither all capitals nor all small; letters lost to `?`
 * lose; "The" is shown if at least half of the plays have it. Every choice is of a total order, so the order of the spellings
 * does not change the result.
 *
 * *Cost:* the square of the spellings in one group, which are tens.
 */
export const canonicalName = (rows: Column<Spelling[]>, shouts: boolean): Column<BestName> =>
  using(rows, (spellings) =>
    using(formsOf(spellings), (forms) =>
      using(topKey(forms), (key) => {
        const ofKey = filter(forms, (each) => fieldsOf(each).name_key.eq(key))
        return using(ofKey, (own) =>
          using(withUsualArticle(own), (usual) =>
            using(topForm(usual), (form) => {
              const way = element_at(
                filter(spellings, (each) => fieldsOf(each).name_key.eq(key)),
                1,
              )
              const { method, score, evidence } = fieldsOf(way)
              return struct({
                name: inProperCase(topCase(usual, form), shouts),
                name_key: key,
                method,
                score,
                evidence,
              })
            }),
          ),
        )
      }),
    ),
  )
