'use strict';
// Loaded into serve by the soak: what is in use once all garbage is gone, whenever that is asked for by a signal.
const { renameSync, writeFileSync } = require('node:fs');
process.on('SIGUSR2', () => {
  globalThis.gc();
  const file = process.env.SOAK_HEAP;
  writeFileSync(`${file}.new`, String(process.memoryUsage().heapUsed));
  renameSync(`${file}.new`, file);
});
