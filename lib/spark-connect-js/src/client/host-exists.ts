import { promises } from 'node:dns'

/**
 * False if the name service says that there is no such name; true if it knows it or does not answer (EAI_AGAIN), so that
 * the name may be looked up again. gRPC's own error does not tell these apart.
 */
export async function hostExists(host: string): Promise<boolean> {
  try {
    await promises.lookup(host)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOTFOUND'
  }
}
