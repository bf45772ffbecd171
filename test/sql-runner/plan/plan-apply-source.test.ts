import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract } from '../support/contract';
import { role } from '../support/catalog-rows';
import { edit, prepared, server, slot, ticketed, untouched } from '../support/observations';
import { table } from '../support/tables';
import { codes, expectBlocked, findingOf, outline } from '../support/plans';

const contract = sourceContract();
/** Its group gives room for slots, which waits for the restart after the group was changed. */
const roomy = structuredClone(contract);
roomy.parameterGroup.parameters.max_replication_slots = '100';

test('on a source never seen, everything comes in the order that makes it safe', () => {
  const plan = planApply(contract, untouched(contract));
  expect(outline(plan)).toEqual([
    '~ source/parameter-group/demo-logical',
    '~ source/reboot/writer-1',
    '+ source/role/acas_demo',
    '+ source/role-password/acas_demo',
    '+ source/shop/heartbeat/acas_demo_shop',
    '+ source/ledger/heartbeat/acas_demo_ledger',
    '+ source/shop/publication/acas_demo_shop',
    '+ source/ledger/publication/acas_demo_ledger',
    '+ source/shop/slot/acas_demo_shop',
    '+ source/ledger/slot/acas_demo_ledger',
    '+ source/clone-ticket',
  ]);
  expect(plan.nextStep?.command).toBe('cdktf deploy demo-target');
  expect(plan.changes.filter((change) => change.consent === 'allow-reboot').map((change) => change.id)).toEqual([
    'source/reboot/writer-1',
  ]);
});

test('a source that has everything needs nothing but the clone', () => {
  const plan = planApply(contract, ticketed(contract));
  expect(plan).toMatchObject({ changes: [], findings: [], nextStep: { command: 'cdktf deploy demo-target' } });
});

test('a reboot is planned only while a static parameter waits for one', () => {
  const pending = edit(ticketed(contract), ({ source }) => (source.cluster.parameterGroupStatus = 'pending-reboot'));
  expect(planApply(contract, pending).changes).toEqual([]);
  expect(outline(planApply(roomy, pending))).toEqual(['~ source/reboot/writer-1']);
  const notLogical = edit(ticketed(contract), ({ source }) => (source.server.walLevel = 'replica'));
  expect(outline(planApply(contract, notLogical))).toEqual(['~ source/reboot/writer-1']);
  expect(planApply(contract, notLogical).changes[0]?.reason).toContain('wal_level is replica');
});

test('another parameter group than the stated one is not replaced', () => {
  const observation = edit(untouched(contract), ({ source }) => (source.cluster.parameterGroup = 'tuned-by-hand'));
  const plan = planApply(contract, observation);
  expectBlocked(plan, 'PARAMETER_GROUP_UNEXPECTED');
  expect(findingOf(plan, 'PARAMETER_GROUP_UNEXPECTED').next).toContain('tuned-by-hand');
});

test('another group that has all that ours would set stays, and nothing restarts', () => {
  for (const group of ['tuned-by-hand', contract.parameterGroup.previous]) {
    const observation = edit(ticketed(contract), ({ source }) => {
      Object.assign(source.cluster, { parameterGroup: group, parameterGroupStatus: 'pending-reboot' });
      source.groupParameters = { ...contract.parameterGroup.parameters, work_mem: '65536' };
    });
    const plan = planApply(contract, observation);
    expect(plan.changes).toEqual([]);
    expect(plan.findings.map(({ code }) => code)).toEqual(['PARAMETER_GROUP_SUFFICES']);
    expect(outline(planTeardown(contract, observation)).filter((id) => id.includes('parameter-group'))).toEqual([]);
  }
});

test('settings that the new group would lose stop the plan', () => {
  const observation = edit(untouched(contract), ({ source }) => {
    // To another value ours sets the second: that is not lost.
    source.groupParameters = { work_mem: '65536', 'rds.logical_replication': '0', a: '2' };
  });
  const plan = planApply(contract, observation);
  expectBlocked(plan, 'PARAMETERS_LOST');
  expect(findingOf(plan, 'PARAMETERS_LOST').seen).toMatch(/sets a=2, work_mem=65536; group/);
});

