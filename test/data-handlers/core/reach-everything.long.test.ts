import { forRealConfigurations } from '../../configurations.ts'
import { reachesEverything } from './reach-everything.ts'

forRealConfigurations(reachesEverything, 'head')
