import { MailgunHealthIndicator } from '@mailgun-smtp/nestjs/terminus'
import { Controller, Get } from '@nestjs/common'
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus'

@Controller('health')
export class HealthController {
  private readonly health: HealthCheckService
  private readonly mailgun: MailgunHealthIndicator

  constructor(health: HealthCheckService, mailgun: MailgunHealthIndicator) {
    this.health = health
    this.mailgun = mailgun
  }

  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    return this.health.check([() => this.mailgun.pingCheck('mailgun')])
  }
}
