import { DEMO_CONFIGURATION } from '../../configurations.ts'
import { reachesEverything } from './reach-everything.ts'

reachesEverything(DEMO_CONFIGURATION)
