import { type PrimitiveHint, printAs, textOnly } from './printed.ts'

/** A point, line or area (Spark's GEOMETRY and GEOGRAPHY): well-known binary and the id of its reference system. */
export class Geo {
  readonly srid: number
  readonly wkb: Uint8Array

  constructor(srid: number, wkb: Uint8Array) {
    this.srid = srid
    this.wkb = wkb
  }

  /** *Errors:* TypeError for `a < b`: places have no order. */
  [Symbol.toPrimitive](hint: PrimitiveHint): string {
    return textOnly(hint, 'place', this.toString(), 'compare srid and wkb')
  }

  /** "SRID=4326;0101…": the reference system, then the well-known binary in hexadecimal, as PostGIS writes it. */
  toString(): string {
    return `SRID=${this.srid};${Buffer.from(this.wkb).toString('hex')}`
  }

  toJSON(): { srid: number; wkb: string } {
    return { srid: this.srid, wkb: Buffer.from(this.wkb).toString('hex') }
  }
}

printAs('date', Geo)
