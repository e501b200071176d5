/**
 * The same items, but the first one is asked for at once: so a query runs on the server while the result of another one is
 * being written here. *Memory:* one item more. *Errors:* come when the item is taken, as without this.
 */
export function ahead<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const items = source[Symbol.asyncIterator]()
  const first = items.next()
  // Nobody may come to take it, if another query fails before.
  first.catch(() => {})
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let item = await first; !item.done; item = await items.next()) yield item.value
      } finally {
        await items.return?.()
      }
    },
  }
}
