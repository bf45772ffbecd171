// What `cdktf` runs for this project: main.ts. Read file by file, with the packages that it needs, it takes twice as long.
const { startBundle } = require('../sql-runner/bundle.js');

startBundle({
  name: 'stacks',
  entry: 'main.ts',
  folders: ['stacks', 'environments', 'contract', 'errors'],
  // They read files beside themselves.
  external: ['cdktf', 'constructs', '@cdktf/provider-aws/*'],
  folder: 'environments',
});
