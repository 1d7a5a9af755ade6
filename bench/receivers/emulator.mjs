// The emulator, asking for no login: smtp-source knows none.
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { serve } from './serve.mjs'

const emulator = await createMailgunEmulator({
  credentials: 'none',
  httpPort: false,
  securePort: false,
})
serve(emulator.port)
