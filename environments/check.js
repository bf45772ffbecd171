// Runs check.ts.
const { startBundle } = require('../sql-runner/bundle.js');

startBundle({
  name: 'environments',
  entry: 'environments/check.ts',
  folders: ['environments', 'contract', 'errors'],
  external: [],
  folder: 'environments',
});
