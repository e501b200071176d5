import { checkText } from '../column/arguments.ts'
import type { UntypedFrame } from './dataframe.ts'
import { NaFunctions } from './na.ts'
import { FrameShape } from './shape.ts'
import { StatFunctions } from './stat.ts'

const textsOf = (method: string, texts: readonly (string | string[])[]): string[] =>
  texts.flat().map((text) => checkText(method, 'each argument', text))

/** Nulls, and statistics of columns. */
export abstract class FrameStatistics extends FrameShape {
  get na(): NaFunctions {
    return new NaFunctions(this.#statistical())
  }
  dropNulls(...names: string[]): UntypedFrame {
    return this.na.drop('any', names.length > 0 ? { subset: names as never } : {})
  }
  get fillna() {
    return (...args: Parameters<NaFunctions['fill']>) => this.na.fill(...args)
  }
  get dropna() {
    return (...args: Parameters<NaFunctions['drop']>) => this.na.drop(...args)
  }
  get replace() {
    return (...args: Parameters<NaFunctions['replace']>) => this.na.replace(...args)
  }
  get stat(): StatFunctions {
    return new StatFunctions(this.#statistical())
  }
  get approxQuantile() {
    return (...args: Parameters<StatFunctions['approxQuantile']>) => this.stat.approxQuantile(...args)
  }
  get corr() {
    return (...args: Parameters<StatFunctions['corr']>) => this.stat.corr(...args)
  }
  get cov() {
    return (...args: Parameters<StatFunctions['cov']>) => this.stat.cov(...args)
  }
  get crosstab() {
    return (...args: Parameters<StatFunctions['crosstab']>) => this.stat.crosstab(...args)
  }
  get freqItems() {
    return (...args: Parameters<StatFunctions['freqItems']>) => this.stat.freqItems(...args)
  }
  get sampleBy() {
    return (...args: Parameters<StatFunctions['sampleBy']>) => this.stat.sampleBy(...args)
  }
  #statistical() {
    return { executor: this.executor, relation: this.relation, derive: this.derive.bind(this) }
  }
  describe(...cols: (string | string[])[]): UntypedFrame {
    return this.wrap({ case: 'describe', value: { input: this.relation, cols: textsOf('describe', cols) } })
  }
  summary(...statistics: (string | string[])[]): UntypedFrame {
    return this.wrap({ case: 'summary', value: { input: this.relation, statistics: textsOf('summary', statistics) } })
  }
}
