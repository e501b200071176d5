/** The text in the cases that names are written in: as given, small, capital, capitalised; a to z always small. */
export function inAnyCase(text: string): readonly string[] {
  const small = text.toLowerCase()
  const capitalised = (letters: RegExp) => small.replace(letters, (letter) => letter.toUpperCase())
  const variants = [text, small, text.toUpperCase(), capitalised(/\p{L}/u), capitalised(/(?<!\p{L})\p{L}/gu)]
  return [...new Set(variants.map((each) => each.replace(/[A-Z]/g, (letter) => letter.toLowerCase())))]
}
