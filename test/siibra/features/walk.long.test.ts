import { forRealConfigurations } from '../../configurations.ts'
import { walksOverFeatures } from './walk.ts'

forRealConfigurations(walksOverFeatures, 'v04', 'head')
