/** The same as `@mailgun-smtp/core/jest`. */
export * from '@mailgun-smtp/core/jest'
