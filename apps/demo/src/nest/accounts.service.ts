import { MailgunOptions, MailgunService, type Receipt } from '@mailgun-smtp/nestjs'
import { Injectable } from '@nestjs/common'
import { shopMailbox } from '../shop/brand.ts'
import { letter } from '../shop/letter.ts'
import type { Account } from './account.ts'
import { welcome } from './welcome.ts'

/** Writes to people about their account. */
@Injectable()
@MailgunOptions({ tags: ['account'], trackOpens: true })
export class AccountsService {
  constructor(private readonly mailgun: MailgunService) {}

  /** Tagged `account` and `welcome`, opens tracked, with two variables. */
  @MailgunOptions((account: Account) => ({
    tags: ['welcome'],
    variables: { account: account.id, paper: account.paper },
  }))
  welcome(account: Account): Promise<Receipt> {
    const { subject, paragraphs } = welcome(account)
    return this.mailgun.send({
      from: shopMailbox('hello'),
      to: { name: account.name, address: account.email },
      subject,
      text: paragraphs.join('\n\n'),
      html: letter(subject, paragraphs),
    })
  }
}
