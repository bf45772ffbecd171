import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../../lab/demo/toolchain';
import { postgresMajor } from '../../support/postgres-major';

const DEMO = join(PROJECT, 'environments', 'demo.yaml');

/** environments/demo.yaml for the major version that the tests run on, as a file of that name until `use` is done. */
export async function withDemoEnvironment<T>(use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora environment '));
  try {
    const file = join(folder, 'demo.yaml');
    writeFileSync(file, ofMajor(readFileSync(DEMO, 'utf8'), postgresMajor()));
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ofMajor(text: string, major: number): string {
  const changed = text
    .replace('majorVersion: 17\n', `majorVersion: ${major}\n`)
    .replace('parameterGroup: default.aurora-postgresql17\n', `parameterGroup: default.aurora-postgresql${major}\n`);
  if (major !== 17 && changed.includes('17\n')) throw new Error('demo.yaml still names version 17');
  return changed;
}
