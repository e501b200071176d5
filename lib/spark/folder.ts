import { join } from 'node:path'

/** Where installed jars, class archives and logs are kept between runs: `.spark` in the project, ignored by git. */
export const sparkFolder = join(import.meta.dirname, '..', '..', '.spark')
