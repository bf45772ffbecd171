import { serverFacts } from '../../../sql-runner/postgres/catalog/server';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { postgresMajor } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract } from '../support/contract';
import { cloned, edit } from '../support/observations';
import { codes } from '../support/plans';

/** The lab's own version, against the one that this run is about: `npm run test:matrix` gives every other one. */
const USUAL = 17;
const servers: TestCluster[] = [];

beforeAll(async () => {
  for (const major of [USUAL, postgresMajor()]) servers.push(await startTestCluster({ major }));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

test('a clone of another major version than its source is refused, one of the same is not', async () => {
  const [source, target] = await Promise.all(
    servers.map(async (server) => {
      const session = await openSession(targetOf(server, 'shop'));
      const facts = await serverFacts(session);
      await session.close();
      return facts;
    }),
  );
  const contract = sourceContract();
  const observed = edit(cloned(contract), (draft) => {
    draft.source.server.versionNum = source!.versionNum;
    draft.target!.server.versionNum = target!.versionNum;
  });
  expect(Math.floor(source!.versionNum / 10_000)).toBe(USUAL);
  expect(codes(planApply(contract, observed))).toEqual(postgresMajor() === USUAL ? [] : ['MAJOR_VERSIONS_DIFFER']);
});
