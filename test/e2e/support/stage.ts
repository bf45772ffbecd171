import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBy } from '../../../lab/connections';
import type { Toolchain } from '../../../lab/demo/toolchain';
import { type Lab, startLab } from '../../../lab/lab';
import { type Connect, seedWorkload } from '../../../lab/workload/seed';
import { startWriters, type Writers } from '../../../lab/workload/writers';
import { withDemoEnvironment } from './demo-environment';
import { CheckedToolchain } from './checked-toolchain';

/** A lab of its own with small production databases and running writers. */
export interface Stage {
  lab: Lab;
  tools: Toolchain;
  source: Connect;
  clone: Connect;
  writers: Writers;
}

export interface StageOptions {
  rows: number;
  writers: number;
  seed: number;
}

/**
 * Starts everything below a directory whose path has a space in it.
 * @param name tells the labs of the test files apart
 */
export async function startStage(name: string, opts: StageOptions): Promise<Stage> {
  return withDemoEnvironment((environmentFile) => startIn(environmentFile, name, opts));
}

async function startIn(environmentFile: string, name: string, opts: StageOptions): Promise<Stage> {
  const lab = await startLab({ environmentFile, name, home: join(tmpdir(), `aurora e2e ${process.pid}`) });
  try {
    const source = connectBy((database) => lab.sourceConnection(database));
    const clone = connectBy((database) => lab.cloneConnection(database));
    await seedWorkload(source, { rows: opts.rows });
    const writers = await startWriters(source, { writers: opts.writers, seed: opts.seed });
    return {
      lab,
      tools: new CheckedToolchain(join(lab.directory, 'project'), environmentFile, lab.env),
      source,
      clone,
      writers,
    };
  } catch (error) {
    await lab.down();
    throw error;
  }
}
