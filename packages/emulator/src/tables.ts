/** The tables that the emulator's pages of docs/ are generated from; not a door of the package. */
export { findingRules } from './diagnostics/findings.ts'
export { ownDiagnostics } from './diagnostics/own-diagnostics.ts'
export { formerReplies } from './smtp/former-replies.ts'
export { stages } from './faults/stages.ts'
export { refusals } from './policy/refusals.ts'
export { replies } from './smtp/replies.ts'
