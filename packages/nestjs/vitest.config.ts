import { defineProject, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineProject({
    // Nest injects by design:paramtypes, which only legacy decorators emit.
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    test: { name: 'nestjs' },
  }),
)
