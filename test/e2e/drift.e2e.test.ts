import { leadsElsewhere, leadsNowhere } from './support/led-astray';
import { planText } from '../../sql-runner/render/plan-text';
import { styleFor } from '../../sql-runner/render/style';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { AlteredLab, alter, IN_SYNC, repairs, ROLE, SUBSCRIPTION } from './support/altered-lab';
import { CONNECTION, DRIFTS, OPTIONS, PROOF, PUBLICATION_DRIFTS, ROLE_DRIFTS, TABLES } from './support/drifts';
import { stagesInOrder } from './support/in-order';
import { alteredMeanwhile, otherReader } from './support/meddling';
import { consume } from './support/slot-moves';
import { looksOf } from './support/looks';
import { disableBy } from './support/subscription-moves';

/**
 * Every attribute of what sql-runner made, altered by hand on real servers: nothing says that all is well, the plan
 * names it and puts it back, and both sides have the same rows before anything says so.
 */

const stage = stagesInOrder();
let lab: AlteredLab;

beforeAll(async () => {
  lab = await AlteredLab.start('drift');
});
afterAll(() => lab?.down());

for (const [name, by, seen, changes] of DRIFTS) {
  stage(`${name}: named, and put back by one apply`, async () => {
    await by(lab);
    const { plan, finding } = await lab.expectSaid('SUBSCRIPTION_ALTERED', seen);
    // Statements that are not to be seen any more make every stream doubted.
    expect(plan.changes.map(({ id }) => id)).toEqual(expect.arrayContaining(changes));
    expect(repairs(plan).filter((id) => !changes.includes(id))).toEqual([]);
    expect(plan.changes[0]!.reason).toMatch(seen);
    expect(printedRun(finding, 'SUBSCRIPTION_ALTERED')).toEqual(['apply', 'demo']);
    const ofWorker = plan.findings.find((one) => /reads slot aside, and nobody reads/.test(one.seen));
    if (name === 'slot_name') expect(printedRun(ofWorker!, 'STREAM_NOT_STREAMING')).toEqual(['apply', 'demo']);
    expect(await lab.applied()).toEqual(IN_SYNC);
    await lab.expectWell();
  });
}

