/*
 * Code pages that the WHATWG Encoding Standard, and with it TextDecoder, does not have: those of DOS in the west.
 */

// The characters of the bytes 128 to 255.
const upperHalves: Readonly<Record<string, string>> = {
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
}

const aliases: Readonly<Record<string, string>> = {
  ibm850: 'cp850',
  'dos-850': 'cp850',
  '850': 'cp850',
  ibm437: 'cp437',
  'dos-437': 'cp437',
  '437': 'cp437',
  cp1251: 'windows-1251',
  'mac-roman': 'macintosh',
  macroman: 'macintosh',
  'shift-jis': 'shift_jis',
}

/** Turns the bytes of a file into text, block by block. */
export interface BlockDecoder {
  /** The last call, without bytes, gives what is left. */
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string
}

/** The name by which an encoding is known here; undefined for one that is not. */
export function encodingName(label: string): string | undefined {
  const lower = label.trim().toLowerCase()
  const known = aliases[lower] ?? lower
  if (known in upperHalves) return known
  try {
    return new TextDecoder(known).encoding
  } catch {
    return undefined
  }
}

/** A decoder for an encoding of `encodingName`. */
export function decoderOf(name: string): BlockDecoder {
  const upper = upperHalves[name]
  if (upper === undefined) return new TextDecoder(name)
  return {
    // Latin-1 has the bytes' own numbers as characters.
    decode: (bytes = new Uint8Array()) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[\u0080-\u00ff]/g, (character) => upper[character.charCodeAt(0) - 128]!),
  }
}
