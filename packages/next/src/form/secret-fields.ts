/** Whether a field, by its name, holds what no page should show again. */
export function isSecret(name: string): boolean {
  return /passw|passphrase|secret|token/i.test(name)
}
