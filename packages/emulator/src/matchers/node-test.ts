/** The same as `@mailgun-smtp/core/node-test`. */
export * from '@mailgun-smtp/core/node-test'
