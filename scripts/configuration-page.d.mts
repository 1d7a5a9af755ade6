/** docs/configuration.md, as it should be. */
export function configurationPage(): string
