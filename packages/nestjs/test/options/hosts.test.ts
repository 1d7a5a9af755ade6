import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MailgunModule, type MailgunOptions } from '../../src/index.ts'
import { backgroundHosts } from '../scene/hosts/background.ts'
import { graphqlHosts } from '../scene/hosts/graphql.ts'
import { handlerClass, merged, Postbox, type Order } from '../scene/hosts/handler.ts'
import type { OpenHost } from '../scene/hosts/host.ts'
import { messageHosts } from '../scene/hosts/messages.ts'
import { providerHosts } from '../scene/hosts/providers.ts'
import { requestHosts } from '../scene/hosts/requests.ts'

const hosts = [
  ...requestHosts,
  ...graphqlHosts,
  ...messageHosts,
  ...backgroundHosts,
  ...providerHosts,
]

// The promise that every host keeps: its handlers' mails have the merged options, and no others have any.
describe.each(hosts)('$name', (host) => {
  const orders: readonly Order[] = ['above', 'below']
  const cases = host.consumes.flatMap((returned) => orders.map((order) => ({ returned, order })))
  // Names that every host can have: GraphQL takes letters and digits only.
  const rows = cases.map((row, at) => ({ ...row, inside: `inside${at}`, beside: `beside${at}` }))
  let emulator: MailgunEmulator
  let open: OpenHost

  beforeAll(async () => {
    emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    open = await host.open(
      {
        imports: [MailgunModule.forRoot({ ...emulator.transport, logger: false })],
        providers: [Postbox],
      },
      new Map(
        rows.flatMap(({ returned, order, inside, beside }) => [
          [inside, handlerClass(host, inside, returned, order)] as const,
          [beside, handlerClass(host, beside, returned)] as const,
        ]),
      ),
    )
  })
  afterAll(async () => {
    await open.close()
    await emulator.close()
  })

  async function optionsOf(subject: string): Promise<MailgunOptions> {
    return (await emulator.waitFor({ subject })).submission.options
  }

  it.each(rows.map((row) => [row.returned, row.order, row] as const))(
    'sends with the merged options when it returns %s, ours %s the others, and with none beside',
    async (_returned, _order, { inside, beside }) => {
      await Promise.all([open.call(inside), open.call(beside)])

      expect(await optionsOf(inside)).toEqual(merged)
      expect(await optionsOf(beside)).toEqual({})
    },
  )
})
