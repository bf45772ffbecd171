#!/usr/bin/env node
// The command `sql-runner`: runs the TypeScript sources as they are.
require('tsx/cjs');
require('./cli.ts');
