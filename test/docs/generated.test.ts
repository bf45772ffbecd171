import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { errorsBelow } from '../../docs/generate/error-sources';
import { GENERATED } from '../../docs/generate/generate';

test.each(GENERATED.map(({ file, text }) => [basename(file), file, text] as const))(
  '%s is that of the code',
  (_name, file, text) => {
    // When this fails: npm run docs:generate
    expect(readFileSync(file, 'utf8')).toBe(text());
  },
);

test.each(['SLOT_CONSUMED', 'CONNECT_TLS', 'PRIVILEGE_MISSING', 'TABLES_NOT_REPLICATED'])(
  'the catalogue has %s with all its texts',
  (code) => {
    const found = errorsBelow('sql-runner').filter((error) => error.code === code);
    expect(found.length).toBeGreaterThan(0);
    for (const error of found) expect([error.seen, error.why, error.next]).not.toContain('');
  },
);
