import { mailgunOptions } from '@mailgun-smtp/express'
import { Router } from 'express'
import { shopMailbox } from '../shop/brand.ts'
import { sentMail } from '../shop/sent-mail.ts'
import { invoice } from './invoice.ts'
import { readOrder, receiptLines, receiptText } from './order.ts'

/** Takes an order and sends its receipt. */
export const orderRoute: Router = Router()

orderRoute.post(
  '/order',
  mailgunOptions({ tags: ['order'], trackClicks: false }),
  async (req, res) => {
    const order = readOrder(req.body)
    const receipt = await res.mail.render('receipt', receiptLines(order), {
      from: shopMailbox('orders'),
      to: { name: order.name, address: order.email },
      subject: `Your order ${order.number}`,
      text: receiptText(order),
      attachments: [await invoice(order)],
      mailgun: { variables: { order: order.number } },
    })
    res.redirect(303, `/order/sent/${sentMail.keep(receipt)}`)
  },
)
