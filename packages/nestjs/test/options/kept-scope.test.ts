import { setImmediate as turn } from 'node:timers/promises'
import {
  BehaviorSubject,
  concat,
  concatMap,
  defer,
  delay,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  Observable,
  of,
  range,
  retry,
  startWith,
  Subject,
  take,
  tap,
  toArray,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { currentMailgunOptions, MailgunOptions, withMailgunOptions } from '../../src/index.ts'

const seen = (): MailgunOptions | undefined => currentMailgunOptions()
const tags = (): readonly string[] => currentMailgunOptions()?.tags ?? []

/** As an ORM's: it runs when it is awaited, and is no promise. */
function lazyQuery<Row>(run: () => Row): PromiseLike<Row> {
  const query = {} as PromiseLike<Row>
  Reflect.set(query, 'then', (resolve: (row: Row) => void) => resolve(run()))
  return query
}

/** Reads what only the object itself has. */
class Clicks extends Subject<string> {
  #count = 0

  get count(): number {
    return this.#count
  }

  override next(value: string): void {
    this.#count += 1
    super.next(value)
  }
}

class Feed extends Observable<readonly string[]> {
  readonly #topic = 'orders'

  get topic(): string {
    return this.#topic
  }
}

describe('what a method returns', () => {
  @MailgunOptions({ tags: ['class'] })
  class Streams {
    #attempts = 0
    readonly state = new BehaviorSubject('start')
    readonly clicks = new Clicks()

    deferred(): Observable<readonly string[]> {
      return defer(() => of(tags())).pipe(delay(1))
    }
    async promised(): Promise<Observable<readonly string[]>> {
      await turn()
      return defer(async () => {
        await turn()
        return tags()
      })
    }
    retried(): Observable<readonly string[]> {
      return defer(() => {
        if (this.#attempts++ === 0) throw new Error('once')
        return of(tags())
      }).pipe(retry(1))
    }
    subject(): BehaviorSubject<string> {
      return this.state
    }
    counter(): Clicks {
      return this.clicks
    }
    feed(): Feed {
      return new Feed((subscriber) => subscriber.next(tags()))
    }
    piped(): Observable<readonly string[]> {
      return this.clicks.pipe(
        startWith('first'),
        map(() => tags()),
      )
    }
    numbers(made: number[]): Observable<number> {
      return range(0, 1000).pipe(tap((value) => made.push(value)))
    }
    failing(): Observable<never> {
      return defer(() => {
        throw new Error(tags().join())
      })
    }
    finally(done: (tags: readonly string[]) => void): Observable<number> {
      return new Observable(() => () => done(tags()))
    }
    async *slowly(): AsyncGenerator<readonly string[], string> {
      try {
        yield tags()
        await turn()
        yield tags()
      } finally {
        yield [...tags(), 'finally']
      }
      return 'end'
    }
    *steps(): Generator<readonly string[]> {
      yield tags()
      yield tags()
    }
    query(): PromiseLike<readonly string[]> {
      return lazyQuery(tags)
    }
    special(): Promise<string> & { cancel(): string } {
      return Object.assign(Promise.resolve('value'), { cancel: () => 'cancelled' })
    }
    self(): this {
      return this
    }
  }
  const streams = new Streams()

  it('is in scope for an Observable, each time it is subscribed to', async () => {
    const stream = streams.deferred()

    expect(await lastValueFrom(stream)).toEqual(['class'])
    expect(await lastValueFrom(stream.pipe(map((value) => value.length)))).toBe(1)
    expect(
      await lastValueFrom(
        from([1, 2]).pipe(
          concatMap(() => stream),
          toArray(),
        ),
      ),
    ).toEqual([['class'], ['class']])
    expect(await lastValueFrom(streams.retried())).toEqual(['class'])
    expect(await lastValueFrom(await streams.promised())).toEqual(['class'])
  })

  it('notifies the subscriber in its own scope', async () => {
    const outside: unknown[] = []

    await lastValueFrom(
      concat(streams.deferred(), of(1)).pipe(tap({ next: () => outside.push(seen()) })),
    )
    streams.failing().subscribe({ error: (error: Error) => outside.push(error.message, seen()) })
    const around = await withMailgunOptions({ tags: ['caller'] }, () =>
      lastValueFrom(streams.deferred().pipe(map(() => tags()))),
    )

    expect(outside).toEqual([undefined, undefined, 'class', undefined])
    expect(around).toEqual(['caller'])
  })

  it('stops a synchronous source when the subscriber has enough, and tears down in scope', async () => {
    const made: number[] = []
    let tornDown: unknown

    await lastValueFrom(streams.numbers(made).pipe(take(3)))
    streams
      .finally((found) => (tornDown = found))
      .subscribe()
      .unsubscribe()

    expect(made).toEqual([0, 1, 2])
    expect(tornDown).toEqual(['class'])
  })

  it('leaves a subject what it is', async () => {
    const subject = streams.subject()

    subject.next('changed')

    expect(subject).toBeInstanceOf(BehaviorSubject)
    expect([subject.value, streams.state.value]).toEqual(['changed', 'changed'])
    expect(await firstValueFrom(subject)).toBe('changed')
    expect(streams.counter().count).toBe(0)
    expect(streams.counter()).toBe(streams.clicks)
    expect(await firstValueFrom(streams.piped())).toEqual(['class'])
    expect(streams.feed().topic).toBe('orders')
    expect(await firstValueFrom(streams.feed())).toEqual(['class'])
    expect(streams.self()).toBe(streams)
  })

  it('is in scope for generators, at each step and at the end', async () => {
    const generator = streams.slowly()
    const found: unknown[] = []

    for await (const step of streams.slowly()) found.push(step)

    expect(found).toEqual([['class'], ['class'], ['class', 'finally']])
    expect((await generator.next()).value).toEqual(['class'])
    expect((await generator.return('stop')).value).toEqual(['class', 'finally'])
    expect(await generator.next()).toEqual({ value: 'stop', done: true })
    expect([...streams.steps()]).toEqual([['class'], ['class']])
    expect(seen()).toBeUndefined()
  })

  it('keeps the methods of a promise that has its own, and passes a thenable on', async () => {
    expect(streams.special().cancel()).toBe('cancelled')
    expect(await streams.special()).toBe('value')
    expect(await streams.query()).toEqual([])
  })
})