stage('another publication list, and rows were left out: never in sync until every row is there again', async () => {
  await lab.onClone(alter('SET PUBLICATION aside'));
  await lab.write();
  await eventually(async () => {
    const caughtUp = `confirmed_flush_lsn >= pg_current_wal_flush_lsn()`;
    const slot = `SELECT FROM pg_replication_slots WHERE slot_name = '${SUBSCRIPTION}' AND ${caughtUp}`;
    return (await lab.onSource(slot)).length === 1;
  });
  expect(await lab.applied()).toEqual(['STREAM_BROKEN', false]);
  const plan = await lab.world.plan();
  expect(plan.changes.map((change) => change.id)).toEqual([TABLES, PROOF]);
  expect(plan.findings).toMatchObject([
    {
      code: 'CONTINUITY_NOT_PROVEN',
      // The verdict is remembered: plan ends with 1, and goes on to compare once more.
      severity: 'block',
      standing: true,
      seen: expect.stringMatching(
        /altered it \(publication\); .* not all were equal \(STREAM_BROKEN\): public\.orders$/,
      ),
    },
  ]);
  expect(await lab.isFollowing()).toBe(false);
  expect(await lab.applied()).toEqual(['STREAM_BROKEN', false]);
  expect(await lab.giveBack()).toBe(1);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

/** Which databases it was does not show: every stream is doubted, here the only one. */
async function expectDoubted(): Promise<void> {
  const { findings, changes } = await lab.world.plan();
  expect(findings.map(({ code }) => code)).toEqual(['CONTINUITY_NOT_PROVEN']);
  expect(changes.map(({ id }) => id)).toContain(PROOF);
  expect([await lab.isFollowing(), await lab.failures()]).toEqual([false, expect.arrayContaining([expect.anything()])]);
}

stage('disabled, its slot read and enabled again by hand: not in sync until every row is there again', async () => {
  await disableBy(lab.world, 'shop');
  await lab.write();
  await lab.onSource(...consume(SUBSCRIPTION));
  await lab.onClone(alter('ENABLE'));
  await expectDoubted();
  expect(await lab.applied()).toEqual(['STREAM_BROKEN', false]);
  await expectDoubted();
  expect(await lab.giveBack()).toBe(1);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('an option altered and put back, a transaction to skip set and taken back: compared once', async () => {
  await lab.onClone(alter('SET (origin = none)'), alter('SET (origin = any)'));
  await expectDoubted();
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.asAdmin('clone', alter(`SKIP (lsn = 'F/1')`), alter('SKIP (lsn = NONE)'));
  await expectDoubted();
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('a run that dies anywhere on the way is carried on by the next', async () => {
  for (const after of [1, 3]) {
    await lab.disabled('SET (failover = true)');
    await lab.onClone(alter('SET PUBLICATION aside'));
    await lab.world.runAndDie('apply', after);
    expect(planText(await lab.world.plan(), styleFor(process.stdout, true))).not.toMatch(/No changes\./);
    expect(await lab.applied()).toEqual(IN_SYNC);
    await lab.expectWell();
  }
});

stage('a plan that was saved is good although the stream moves on meanwhile', async () => {
  await lab.onClone(alter('SET (origin = none, binary = true)'));
  const saved = await lab.settledPlan();
  await lab.write();
  await lab.arrives();
  expect(await lab.world.run('apply', { saved })).toBe('applied');
  await lab.expectWell();
});

stage('altered and put back after the plan, while apply waits for its beat: it does not say in sync', () =>
  alteredMeanwhile(lab),
);

stage('APPLY_WORKER_STOPPED: somebody else reads its slot, and is ended as printed', () => otherReader(lab));

stage('an owner that we have no rights of: the printed statement gives it back', async () => {
  await lab.asAdmin('clone', 'CREATE ROLE somebody LOGIN', 'GRANT CREATE ON DATABASE shop TO somebody');
  await lab.asAdmin('clone', 'GRANT pg_create_subscription TO somebody', alter('OWNER TO somebody'));
  const { plan, finding } = await lab.expectSaid('SUBSCRIPTION_NOT_OWNED', /owner is somebody instead of/);
  expect(plan.changes).toEqual([]);
  expect(await lab.applied()).toEqual(['SUBSCRIPTION_NOT_OWNED', false]);
  await lab.asSuperuser('clone', (admin) => carryOut(finding, admin, 'SUBSCRIPTION_NOT_OWNED'));
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('an owner that we may act for is put back', async () => {
  await lab.asAdmin('clone', `GRANT somebody TO ${lab.cloneLogin().user}`, alter('OWNER TO somebody'));
  const { plan } = await lab.expectSaid('SUBSCRIPTION_ALTERED', /owner is somebody instead of/);
  expect(plan.changes.map((change) => change.id)).toEqual([OPTIONS]);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('no password required: only a superuser may put it back', async () => {
  await lab.asAdmin('clone', alter('SET (password_required = false)'));
  const { plan, finding } = await lab.expectSaid('SUBSCRIPTION_FOR_SUPERUSERS', /password_required is false/);
  expect(plan.changes).toEqual([]);
  expect(await lab.applied()).toEqual(['SUBSCRIPTION_FOR_SUPERUSERS', false]);
  await lab.asSuperuser('clone', (admin) => carryOut(finding, admin, 'SUBSCRIPTION_FOR_SUPERUSERS'));
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('CONNECTION_ALTERED: another login, or no TLS, which is seen on the source', async () => {
  await lab.allowWithoutTls();
  const altered = [
    [{}, /logs in as \w+ instead of acas_demo/],
    [{ ...(await lab.roleLogin()), sslmode: 'disable' }, /without TLS/],
  ] as const;
  for (const [parts, seen] of altered) {
    await lab.reconnect(parts);
    await eventually(async () => (await lab.world.plan()).findings.some(({ code }) => code === 'CONNECTION_ALTERED'));
    const { plan, finding } = await lab.expectSaid('CONNECTION_ALTERED', seen);
    expect(repairs(plan)).toEqual([CONNECTION]);
    expect(await lab.world.follow(printedRun(finding, 'CONNECTION_ALTERED'))).toBe('applied');
    await lab.expectWell();
  }
});

/** Where the log of the clone tells why, and where it tells nothing. */
for (const from of ['warning', 'panic'] as const) {
  stage(`APPLY_WORKER_STOPPED: a connection that leads nowhere; ${from}`, () => leadsNowhere(lab, from));
  stage(`STREAM_NOT_STREAMING: a server that has a slot of this name; ${from}`, () => leadsElsewhere(lab, from));
}

for (const [by, lacks] of ROLE_DRIFTS) {
  stage(`the replication role lacks ${lacks}: put back by one apply`, async () => {
    await lab.onSource(...by);
    const { plan, diagnosis } = await looksOf(lab.world);
    const [role] = plan.changes;
    expect([role!.id, role!.reason]).toEqual([`source/role/${ROLE}`, `it lacks what a subscription needs: ${lacks}`]);
    const [open] = diagnosis.results.find(({ code }) => code === 'CHANGES_OPEN')!.findings;
    expect(await lab.world.follow(printedRun(open!, 'CHANGES_OPEN'))).toBe('applied');
    await lab.expectWell();
    expect(await lab.failures()).toEqual([]);
  });
}

stage('an owner of the publication: put back, or the printed statement is; then the rows are compared', async () => {
  await lab.asAdmin('source', 'CREATE ROLE somebody LOGIN', 'GRANT CREATE ON DATABASE shop TO somebody');
  const publication = `ALTER PUBLICATION ${SUBSCRIPTION} OWNER TO somebody`;
  await lab.asAdmin('source', publication);
  const { finding } = await lab.expectSaid('PUBLICATION_NOT_OWNED', /owner is somebody instead of/);
  await lab.asSuperuser('source', (admin) => carryOut(finding, admin, 'PUBLICATION_NOT_OWNED'));
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
  await lab.asAdmin('source', `GRANT somebody TO ${lab.cloneLogin().user}`, publication);
  const { changes } = await lab.world.plan();
  expect(changes.map((change) => change.id)).toEqual([`source/shop/publication-owner/${SUBSCRIPTION}`, PROOF]);
  expect((await lab.failures()).map(({ code }) => code)).toEqual(['CHANGES_OPEN']);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('the publication: each attribute is named, and once it is put back the rows are compared', async () => {
  await lab.onSource('CREATE TABLE later (id int PRIMARY KEY)');
  for (const [by, seen, back] of PUBLICATION_DRIFTS) {
    await lab.asAdmin('source', by);
    expect((await lab.world.plan()).findings.find(({ code }) => code === 'PUBLICATION_ALTERED')?.seen).toMatch(seen);
    await lab.asAdmin('source', back);
  }
  await lab.onSource('DROP TABLE later');
  expect((await lab.world.plan()).changes.map((change) => change.id)).toEqual([PROOF]);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
});

stage('the publication, altered to this moment: never in sync', async () => {
  const [[by, seen, back]] = PUBLICATION_DRIFTS as [(typeof PUBLICATION_DRIFTS)[0]];
  await lab.onSource(by);
  await lab.expectSaid('PUBLICATION_ALTERED', seen);
  expect(await lab.applied()).toEqual(['PUBLICATION_ALTERED', false]);
  await lab.onSource(`UPDATE orders SET id = -id WHERE id = ${lab.id}`, back);
  expect(await lab.applied()).toEqual(['STREAM_BROKEN', false]);
});
