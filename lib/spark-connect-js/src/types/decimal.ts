import { type PrimitiveHint, printAs, textOnly } from './printed.ts'

/**
 * A number with a fixed count of decimal places, exact: `unscaled × 10^-scale`.
 *
 * Spark's DECIMAL(38) does not fit a double, so decimals never become a JavaScript number by themselves.
 * `toString()` and `toJSON()` give plain text with exactly `scale` places ("12.50"), as Spark prints it.
 */
export class Decimal {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'Decimal'
  readonly unscaled: bigint
  readonly scale: number

  constructor(unscaled: bigint, scale: number) {
    if (!Number.isInteger(scale) || scale < 0 || scale > 38) {
      throw new RangeError(`a decimal's scale is a whole number from 0 to 38, not ${scale}`)
    }
    this.unscaled = unscaled
    this.scale = scale
  }

  /**
   * Reads "12.50", "-3", "1e-3", a bigint or a number (by its shortest text, so 0.1 is exactly 0.1).
   *
   * *Errors:* RangeError for text that is not a number, NaN and infinities.
   */
  static of(value: string | number | bigint): Decimal {
    if (typeof value === 'bigint') return new Decimal(value, 0)
    const text = String(value).trim()
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
    if (!match || (!match[2] && !match[3])) throw new RangeError(`'${text}' is not a decimal number`)
    const fraction = match[3] ?? ''
    let digits = BigInt(`${match[2]}${fraction}` || '0')
    let scale = fraction.length - Number(match[4] ?? 0)
    if (scale < 0) {
      if (scale < -76) throw new RangeError(`'${text}' is out of the range of a decimal`)
      digits *= 10n ** BigInt(-scale)
      scale = 0
    }
    return new Decimal(match[1] === '-' ? -digits : digits, scale)
  }

  /** The same number with another scale. *Errors:* RangeError when digits other than zero would be cut off. */
  rescale(scale: number): Decimal {
    if (scale === this.scale) return this
    if (scale > this.scale) return new Decimal(this.unscaled * 10n ** BigInt(scale - this.scale), scale)
    const factor = 10n ** BigInt(this.scale - scale)
    if (this.unscaled % factor !== 0n) throw new RangeError(`${this} does not fit ${scale} decimal places`)
    return new Decimal(this.unscaled / factor, scale)
  }

  /** How many digits the number has, at least `scale` of them: the smallest precision that holds it. */
  get precision(): number {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().length
    return Math.max(digits, this.scale, 1)
  }

  /** Negative, zero or positive as this is less than, equal to or greater than the other; scales do not matter. */
  compareTo(other: Decimal): number {
    if (!(other instanceof Decimal))
      throw new TypeError(`a decimal is compared with a decimal: Decimal.of(${String(other)})`)
    const scale = Math.max(this.scale, other.scale)
    const [a, b] = [this.rescale(scale).unscaled, other.rescale(scale).unscaled]
    return a < b ? -1 : a > b ? 1 : 0
  }

  /** Equal in value: 1.0 equals 1.00. */
  equals(other: Decimal): boolean {
    return this.compareTo(other) === 0
  }

  /**
   * Text only, as in a template: numbers have no exact form of a decimal, and text would put 10 before 9.
   *
   * *Errors:* TypeError for `a < b`, `a + b` and `'' + a`. `sort()` without a comparator reads text and cannot be told apart from a
   * template: write `sort((a, b) => a.compareTo(b))`.
   */
  [Symbol.toPrimitive](hint: PrimitiveHint): string {
    return textOnly(hint, 'decimal', this.toString(), 'compare with a.compareTo(b) < 0, compute with a.toNumber()')
  }

  /** The nearest double; digits beyond about 15 are lost. */
  toNumber(): number {
    return Number(this.toString())
  }

  toString(): string {
    const negative = this.unscaled < 0n
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0')
    const cut = digits.length - this.scale
    const text = this.scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`
    return negative ? `-${text}` : text
  }

  toJSON(): string {
    return this.toString()
  }
}

printAs('number', Decimal)
