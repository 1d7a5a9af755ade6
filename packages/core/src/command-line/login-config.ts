import type { MailgunConfig } from '../config/config.ts'
import { parseConfigUrl } from '../config/config-url.ts'
import { readEnvironment } from '../config/environment.ts'
import type { Terminal } from './terminal.ts'

/** The config of a command: its `--url`, otherwise the environment. Throws `ConfigError`. */
export function readLoginConfig(url: string | undefined, terminal: Terminal): MailgunConfig {
  return url === undefined ? readEnvironment(terminal.environment) : parseConfigUrl(url)
}
