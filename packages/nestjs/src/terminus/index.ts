export { MailgunHealthIndicator, type MailgunPingSettings } from './mailgun.health.ts'
