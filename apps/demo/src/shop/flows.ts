import type { Places } from './places.ts'

/** One way in which the shop writes to its customers. */
export interface Flow {
  readonly name: string
  readonly framework: 'Express' | 'NestJS' | 'Next.js'
  /** What the customer gets. */
  readonly letter: string
  /** What of Mailgun it shows. */
  readonly shows: string
  readonly href: (places: Places) => string
  /** The source files that a page shows, the one that sends first. */
  readonly files: readonly string[]
}

export const flows = {
  signUp: {
    name: 'Sign up',
    framework: 'NestJS',
    letter: 'A welcome letter to a new customer.',
    shows:
      '@MailgunOptions() on a class and on a method: a tag each, opens tracked, variables made from the arguments of the call.',
    href: (places) => `${places.accounts}/sign-up`,
    files: ['src/nest/accounts.service.ts', 'src/nest/accounts.module.ts'],
  },
  order: {
    name: 'Order',
    framework: 'Express',
    letter: 'A receipt with the invoice as a PDF.',
    shows:
      'res.mail.render() with the app’s own view engine, an attachment, and mailgunOptions() that turns click tracking off for the route.',
    href: (places) => `${places.shop}/order`,
    files: ['src/express/order-route.ts', 'src/express/views/receipt.html'],
  },
  contact: {
    name: 'Contact',
    framework: 'Next.js',
    letter: 'A question to the shop, with the way back.',
    shows:
      'createMailAction(): a server action with a schema, for a form that works with JavaScript and without.',
    href: (places) => `${places.contact}/contact`,
    files: ['web/app/contact/actions.ts', 'web/app/contact/contact-form.tsx'],
  },
  newsletter: {
    name: 'Newsletter',
    framework: 'Express',
    letter: 'One message to many, each greeted by name.',
    shows:
      'recipientVariables: a copy of their own for everyone, out of one SMTP transaction, delivered tomorrow at nine by deliverBy.',
    href: (places) => `${places.shop}/newsletter`,
    files: ['src/express/newsletter-route.ts', 'src/shop/people.ts'],
  },
} as const satisfies Record<string, Flow>

/** The flows in the order in which the shop shows them. */
export const allFlows: readonly Flow[] = Object.values(flows)
