import 'reflect-metadata'
import { setImmediate as turn } from 'node:timers/promises'
import { InvalidOptionError } from '@mailgun-smtp/core'
import { describe, expect, it } from 'vitest'
import { currentMailgunOptions, MailgunOptions, withMailgunOptions } from '../../src/index.ts'

const seen = (): MailgunOptions | undefined => currentMailgunOptions()
const tags = (): readonly string[] => currentMailgunOptions()?.tags ?? []

describe('on a method', () => {
  class Mails {
    readonly prefix = 'order-'

    @MailgunOptions({ tags: ['sync'] })
    sync(): readonly string[] {
      return tags()
    }

    @MailgunOptions({ tags: ['async'] })
    async async(): Promise<readonly string[]> {
      await turn()
      return tags()
    }

    @MailgunOptions(function (this: Mails, id: number) {
      return { variables: { id: this.prefix + id } }
    })
    @MailgunOptions({ tags: ['inner'], track: true })
    @MailgunOptions({ tags: ['innermost'], track: false })
    stacked(_id: number): MailgunOptions | undefined {
      return seen()
    }

    @MailgunOptions({ tags: ['outer'], requireTls: true })
    outer(): MailgunOptions | undefined {
      return this.inner()
    }

    @MailgunOptions({ tags: ['inner'] })
    inner(): MailgunOptions | undefined {
      return seen()
    }

    @MailgunOptions({ tags: ['alone'] }, { inherit: false })
    alone(): MailgunOptions | undefined {
      return seen()
    }

    @MailgunOptions({ tags: ['later'] })
    forget(done: (tags: readonly string[]) => void): void {
      setTimeout(() => done(tags()), 1)
    }

    @MailgunOptions({ tags: ['static'] })
    static shared(): readonly string[] {
      return tags()
    }
  }
  const mails = new Mails()

  it('holds while the method runs, without Nest, and no longer', async () => {
    const running = mails.async()

    expect(mails.sync()).toEqual(['sync'])
    expect(seen()).toBeUndefined()
    expect(await running).toEqual(['async'])
    expect(Mails.shared()).toEqual(['static'])
  })

  it('holds for what the method leaves running', async () => {
    expect(await new Promise((resolve) => mails.forget(resolve))).toEqual(['later'])
  })

  it('reads several decorators from the top, and calls a function with the arguments and this', () => {
    expect(mails.stacked(7)).toEqual({
      tags: ['inner', 'innermost'],
      track: false,
      variables: { id: 'order-7' },
    })
  })

  it('merges over the scope around, unless it is told not to', () => {
    const around = { tags: ['around'], track: false } as const

    expect(withMailgunOptions(around, () => mails.outer())).toEqual({
      tags: ['around', 'outer', 'inner'],
      requireTls: true,
      track: false,
    })
    expect(withMailgunOptions(around, () => mails.alone())).toEqual({ tags: ['alone'] })
  })

  it('keeps forty concurrent calls apart', async () => {
    class Jobs {
      @MailgunOptions((id: number) => ({ tags: [`job-${id}`] }))
      async run(id: number): Promise<readonly string[]> {
        for (let left = id % 5; left >= 0; left--) await turn()
        return tags()
      }
    }
    const jobs = new Jobs()
    const ids = Array.from({ length: 40 }, (_, id) => id)

    const found = await Promise.all(ids.map((id) => jobs.run(id)))

    expect(found).toEqual(ids.map((id) => [`job-${id}`]))
  })

  it('rejects, and does not throw, when the function of an async method fails', async () => {
    class Failing {
      @MailgunOptions(() => {
        throw new RangeError('no')
      })
      async run(): Promise<void> {}
      @MailgunOptions((() => Promise.resolve({})) as unknown as () => MailgunOptions)
      sync(): void {}
    }

    await expect(new Failing().run()).rejects.toThrow(RangeError)
    expect(() => new Failing().sync()).toThrow(/must return options, not a promise/)
  })
})

describe('beside other decorators', () => {
  const Mark =
    (value: string): MethodDecorator =>
    (_target, _name, descriptor) => {
      if (typeof descriptor.value === 'function') {
        Reflect.defineMetadata('mark', value, descriptor.value)
      }
    }

  class Mails {
    @MailgunOptions({ tags: ['a'] })
    @Mark('above')
    above(_one: number, _two: number): readonly string[] {
      return tags()
    }
    @Mark('below')
    @MailgunOptions({ tags: ['b'] })
    below(_one: number): readonly string[] {
      return tags()
    }
  }

  it('works in any order: metadata, name and length stay', () => {
    const [above, below] = ['above', 'below'].map(
      (name) => Reflect.get(Mails.prototype, name) as () => unknown,
    ) as [() => unknown, () => unknown]

    expect([above, below].map((method) => [method.name, method.length])).toEqual([
      ['above', 2],
      ['below', 1],
    ])
    expect(Reflect.getMetadata('mark', above)).toBe('above')
    expect(Reflect.getMetadata('mark', below)).toBe('below')
    expect(new Mails().below(1)).toEqual(['b'])
  })

  it('refuses options that cannot be sent, where they are written', () => {
    const misspelt = { tgas: ['a'] } as unknown as MailgunOptions

    expect(() => MailgunOptions(misspelt)).toThrow(InvalidOptionError)
    expect(() => MailgunOptions({ tags: ['a\nb'] })).toThrow(/tags\[0\]/)
    expect(() => MailgunOptions(undefined as unknown as MailgunOptions)).toThrow(InvalidOptionError)
  })

  it('refuses fields, accessors and parameters, and the decorators of TC39', () => {
    const decorate = MailgunOptions({ tags: ['a'] }) as (...args: unknown[]) => void
    const accessor = Object.getOwnPropertyDescriptor(
      {
        get value() {
          return 1
        },
      },
      'value',
    )

    expect(() => decorate(Mails.prototype, 'send', undefined)).toThrow(
      new TypeError(
        '@MailgunOptions() is used on Mails.send, a field; it works on methods and classes.',
      ),
    )
    expect(() => decorate(Mails.prototype, 'url', accessor)).toThrow(/Mails\.url, an accessor/)
    expect(() => decorate(Mails, undefined, 0)).toThrow(/a parameter of Mails/)
    expect(() => decorate(Mails.prototype, 'send', 0)).toThrow(/a parameter of Mails/)
    expect(() => decorate(() => {}, { kind: 'method', name: 'send' })).toThrow(
      /set experimentalDecorators/,
    )
  })
})