test('so do those that the former group has, where ours was attached by Terraform and has not been in effect yet', () => {
  const attached = edit(untouched(contract), ({ source }) => {
    Object.assign(source.cluster, {
      parameterGroup: contract.parameterGroup.name,
      parameterGroupStatus: 'pending-reboot',
    });
    source.previousGroupParameters = { work_mem: '65536', 'rds.logical_replication': '0' };
  });
  const plan = planApply(contract, attached);
  expectBlocked(plan, 'PARAMETERS_LOST');
  expect(findingOf(plan, 'PARAMETERS_LOST').why).toMatch(/^the restart of the writer would silently/);
  const inEffect = edit(attached, ({ source }) => (source.server.walLevel = 'logical'));
  expect(planApply(contract, inEffect).findings.map(({ code }) => code)).not.toContain('PARAMETERS_LOST');
});

test("somebody else's role, publication and slot are never taken over", () => {
  const foreign = edit(untouched(contract), ({ source }) => (source.role = role('ours!')));
  expectBlocked(planApply(contract, foreign), 'ROLE_NAME_TAKEN');
  const publication = edit(
    prepared(contract),
    ({ source }) => (source.databases.shop!.publications[0]!.comment = null),
  );
  expectBlocked(planApply(contract, publication), 'PUBLICATION_NAME_TAKEN', 'SLOT_NAME_TAKEN');
  const taken = edit(untouched(contract), ({ source }) => source.slots.push(slot('acas_demo_shop', 'shop')));
  expectBlocked(planApply(contract, taken), 'SLOT_NAME_TAKEN');
});

test.each([
  ['of another environment, whose clone may not be connected yet', 'demo-shop', 'shop', /environment demo-shop$/],
  ['of a database that was not read', null, 'shop_x', /^.* is of database shop_x, and no publication that was read/],
])('a slot of our name %s: nothing is printed that drops it', (_, environment, database, seen) => {
  const observation = edit(untouched(contract), ({ source }) => {
    source.slots.push(slot('acas_demo_shop', database));
    if (environment === null) return;
    const mark = formatMark({ kind: 'publication', environment, slot: 'acas_demo_shop' });
    source.databases.ledger!.publications.push({
      ...prepared(contract).source.databases.shop!.publications[0]!,
      comment: mark,
    } as never);
  });
  const finding = findingOf(planApply(contract, observation), 'SLOT_NAME_TAKEN');
  expect(finding.seen).toMatch(seen);
  expect(finding.next).not.toMatch(/drop/);
});

test('a mark of another environment is not ours: it is named, and nothing is printed that drops what it marks', () => {
  const staging = (comment: string | null) => comment!.replace('"demo"', '"staging"');
  const observation = edit(ticketed(contract), ({ source }) => {
    source.role!.comment = staging(source.role!.comment);
    const publication = source.databases.shop!.publications[0]!;
    publication.comment = staging(publication.comment);
  });
  const plan = planApply(contract, observation);
  for (const code of ['ROLE_NAME_TAKEN', 'PUBLICATION_NAME_TAKEN']) {
    const { seen, next } = findingOf(plan, code);
    expect(seen).toMatch(/carries the mark of environment staging$/);
    expect(next).not.toMatch(/DROP/);
  }
});

test('a role of ours is completed, not made again', () => {
  const observation = edit(ticketed(contract), ({ source }) => {
    source.role!.canLogin = false;
    source.role!.memberOfRdsReplication = false;
    source.databases.ledger!.connectGrant.mayConnect = false;
    source.passwordWorks = false;
  });
  const plan = planApply(contract, observation);
  expect(outline(plan)).toEqual(['~ source/role/acas_demo', '~ source/role-password/acas_demo']);
  expect(plan.changes[0]!.preview).toEqual([
    'ALTER ROLE "acas_demo" LOGIN;',
    'GRANT rds_replication TO "acas_demo";',
    'GRANT CONNECT ON DATABASE "ledger" TO "acas_demo";',
  ]);
});

