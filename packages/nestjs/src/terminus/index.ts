export { MailgunHealthIndicator, type MailgunPingSettings } from './mailgun.health-indicator.ts'
