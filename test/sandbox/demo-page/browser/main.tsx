import { render } from 'preact'
import { App } from './app.tsx'
import './page.css'
import './phone.css'
import './chat.css'
import './foot.css'
import './flex/flex.css'
import './guide.css'
import './behind.css'
import './mail/mail.css'
import './motion.css'

render(<App />, document.getElementById('app')!)
