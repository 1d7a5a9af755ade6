/** This package's version. A test holds it to package.json: to read that file, code has to know where it lies. */
export const version = '0.1.0'
