// The receiving end of send.mjs.
import { createMailgunEmulator } from '@mailgun-smtp/emulator'

const emulator = await createMailgunEmulator({ httpPort: false })
process.send?.(emulator.transport)
process.once('disconnect', () => process.exit())
