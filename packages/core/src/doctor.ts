/** Finds out whether mail can be sent as configured, and if not, why. */
export type { Judgement } from './doctor/advice.ts'
export { diagnose, type DiagnoseSettings, type Diagnosis } from './doctor/diagnose.ts'
export type { PortReport } from './doctor/port-examination.ts'
export type { Hindrance, PortFault, Refusal, Step } from './doctor/port-faults.ts'
export type { ServerReport } from './doctor/server-examination.ts'
export type { TlsReport } from './doctor/tls-report.ts'
