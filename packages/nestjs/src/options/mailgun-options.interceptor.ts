import { withMailgunOptions, type MailgunOptions } from '@mailgun-smtp/core'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import type { Observable } from 'rxjs'
import { keepScope } from './kept-scope.ts'
import type { MailgunOptionsSettings } from './mailgun-options.decorator.ts'

type OptionsFactory = (
  context: ExecutionContext,
) => MailgunOptions | undefined | Promise<MailgunOptions | undefined>

/**
 * Gives options to every mail sent while a request is handled, made from Nest's execution context: the tenant of a
 * request, the name of a handler. Where the arguments of the method are enough, use `@MailgunOptions()`.
 */
export class MailgunOptionsInterceptor implements NestInterceptor {
  readonly #factory: OptionsFactory
  readonly #settings: MailgunOptionsSettings

  private constructor(factory: OptionsFactory, settings: MailgunOptionsSettings) {
    this.#factory = factory
    this.#settings = settings
  }

  /** An interceptor for `@UseInterceptors()`, whose function may be asynchronous. */
  static from(
    factory: OptionsFactory,
    settings: MailgunOptionsSettings = {},
  ): MailgunOptionsInterceptor {
    return new MailgunOptionsInterceptor(factory, settings)
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const options = (await this.#factory(context)) ?? {}
    // The handler runs where its result is subscribed to, so the subscription is what belongs in the scope.
    return withMailgunOptions(
      options,
      () => keepScope(next.handle()) as Observable<unknown>,
      this.#settings,
    )
  }
}
