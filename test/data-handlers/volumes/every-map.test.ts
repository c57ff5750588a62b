import { DEMO_CONFIGURATION } from '../../configurations.ts'
import { answersForEveryMap } from './every-map.ts'

answersForEveryMap(DEMO_CONFIGURATION)
