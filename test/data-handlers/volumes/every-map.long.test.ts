import { forRealConfigurations } from '../../configurations.ts'
import { answersForEveryMap } from './every-map.ts'

forRealConfigurations(answersForEveryMap, 'head')
