// Checked by `tsc --noEmit`, never run: frames of 200 columns, 60 withColumn in a row, 60 joins.
// The compiler gives up at some 45 joins; a row type with a name in the middle starts anew.
import type { DataFrame } from '../../src/index.ts'

interface Wide {
  c0: bigint | null
  c1: string
  c2: string
  c3: bigint | null
  c4: string
  c5: string
  c6: bigint | null
  c7: string
  c8: string
  c9: bigint | null
  c10: string
  c11: string
  c12: bigint | null
  c13: string
  c14: string
  c15: bigint | null
  c16: string
  c17: string
  c18: bigint | null
  c19: string
  c20: string
  c21: bigint | null
  c22: string
  c23: string
  c24: bigint | null
  c25: string
  c26: string
  c27: bigint | null
  c28: string
  c29: string
  c30: bigint | null
  c31: string
  c32: string
  c33: bigint | null
  c34: string
  c35: string
  c36: bigint | null
  c37: string
  c38: string
  c39: bigint | null
  c40: string
  c41: string
  c42: bigint | null
  c43: string
  c44: string
  c45: bigint | null
  c46: string
  c47: string
  c48: bigint | null
  c49: string
  c50: string
  c51: bigint | null
  c52: string
  c53: string
  c54: bigint | null
  c55: string
  c56: string
  c57: bigint | null
  c58: string
  c59: string
  c60: bigint | null
  c61: string
  c62: string
  c63: bigint | null
  c64: string
  c65: string
  c66: bigint | null
  c67: string
  c68: string
  c69: bigint | null
  c70: string
  c71: string
  c72: bigint | null
  c73: string
  c74: string
  c75: bigint | null
  c76: string
  c77: string
  c78: bigint | null
  c79: string
  c80: string
  c81: bigint | null
  c82: string
  c83: string
  c84: bigint | null
  c85: string
  c86: string
  c87: bigint | null
  c88: string
  c89: string
  c90: bigint | null
  c91: string
  c92: string
  c93: bigint | null
  c94: string
  c95: string
  c96: bigint | null
  c97: string
  c98: string
  c99: bigint | null
  c100: string
  c101: string
  c102: bigint | null
  c103: string
  c104: string
  c105: bigint | null
  c106: string
  c107: string
  c108: bigint | null
  c109: string
  c110: string
  c111: bigint | null
  c112: string
  c113: string
  c114: bigint | null
  c115: string
  c116: string
  c117: bigint | null
  c118: string
  c119: string
  c120: bigint | null
  c121: string
  c122: string
  c123: bigint | null
  c124: string
  c125: string
  c126: bigint | null
  c127: string
  c128: string
  c129: bigint | null
  c130: string
  c131: string
  c132: bigint | null
  c133: string
  c134: string
  c135: bigint | null
  c136: string
  c137: string
  c138: bigint | null
  c139: string
  c140: string
  c141: bigint | null
  c142: string
  c143: string
  c144: bigint | null
  c145: string
  c146: string
  c147: bigint | null
  c148: string
  c149: string
  c150: bigint | null
  c151: string
  c152: string
  c153: bigint | null
  c154: string
  c155: string
  c156: bigint | null
  c157: string
  c158: string
  c159: bigint | null
  c160: string
  c161: string
  c162: bigint | null
  c163: string
  c164: string
  c165: bigint | null
  c166: string
  c167: string
  c168: bigint | null
  c169: string
  c170: string
  c171: bigint | null
  c172: string
  c173: string
  c174: bigint | null
  c175: string
  c176: string
  c177: bigint | null
  c178: string
  c179: string
  c180: bigint | null
  c181: string
  c182: string
  c183: bigint | null
  c184: string
  c185: string
  c186: bigint | null
  c187: string
  c188: string
  c189: bigint | null
  c190: string
  c191: string
  c192: bigint | null
  c193: string
  c194: string
  c195: bigint | null
  c196: string
  c197: string
  c198: bigint | null
  c199: string
}
declare const wide: DataFrame<Wide>
export const renamed = wide.withColumns((c) => ({
  w0: c.c0,
  w1: c.c1,
  w2: c.c2,
  w3: c.c3,
  w4: c.c4,
  w5: c.c5,
  w6: c.c6,
  w7: c.c7,
  w8: c.c8,
  w9: c.c9,
  w10: c.c10,
  w11: c.c11,
  w12: c.c12,
  w13: c.c13,
  w14: c.c14,
  w15: c.c15,
  w16: c.c16,
  w17: c.c17,
  w18: c.c18,
  w19: c.c19,
  w20: c.c20,
  w21: c.c21,
  w22: c.c22,
  w23: c.c23,
  w24: c.c24,
  w25: c.c25,
  w26: c.c26,
  w27: c.c27,
  w28: c.c28,
  w29: c.c29,
  w30: c.c30,
  w31: c.c31,
  w32: c.c32,
  w33: c.c33,
  w34: c.c34,
  w35: c.c35,
  w36: c.c36,
  w37: c.c37,
  w38: c.c38,
  w39: c.c39,
  w40: c.c40,
  w41: c.c41,
  w42: c.c42,
  w43: c.c43,
  w44: c.c44,
  w45: c.c45,
  w46: c.c46,
  w47: c.c47,
  w48: c.c48,
  w49: c.c49,
  w50: c.c50,
  w51: c.c51,
  w52: c.c52,
  w53: c.c53,
  w54: c.c54,
  w55: c.c55,
  w56: c.c56,
  w57: c.c57,
  w58: c.c58,
  w59: c.c59,
  w60: c.c60,
  w61: c.c61,
  w62: c.c62,
  w63: c.c63,
  w64: c.c64,
  w65: c.c65,
  w66: c.c66,
  w67: c.c67,
  w68: c.c68,
  w69: c.c69,
  w70: c.c70,
  w71: c.c71,
  w72: c.c72,
  w73: c.c73,
  w74: c.c74,
  w75: c.c75,
  w76: c.c76,
  w77: c.c77,
  w78: c.c78,
  w79: c.c79,
  w80: c.c80,
  w81: c.c81,
  w82: c.c82,
  w83: c.c83,
  w84: c.c84,
  w85: c.c85,
  w86: c.c86,
  w87: c.c87,
  w88: c.c88,
  w89: c.c89,
  w90: c.c90,
  w91: c.c91,
  w92: c.c92,
  w93: c.c93,
  w94: c.c94,
  w95: c.c95,
  w96: c.c96,
  w97: c.c97,
  w98: c.c98,
  w99: c.c99,
  w100: c.c100,
  w101: c.c101,
  w102: c.c102,
  w103: c.c103,
  w104: c.c104,
  w105: c.c105,
  w106: c.c106,
  w107: c.c107,
  w108: c.c108,
  w109: c.c109,
  w110: c.c110,
  w111: c.c111,
  w112: c.c112,
  w113: c.c113,
  w114: c.c114,
  w115: c.c115,
  w116: c.c116,
  w117: c.c117,
  w118: c.c118,
  w119: c.c119,
  w120: c.c120,
  w121: c.c121,
  w122: c.c122,
  w123: c.c123,
  w124: c.c124,
  w125: c.c125,
  w126: c.c126,
  w127: c.c127,
  w128: c.c128,
  w129: c.c129,
  w130: c.c130,
  w131: c.c131,
  w132: c.c132,
  w133: c.c133,
  w134: c.c134,
  w135: c.c135,
  w136: c.c136,
  w137: c.c137,
  w138: c.c138,
  w139: c.c139,
  w140: c.c140,
  w141: c.c141,
  w142: c.c142,
  w143: c.c143,
  w144: c.c144,
  w145: c.c145,
  w146: c.c146,
  w147: c.c147,
  w148: c.c148,
  w149: c.c149,
  w150: c.c150,
  w151: c.c151,
  w152: c.c152,
  w153: c.c153,
  w154: c.c154,
  w155: c.c155,
  w156: c.c156,
  w157: c.c157,
  w158: c.c158,
  w159: c.c159,
  w160: c.c160,
  w161: c.c161,
  w162: c.c162,
  w163: c.c163,
  w164: c.c164,
  w165: c.c165,
  w166: c.c166,
  w167: c.c167,
  w168: c.c168,
  w169: c.c169,
  w170: c.c170,
  w171: c.c171,
  w172: c.c172,
  w173: c.c173,
  w174: c.c174,
  w175: c.c175,
  w176: c.c176,
  w177: c.c177,
  w178: c.c178,
  w179: c.c179,
  w180: c.c180,
  w181: c.c181,
  w182: c.c182,
  w183: c.c183,
  w184: c.c184,
  w185: c.c185,
  w186: c.c186,
  w187: c.c187,
  w188: c.c188,
  w189: c.c189,
  w190: c.c190,
  w191: c.c191,
  w192: c.c192,
  w193: c.c193,
  w194: c.c194,
  w195: c.c195,
  w196: c.c196,
  w197: c.c197,
  w198: c.c198,
  w199: c.c199,
}))
export const chained = wide
  .withColumn('x0', (c) => c.c0)
  .withColumn('x1', (c) => c.c1)
  .withColumn('x2', (c) => c.c2)
  .withColumn('x3', (c) => c.c3)
  .withColumn('x4', (c) => c.c4)
  .withColumn('x5', (c) => c.c5)
  .withColumn('x6', (c) => c.c6)
  .withColumn('x7', (c) => c.c7)
  .withColumn('x8', (c) => c.c8)
  .withColumn('x9', (c) => c.c9)
  .withColumn('x10', (c) => c.c10)
  .withColumn('x11', (c) => c.c11)
  .withColumn('x12', (c) => c.c12)
  .withColumn('x13', (c) => c.c13)
  .withColumn('x14', (c) => c.c14)
  .withColumn('x15', (c) => c.c15)
  .withColumn('x16', (c) => c.c16)
  .withColumn('x17', (c) => c.c17)
  .withColumn('x18', (c) => c.c18)
  .withColumn('x19', (c) => c.c19)
  .withColumn('x20', (c) => c.c20)
  .withColumn('x21', (c) => c.c21)
  .withColumn('x22', (c) => c.c22)
  .withColumn('x23', (c) => c.c23)
  .withColumn('x24', (c) => c.c24)
  .withColumn('x25', (c) => c.c25)
  .withColumn('x26', (c) => c.c26)
  .withColumn('x27', (c) => c.c27)
  .withColumn('x28', (c) => c.c28)
  .withColumn('x29', (c) => c.c29)
  .withColumn('x30', (c) => c.c30)
  .withColumn('x31', (c) => c.c31)
  .withColumn('x32', (c) => c.c32)
  .withColumn('x33', (c) => c.c33)
  .withColumn('x34', (c) => c.c34)
  .withColumn('x35', (c) => c.c35)
  .withColumn('x36', (c) => c.c36)
  .withColumn('x37', (c) => c.c37)
  .withColumn('x38', (c) => c.c38)
  .withColumn('x39', (c) => c.c39)
  .withColumn('x40', (c) => c.c40)
  .withColumn('x41', (c) => c.c41)
  .withColumn('x42', (c) => c.c42)
  .withColumn('x43', (c) => c.c43)
  .withColumn('x44', (c) => c.c44)
  .withColumn('x45', (c) => c.c45)
  .withColumn('x46', (c) => c.c46)
  .withColumn('x47', (c) => c.c47)
  .withColumn('x48', (c) => c.c48)
  .withColumn('x49', (c) => c.c49)
  .withColumn('x50', (c) => c.c50)
  .withColumn('x51', (c) => c.c51)
  .withColumn('x52', (c) => c.c52)
  .withColumn('x53', (c) => c.c53)
  .withColumn('x54', (c) => c.c54)
  .withColumn('x55', (c) => c.c55)
  .withColumn('x56', (c) => c.c56)
  .withColumn('x57', (c) => c.c57)
  .withColumn('x58', (c) => c.c58)
  .withColumn('x59', (c) => c.c59)

