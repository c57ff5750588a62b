import { startTestApp } from '../app.ts'
import { refusesBadInput } from './bad-input.ts'

refusesBadInput(startTestApp)
