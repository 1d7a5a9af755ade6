import { backgroundHosts } from './background.ts'
import { graphqlHosts } from './graphql.ts'
import { messageHosts } from './messages.ts'
import { describePromisedOptions } from './promised-options.ts'
import { providerHosts } from './providers.ts'
import { requestHosts } from './requests.ts'

const hosts = [
  ...requestHosts,
  ...graphqlHosts,
  ...messageHosts,
  ...backgroundHosts,
  ...providerHosts,
]

for (const host of hosts) describePromisedOptions(host)
