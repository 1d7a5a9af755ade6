import { describe, expect, it } from 'vitest'
import { currentMailgunOptions, MailgunOptions, withMailgunOptions } from '../../src/index.ts'

const seen = (): MailgunOptions | undefined => currentMailgunOptions()
const tags = (): readonly string[] => currentMailgunOptions()?.tags ?? []

describe('on a class, @MailgunOptions()', () => {
  @MailgunOptions({ tags: ['class'], track: true, variables: { from: 'class' } })
  class Mails {
    plain(): MailgunOptions | undefined {
      return seen()
    }

    @MailgunOptions({ tags: ['method'], track: false, variables: { by: 'method' } })
    own(): MailgunOptions | undefined {
      return this.plain()
    }

    get accessor(): MailgunOptions | undefined {
      return seen()
    }

    [Symbol.iterator](): Iterator<unknown> {
      return [seen()].values()
    }
  }

  it('holds for every method, also one named by a symbol, and for no accessor', () => {
    const mails = new Mails()

    expect(mails.plain()).toMatchObject({ tags: ['class'], track: true })
    expect([...mails]).toMatchObject([{ tags: ['class'] }])
    expect(mails.accessor).toBeUndefined()
  })

  it("merges the method's over the class's, also for what the method calls on its own class", () => {
    expect(new Mails().own()).toEqual({
      tags: ['class', 'method'],
      track: false,
      variables: { from: 'class', by: 'method' },
    })
  })

  it("enters the class's options again when a call comes back from another class", () => {
    @MailgunOptions({ track: false })
    class Other {
      through(mails: Mails): MailgunOptions | undefined {
        return mails.plain()
      }
    }
    @MailgunOptions({ tags: ['first'] })
    class First extends Mails {
      start(): MailgunOptions | undefined {
        return new Other().through(this)
      }
    }

    expect(new First().start()).toMatchObject({ tags: ['class', 'first'], track: true })
  })

  it('holds for a method taken off its object', () => {
    const taken = (name: string): (() => MailgunOptions) =>
      Reflect.get(Mails.prototype, name) as () => MailgunOptions
    const plain = taken('plain')

    expect(plain()).toMatchObject({ tags: ['class'] })
    expect(Reflect.apply(taken('own'), { plain }, [])).toMatchObject({
      tags: ['class', 'method'],
      track: false,
    })
  })

  it("merges a subclass's over the base's, along the chain", () => {
    class Middle extends Mails {}
    @MailgunOptions({ tags: ['sub'], track: null })
    class Sub extends Middle {
      added(): MailgunOptions | undefined {
        return seen()
      }
      override own(): MailgunOptions | undefined {
        return super.own()
      }
    }

    expect(new Sub().plain()).toEqual({ tags: ['class', 'sub'], variables: { from: 'class' } })
    expect(new Sub().added()).toEqual({ tags: ['class', 'sub'], variables: { from: 'class' } })
    expect(new Sub().own()).toEqual({
      tags: ['class', 'sub', 'method'],
      track: false,
      variables: { from: 'class', by: 'method' },
    })
    expect(new Mails().plain()).toMatchObject({ tags: ['class'], track: true })
  })

  it('reaches methods inherited from a class without options, as they are at the call', () => {
    class Base {
      greet(): string {
        return `hello ${tags().join()}`
      }
    }
    @MailgunOptions({ tags: ['sub'] })
    class Sub extends Base {}
    const before = new Sub().greet()

    Base.prototype.greet = () => `goodbye ${tags().join()}`

    expect([before, new Sub().greet(), new Base().greet()]).toEqual([
      'hello sub',
      'goodbye sub',
      'goodbye ',
    ])
  })

  it('starts from nothing with inherit: false, and calls a function with the arguments', () => {
    @MailgunOptions((id: string) => ({ tags: [id] }), { inherit: false })
    class Alone extends Mails {
      run(_id: string): MailgunOptions | undefined {
        return seen()
      }
    }

    const found = withMailgunOptions({ dkim: true }, () => new Alone().run('a'))

    expect(found).toEqual({ tags: ['a'] })
  })
})
