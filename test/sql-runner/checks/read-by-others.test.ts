import { streamOf } from '../../../sql-runner/model/streams';
import { checkReadByOthers } from '../../../sql-runner/checks/read-by-others';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import type { Observation } from '../../../sql-runner/model/observation';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract, stream } from '../support/contract';
import { edit, following, prepared, publication, slot, type Draft } from '../support/observations';
import { codes } from '../support/plans';

/** Of a publication that is dropped: who may read it beside our clone. */
const contract = sourceContract();
const seen = (change: (draft: Draft<Observation>) => void) => edit(following(contract), change);
const shared = seen(({ source }) => source.slots.push(slot('reports', 'shop'), slot('dwh', 'shop')));
const OF_STAGING = formatMark({ kind: 'publication', environment: 'staging', slot: 'acas_staging_shop' });

describe('PUBLICATION_READ_BY_OTHERS', () => {
  test('is told by a teardown, of the database in which others have slots, and keeps nothing from being done', () => {
    const plan = planTeardown(contract, shared);
    const found = plan.findings.filter(({ code }) => code === 'PUBLICATION_READ_BY_OTHERS');
    expect(found).toMatchObject([{ severity: 'warn' }]);
    expect(found[0]!.seen).toMatch(
      /^slot reports, dwh in database shop .* may send by publication acas_demo_shop, which/,
    );
    expect(plan.changes.map(({ id }) => id)).toContain('source/shop/publication/acas_demo_shop');
  });

  test('is told by a reset of a publication that it drops, not of those that it keeps', () => {
    expect(codes(planReset(contract, shared), 'warn')).not.toContain('PUBLICATION_READ_BY_OTHERS');
    const forgotten = edit(shared, ({ source }) => {
      source.databases.old = {
        ...source.databases.ledger!,
        publications: [publication('acas_demo_old', 'acas_demo_old')],
      };
      source.forgotten.push(streamOf('old', stream('old')));
      source.slots.push(slot('acas_demo_old', 'old'), slot('reports_old', 'old'));
    });
    const { findings } = planReset(contract, forgotten);
    const told = findings.filter(({ code }) => code === 'PUBLICATION_READ_BY_OTHERS');
    expect(told.map((one) => one.seen)).toEqual([
      expect.stringMatching(/^slot reports_old in database old on the source/),
    ]);
  });

  test.each<[string, (draft: Draft<Observation>) => void]>([
    ['nobody else has a slot', () => undefined],
    ['others have one in another database', ({ source }) => source.slots.push(slot('reports', 'postgres'))],
    [
      'it is that of another environment, which has its own publication',
      ({ source }) => {
        source.slots.push(slot('acas_staging_shop', 'shop'));
        source.databases.shop!.publications.push(publication('acas_staging_shop', null, { comment: OF_STAGING }));
      },
    ],
  ])('is not told where %s', (_, change) => {
    const observation = seen(change);
    expect(checkReadByOthers(contract, observation.source, planTeardown(contract, observation).changes)).toEqual([]);
  });

  test.each(['update', 'replace'] as const)('is told of one that is given other tables: %s', (action) => {
    const changes = planTeardown(contract, shared).changes.map((change) => ({ ...change, action }));
    expect(checkReadByOthers(contract, shared.source, changes)).toMatchObject([
      {
        seen: expect.stringMatching(/publication acas_demo_shop, which is given other tables: /),
        why: expect.stringMatching(/^a subscription gets nothing more of a table that leaves/),
      },
    ]);
  });

  test('is not told of what is made', () => {
    const made = planTeardown(contract, shared).changes.map((change) => ({ ...change, action: 'create' as const }));
    expect(checkReadByOthers(contract, shared.source, made)).toEqual([]);
  });

  test('is told by an apply and a reset that give a publication other tables, and not by what leaves it as it is', () => {
    const fewer = edit(prepared(contract), ({ source }) => {
      source.slots.push(slot('reports', 'shop'));
      const comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
      source.databases.shop!.publications = [publication('acas_demo_shop', null, { comment, tables: [] })];
    });
    expect(codes(planApply(contract, fewer), 'warn')).toContain('PUBLICATION_READ_BY_OTHERS');
    expect(codes(planReset(contract, fewer), 'warn')).toContain('PUBLICATION_READ_BY_OTHERS');
    expect(codes(planApply(contract, shared), 'warn')).not.toContain('PUBLICATION_READ_BY_OTHERS');
  });
});
