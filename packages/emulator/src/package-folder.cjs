'use strict'

// A CommonJS file knows its own place in every module system. Jest compiles ES modules to CommonJS, where
// `import.meta` is a syntax error, so this is the one file that may ask where it lies.

/** The folder of this package: above `src`, and above the `dist` that this file is copied into. */
exports.packageFolder = require('node:path').dirname(__dirname)
