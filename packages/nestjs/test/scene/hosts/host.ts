import type { ModuleMetadata, Type } from '@nestjs/common'
import type { HandlerMarks, Returned } from './handler.ts'

/** One way in which an application is called: how its handlers are marked, opened and reached. */
export interface Host extends HandlerMarks {
  readonly name: string
  /** What it awaits, subscribes to or steps through. Anything else it leaves as it is. */
  readonly consumes: readonly Returned[]
  /** An application with these handlers, on top of the module that every host has. */
  readonly open: (
    base: ModuleMetadata,
    handlers: ReadonlyMap<string, Type<object>>,
  ) => Promise<OpenHost>
}

export interface OpenHost {
  /** Has the handler of the route called, and waits at least until it was. */
  readonly call: (route: string) => Promise<unknown>
  readonly close: () => Promise<void>
}
