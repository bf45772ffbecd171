import { writeFileSync } from 'node:fs';
import { POSTGRESQL_TABLE } from '../../environments/parameters/table';
import { installOtherMajors } from '../matrix/install';
import { MAJORS } from '../matrix/suite';
import { startTestCluster } from '../support/postgres';
import { serverParameters, type ServerParameter } from './server-parameters';
import { tableText } from './table-text';

/** Writes the table of PostgreSQL's parameters anew, from a server of each major version: `npm run parameters`. */
async function main(): Promise<void> {
  installOtherMajors();
  const byMajor = new Map<number, ServerParameter[]>();
  for (const major of MAJORS) byMajor.set(major, await parametersOf(major));
  writeFileSync(POSTGRESQL_TABLE, tableText(byMajor));
}

async function parametersOf(major: number): Promise<ServerParameter[]> {
  const test = await startTestCluster({ major });
  try {
    return await serverParameters(await test.connect('shop'));
  } finally {
    await test.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
