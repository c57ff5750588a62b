import { render } from 'preact'
import { App } from './app.tsx'
import { followAddress } from './state/address.ts'
import { followChoice, loadAtlases } from './state/atlas.ts'
import { report } from './state/problems.ts'
import './theme.css'

followAddress()
followChoice()
loadAtlases().catch(report)
render(<App />, document.getElementById('app') as HTMLElement)
