/** sql-runner, as bundle.js makes it into one file. */
module.exports = {
  name: 'sql-runner',
  entry: 'sql-runner/cli.ts',
  folders: ['sql-runner', 'contract', 'errors'],
  // Its file of WebAssembly lies beside it.
  external: ['pg-native', 'libpg-query'],
};
