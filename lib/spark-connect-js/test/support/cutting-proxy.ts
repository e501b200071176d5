import { connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  readonly port: number
  /** Connections accepted so far. */
  readonly connections: () => number
  /** From now on nothing passes in either direction, but the connections stay open: a half-dead network. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/**
 * A TCP relay that cuts connections: the n-th one after `cuts[n]` bytes from the server, the rest never.
 * What is cut inside a frame is what a dying network or server leaves.
 */
export async function cuttingProxy(targetPort: number, cuts: readonly number[] = []): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  let frozen = false
  const server = createServer((near) => {
    const cutAfterBytes = cuts[connections++] ?? Number.POSITIVE_INFINITY
    let passedBytes = 0
    const far = connect(targetPort, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (data) => {
      if (!frozen) far.write(data)
    })
    far.on('data', (data) => {
      if (frozen) return
      const left = cutAfterBytes - passedBytes
      if (data.length < left) {
        passedBytes += data.length
        near.write(data)
        return
      }
      near.write(data.subarray(0, left), () => near.resetAndDestroy())
      far.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    connections: () => connections,
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
