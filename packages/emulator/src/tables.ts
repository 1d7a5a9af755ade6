/** The tables that docs/emulator-replies.md and docs/emulator-faults.md are generated from; no door of the package. */
export { formerReplies } from './smtp/former-replies.ts'
export { stages } from './faults/stages.ts'
export { refusals } from './policy/refusals.ts'
export { replies } from './smtp/replies.ts'
