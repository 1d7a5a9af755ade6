import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../workspace.ts'
import { NestProject } from './consumer/nest/project.ts'

/** What the tests of packages/nestjs run on under Nest 11. */
const suite11 = {
  '@nestjs/common': '^11.0.0',
  '@nestjs/core': '^11.0.0',
  '@nestjs/cqrs': '^11.0.0',
  '@nestjs/event-emitter': '^3.0.0',
  '@nestjs/graphql': '^13.0.0',
  '@nestjs/microservices': '^11.0.0',
  '@nestjs/platform-express': '^11.0.0',
  '@nestjs/platform-fastify': '^11.0.0',
  '@nestjs/platform-ws': '^11.0.0',
  '@nestjs/schedule': '^6.0.0',
  '@nestjs/terminus': '^11.0.0',
  '@nestjs/testing': '^11.0.0',
  '@nestjs/websockets': '^11.0.0',
  graphql: '^16.11.0',
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.2',
  vite: '^8.3.8',
  vitest: '4.1.12',
  ws: '^8.0.0',
  zod: '^4.6.0',
}

it("the package's own tests pass under Nest 11", () => {
  using project = new NestProject(suite11)
  project.install('npm')
  for (const part of ['src', 'test']) {
    cpSync(`${root}packages/nestjs/${part}`, join(project.folder, part), { recursive: true })
  }
  writeFileSync(
    join(project.folder, 'vitest.config.ts'),
    `import { defineConfig } from 'vitest/config'
     export default defineConfig({
       oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
       test: { testTimeout: 60_000, hookTimeout: 60_000, pool: 'threads', isolate: false },
     })`,
  )

  const output = project.run('vitest', 'run', '--reporter=default', '--no-color')

  expect(output).toMatch(/Tests\s+\d{3,} passed/)
})
