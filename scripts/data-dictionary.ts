import { writeFileSync } from 'node:fs'
import { dataDictionary } from '../lib/store/index.ts'

writeFileSync(new URL('../docs/data-dictionary.md', import.meta.url), dataDictionary())
