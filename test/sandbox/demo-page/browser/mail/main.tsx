import { render } from 'preact'
import '../page.css'
import './mail.css'
import { MailPage } from './mail-page.tsx'

render(<MailPage />, document.getElementById('app')!)
