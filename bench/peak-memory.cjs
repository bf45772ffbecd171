// Preloaded into a measured process: leaves the most memory that it had resident, in KiB, where it was told to.
const { writeFileSync } = require('node:fs');
process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
