import { expect, it } from 'vitest'
import { volume } from '../tier.ts'
import { printed, runIn, writeApplication, writeHealth } from './consumer/nest/application.ts'
import { NestProject } from './consumer/nest/project.ts'

/** Each major of Nest, with a TypeScript that its users have. */
const majors = {
  11: { nest: '^11.0.0', typescript: '^5.9.0' },
  12: { nest: '^12.0.0', typescript: '^7.0.0' },
}

/** Each major by each package manager at night; otherwise each of them once. */
const projects = volume(
  [
    ['npm', 11],
    ['npm', 12],
    ['pnpm', 11],
    ['pnpm', 12],
  ] as const,
  [
    ['pnpm', 11],
    ['npm', 12],
  ] as const,
)

it.each(projects)(
  'installed by %s, the tarballs compile with Nest %s, boot and send, as ES module and as CommonJS',
  (manager, major) => {
    const { nest, typescript } = majors[major]
    // Under pnpm a package sees what it declares only: our main door needs no optional peer.
    const optional = manager === 'npm' ? ['@nestjs/terminus'] : []
    using project = new NestProject({
      '@nestjs/common': nest,
      '@nestjs/core': nest,
      '@nestjs/platform-express': nest,
      '@types/node': '^20.19.0',
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.2',
      ...Object.fromEntries(optional.map((name) => [name, nest])),
      typescript,
    })
    project.install(manager)
    writeApplication(project.folder)
    if (optional.length > 0) writeHealth(project.folder)

    expect(project.run('tsc', '-p', '.')).toBe('')
    expect(runIn(project.folder, process.execPath, 'out/esm.mjs')).toBe(printed)
    expect(runIn(project.folder, process.execPath, 'out/commonjs.cjs')).toBe(printed)
  },
)
