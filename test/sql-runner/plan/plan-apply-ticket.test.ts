import type { SourceContract } from '../../../contract/contract';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { Change } from '../../../sql-runner/model/change';
import { sourceContract } from '../support/contract';
import {
  cloned,
  edit,
  FLUSH,
  following,
  NONCE,
  OTHER_NONCE,
  prepared,
  publication,
  slot,
  ticketed,
  TICKET,
} from '../support/observations';
import { table, UNIDENTIFIED } from '../support/tables';
import { codes, expectBlocked, findingOf, outline } from '../support/plans';

const contract = sourceContract();

/** The nonce that the ticket of a plan would carry; null: a new one. */
function nonceOf(change: Change | undefined): string | null {
  if (change?.operation.kind !== 'issue-ticket') throw new Error(`not a ticket: ${change?.id}`);
  return change.operation.nonce;
}

test('none: a new nonce for every publication', () => {
  const observation = edit(prepared(contract), ({ source }) => {
    for (const database of Object.values(source.databases)) {
      database.publications = database.publications.map(({ name }) => publication(name, null));
    }
  });
  const plan = planApply(contract, observation);
  expect(outline(plan)).toEqual(['+ source/clone-ticket']);
  expect(nonceOf(plan.changes[0])).toBeNull();
});

test('unpublished, after a crash between the marks and the parameter: the same nonce again', () => {
  const plan = planApply(contract, prepared(contract));
  expect(outline(plan)).toEqual(['+ source/clone-ticket']);
  expect(nonceOf(plan.changes[0])).toBe(NONCE);
});

test('a parameter lost after the clone is put back, and the clone stays', () => {
  const plan = planApply(contract, { ...following(contract), ticket: null });
  expect(outline(plan)).toEqual(['+ source/clone-ticket']);
  expect(plan.nextStep).toBeNull();
});

test('a parameter lost after the clone does not let new tables into the publication', () => {
  const lost = edit<ReturnType<typeof following>>({ ...following(contract), ticket: null }, ({ source }) => {
    source.databases.shop!.tables.push(table('invoices', { ...UNIDENTIFIED }));
  });
  const plan = planApply(contract, lost);
  expect(outline(plan)).toEqual(['+ source/clone-ticket']);
  expect(codes(plan, 'warn')).toEqual(['TABLES_NOT_REPLICATED']);
});

test('mismatch before any stream follows: a new ticket that replaces the clone', () => {
  const plan = planApply(contract, { ...cloned(contract), ticket: { ...TICKET, nonce: OTHER_NONCE } });
  expect(outline(plan)).toEqual(['-/+ source/clone-ticket']);
  expect(nonceOf(plan.changes[0])).toBeNull();
  expect(plan.nextStep?.reason).toContain('has to be replaced');
});

test('and so does one that covers a stream no more, also that of the clone itself', () => {
  const observation = edit(cloned(contract), ({ source }) => {
    source.databases.ledger!.publications = [publication('acas_demo_ledger', null)];
  });
  const plan = planApply(contract, observation);
  expect(nonceOf(plan.changes[0])).toBeNull();
  expect(plan.nextStep?.reason).toContain('has to be replaced');
});

test('mismatch while a stream follows: refused, because a younger slot may have missed changes', () => {
  const observation = edit(following(contract), ({ source }) => {
    source.databases.ledger!.publications = [publication('acas_demo_ledger', null)];
  });
  const plan = planApply(contract, observation);
  expectBlocked(plan, 'TICKET_INCOMPLETE');
  expect(findingOf(plan, 'TICKET_INCOMPLETE').seen).toContain('ledger');
});

test('a database added to an environment that follows never gets a publication on the side', () => {
  const extended: SourceContract = sourceContract(['shop', 'ledger', 'audit']);
  const observation = edit(following(contract), ({ source, target }) => {
    source.databases.audit = {
      exists: true,
      publications: [],
      tables: [table('events', { ...UNIDENTIFIED })],
      mayCreate: true,
      connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
    };
    target!.databases.audit = { exists: true, publications: [], writtenTables: [], streams: {} };
  });
  expectBlocked(planApply(extended, observation), 'TICKET_INCOMPLETE');
  expectBlocked(planApply(extended, { ...observation, ticket: null }), 'TICKET_INCOMPLETE');
});

test('a slot that moved before the clone was taken makes the ticket anew', () => {
  const moved = edit(ticketed(contract), ({ source }) => (source.slots[1]!.confirmedFlushLsn = FLUSH));
  const plan = planApply(contract, moved);
  expect(outline(plan)).toEqual(['-/+ source/clone-ticket']);
  expect(plan.changes[0]!.reason).toContain('ledger');
});

test('a slot dropped before the clone was taken is made anew, and the ticket with it', () => {
  const dropped = edit(ticketed(contract), ({ source }) => (source.slots = [slot('acas_demo_ledger', 'ledger')]));
  expect(outline(planApply(contract, dropped))).toEqual([
    '+ source/shop/slot/acas_demo_shop',
    '-/+ source/clone-ticket',
  ]);
});

test('a clone of an earlier ticket does not keep a stale ticket alive', () => {
  const dropped = edit(cloned(contract), ({ source, target }) => {
    target!.deployedNonce = OTHER_NONCE;
    source.slots = [slot('acas_demo_ledger', 'ledger')];
  });
  const plan = planApply(contract, dropped);
  expect(outline(plan)).toEqual(['+ source/shop/slot/acas_demo_shop', '-/+ source/clone-ticket']);
  expect(plan.nextStep?.command).toBe('cdktf deploy demo-target');
});

test('a slot dropped after the clone was taken ends the alignment', () => {
  const dropped = edit(
    following(contract),
    ({ source }) => (source.slots = source.slots.filter(({ name }) => name !== 'acas_demo_shop')),
  );
  expectBlocked(planApply(contract, dropped), 'SLOT_LOST');
});
