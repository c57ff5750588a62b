import { render } from 'preact'
import { App } from './app.tsx'
import { followAddress } from './state/address.ts'
import { followChoice, loadAtlases } from './state/atlas.ts'
import { report } from './state/problems.ts'
import './style/theme.css'
import './style/layout.css'
import './style/viewer.css'
import './style/panel.css'

followAddress()
followChoice()
loadAtlases().catch(report)
const root = document.getElementById('app') as HTMLElement
root.replaceChildren()
render(<App />, root)
