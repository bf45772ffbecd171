import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Says where all tests note the advice that they carry out. A file that is given is added to. */
export default function startRecord(): void {
  process.env.ADVICE_RECORD ??= join(mkdtempSync(join(tmpdir(), 'advice-')), 'carried-out.jsonl');
}
