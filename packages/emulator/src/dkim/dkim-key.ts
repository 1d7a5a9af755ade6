import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** What a domain would publish for its signatures to be verified. */
export interface DkimRecord {
  /** In lower case. */
  readonly domain: string
  readonly selector: string
  /** Where the record is in DNS: `s1._domainkey.mg.example.com`. */
  readonly name: string
  /** The content of the TXT record. */
  readonly record: string
}

/** The selector that Mailgun's manual shows. */
export const dkimSelector = 's1'

let made: KeyObject | undefined

/** RSA of 2048 bits, made when it is first needed. All domains of a process share it, as making one takes a while. */
export function dkimKey(): KeyObject {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return made
}

export function dkimRecord(domain: string, selector: string = dkimSelector): DkimRecord {
  const publicKey = createPublicKey(dkimKey()).export({ type: 'spki', format: 'der' })
  const name = domain.toLowerCase()
  return {
    domain: name,
    selector,
    name: `${selector}._domainkey.${name}`,
    record: `k=rsa; p=${publicKey.toString('base64')}`,
  }
}

/** Whether a tag of a signature can hold it; a domain may come from an envelope that was not checked. */
export function isHostName(name: string): boolean {
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(name)
}
