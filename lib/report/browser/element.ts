type Child = Node | string | false | null

/** An element; texts are text whatever is in them. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== false && child !== null))
  return made
}

/** A picture of the same kind as those of the page. */
export function drawn(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Node[]
): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.append(...children)
  return made
}

/** A name that does not turn the text around it. */
export function isolatedName(name: string): HTMLElement {
  return element('bdi', {}, name)
}

// Made once: a formatter costs more than all that it formats.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const small = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** `12,500`. */
export function counted(value: number): string {
  return (Math.abs(value) < 10 ? small : whole).format(value)
}

export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind
}
