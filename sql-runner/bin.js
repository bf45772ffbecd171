#!/usr/bin/env node
// The command `sql-runner`: runs the bundle of the sources, which is made on first use and whenever a source is newer.
const { startBundle } = require('./bundle.js');

startBundle(require('./bundled-program.js'));
