/** Somebody who may borrow. */
export interface Member {
  readonly name: string
  readonly email: string
}

/** A request names a member and never an address: a visitor cannot have mail sent to any address. */
export const members: ReadonlyMap<string, Member> = new Map([
  ['ada', { name: 'Ada', email: 'ada@example.com' }],
  ['bo', { name: 'Bo', email: 'bo@example.com' }],
])
