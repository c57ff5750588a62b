import { DEMO_CONFIGURATION } from '../../configurations.ts'
import { walksOverFeatures } from './walk.ts'

walksOverFeatures(DEMO_CONFIGURATION)
