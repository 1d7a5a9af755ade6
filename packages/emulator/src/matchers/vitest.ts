/** `import '@mailgun-smtp/emulator/vitest'` does the same as `import '@mailgun-smtp/core/vitest'`. */
export * from '@mailgun-smtp/core/vitest'