test('what the server would not let us grant is no change', () => {
  const observation = edit(ticketed(contract), ({ source }) => {
    Object.assign(source.databases.ledger!.connectGrant, { mayConnect: false, mayGrant: false });
  });
  expect(planApply(contract, observation).changes).toEqual([]);
});

test('without rds_replication the attribute itself is given', () => {
  const observation = edit(untouched(contract), ({ source }) => (source.hasRdsReplication = false));
  const role = planApply(contract, observation).changes.find((change) => change.id === 'source/role/acas_demo');
  expect(role?.preview).toContain('ALTER ROLE "acas_demo" REPLICATION;');
});

test('a role that exists while the secret is empty gets its first password', () => {
  const observation = edit(ticketed(contract), ({ source }) => (source.passwordWorks = null));
  expect(outline(planApply(contract, observation))).toEqual(['+ source/role-password/acas_demo']);
});

test.each([
  ['lost', { walStatus: 'lost' }, 'SLOT_LOST'],
  ['invalidated', { invalidationReason: 'wal_removed' }, 'SLOT_LOST'],
  ['of another plugin', { plugin: 'test_decoding' }, 'SLOT_MISMATCH'],
  ['of another database', { database: 'ledger' }, 'SLOT_MISMATCH'],
  ['physical', { slotType: 'physical', plugin: null, database: null }, 'SLOT_MISMATCH'],
  ['temporary', { temporary: true }, 'SLOT_MISMATCH'],
])('a slot that is %s cannot be used', (_, facts, code) => {
  const observation = edit(ticketed(contract), ({ source }) => Object.assign(source.slots[0]!, facts));
  expectBlocked(planApply(contract, observation), code);
});

test('before the ticket, the publication follows the selection', () => {
  const observation = edit(prepared(contract), ({ source }) => {
    for (const database of Object.values(source.databases)) {
      const [publication] = database.publications;
      publication!.comment = publication!.comment!.replace(/,"ticket".*/, '}');
    }
    source.databases.shop!.tables.push(table('invoices'));
  });
  const plan = planApply(contract, observation);
  expect(outline(plan)).toEqual(['~ source/shop/publication/acas_demo_shop', '+ source/clone-ticket']);
  expect(plan.changes[0]!.preview).toEqual([
    'ALTER PUBLICATION "acas_demo_shop" SET TABLE ONLY "public"."customers", ONLY "public"."invoices", ONLY "public"."orders", ONLY "acas_demo_shop"."acas_heartbeat";',
  ]);
});

test('after the ticket, a new table is reported and left alone', () => {
  const observation = edit(ticketed(contract), ({ source }) => source.databases.shop!.tables.push(table('invoices')));
  const plan = planApply(contract, observation);
  expect(plan.changes).toEqual([]);
  expect(codes(plan, 'warn')).toEqual(['TABLES_NOT_REPLICATED']);
});

test('unlogged tables are not published', () => {
  const observation = edit(untouched(contract), ({ source }) =>
    source.databases.shop!.tables.push(table('cache', { persistence: 'unlogged' })),
  );
  const publication = planApply(contract, observation).changes.find((change) =>
    change.id.startsWith('source/shop/publication'),
  );
  expect(publication?.preview.join('\n')).not.toContain('cache');
});

test('too few free slots stop the plan, but only once the group is in effect', () => {
  const full = edit(prepared(contract), ({ source }) => {
    source.server = server({ maxReplicationSlots: 1 });
    source.slots = [slot('somebodys', 'shop')];
  });
  expectBlocked(planApply(contract, full), 'SOURCE_SLOTS_TOO_FEW');
  const rebooting = edit(full, ({ source }) => (source.cluster.parameterGroupStatus = 'pending-reboot'));
  expect(codes(planApply(roomy, rebooting))).toEqual([]);
});