interface Side {
  id: bigint
  name: string
}
declare const side: DataFrame<Side>
interface Half extends Side {
  j0: string | null
  j1: string | null
  j2: string | null
  j3: string | null
  j4: string | null
  j5: string | null
  j6: string | null
  j7: string | null
  j8: string | null
  j9: string | null
  j10: string | null
  j11: string | null
  j12: string | null
  j13: string | null
  j14: string | null
  j15: string | null
  j16: string | null
  j17: string | null
  j18: string | null
  j19: string | null
  j20: string | null
  j21: string | null
  j22: string | null
  j23: string | null
  j24: string | null
  j25: string | null
  j26: string | null
  j27: string | null
  j28: string | null
  j29: string | null
  j30: string | null
  j31: string | null
  j32: string | null
  j33: string | null
  j34: string | null
  j35: string | null
  j36: string | null
  j37: string | null
  j38: string | null
  j39: string | null
}
const half: DataFrame<Half> = side
  .join(
    side.select((c) => ({ id: c.id, j0: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j1: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j2: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j3: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j4: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j5: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j6: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j7: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j8: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j9: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j10: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j11: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j12: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j13: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j14: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j15: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j16: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j17: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j18: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j19: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j20: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j21: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j22: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j23: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j24: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j25: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j26: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j27: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j28: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j29: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j30: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j31: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j32: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j33: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j34: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j35: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j36: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j37: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j38: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j39: c.name })),
    'id',
    'left',
  )
export const joined = half
  .join(
    side.select((c) => ({ id: c.id, j40: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j41: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j42: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j43: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j44: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j45: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j46: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j47: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j48: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j49: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j50: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j51: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j52: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j53: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j54: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j55: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j56: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j57: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j58: c.name })),
    'id',
    'left',
  )
  .join(
    side.select((c) => ({ id: c.id, j59: c.name })),
    'id',
    'left',
  )
export const last: DataFrame<{ j: string | null }> = joined.select((c) => ({ j: c.j59 }))
// @ts-expect-error there is no 61st
joined.select((c) => ({ j: c.j60 }))
