import { tables } from '../../environments/parameters/table';
import { startTestCluster, type TestCluster } from '../support/postgres';
import { postgresMajor } from '../support/postgres-major';
import { serverParameters } from './server-parameters';
import { tableText } from './table-text';

let server: TestCluster;
beforeAll(async () => {
  server = await startTestCluster();
});
afterAll(() => server?.stop());

test('the table of PostgreSQL says of this version what a server says', async () => {
  const major = postgresMajor();
  const now = tableText(new Map([[major, await serverParameters(await server.connect('shop'))]]));
  const written = [...tables().postgresql].flatMap(([name, rows]) =>
    rows
      .filter(({ from, to }) => from <= major && major <= to)
      .map(({ applyType, type, min, max, unit, values }) =>
        [name, `${major}-${major}`, applyType, type, min, max, unit, values?.join(',')].join('\t'),
      ),
  );
  // When this fails: npm run parameters
  const lines = now.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(written.map((line) => line.split('\t').map(numeric))).toEqual(
    lines.map((line) => line.split('\t').map(numeric)),
  );
});

/** 1.79769e+308 and its like are one number, however they are written. */
const numeric = (cell: string): string | number => (cell !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell);
