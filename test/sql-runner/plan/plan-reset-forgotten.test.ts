import type { Observation } from '../../../sql-runner/model/observation';
import { streamOf, streamsOf } from '../../../sql-runner/model/streams';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { sourceContract, stream } from '../support/contract';
import { edit, following, untouched } from '../support/observations';
import { codes, outline } from '../support/plans';

const contract = sourceContract();

describe('a database that the environment names no more', () => {
  const shop = sourceContract(['shop']);
  const [, ledger] = streamsOf(contract);
  const left = edit(following(contract), ({ source }) => {
    source.forgotten.push(ledger!);
    source.databases.ledger!.connectGrant.hasGrant = true;
  });
  const forgotten = (observation: Observation) =>
    outline(planReset(shop, observation)).filter((line) => line.includes('ledger'));

  test('is let go of: what reads it, its slot, and last what it is published by', () => {
    const lines = outline(planReset(shop, left));
    expect(forgotten(left)).toEqual([
      '- target/ledger/subscription/acas_demo_ledger',
      '- source/ledger/slot/acas_demo_ledger',
      '- source/ledger/publication/acas_demo_ledger',
      '- source/ledger/heartbeat/acas_demo_ledger',
      '- source/ledger/connect-grant/acas_demo',
    ]);
    expect(lines.slice(-3)).toEqual(forgotten(left).slice(-3));
    expect(codes(planReset(shop, left), 'warn')).toEqual(['CLONE_TO_BE_REPLACED']);
    expect(planReset(shop, left).changes.at(-1)!.operation).toEqual({
      kind: 'sql',
      place: { side: 'source', database: 'ledger' },
      guards: [],
      statements: [{ text: 'REVOKE CONNECT ON DATABASE "ledger" FROM "acas_demo"' }],
    });
  });

  test('keeps the grant while another stream of it is named, and has none to lose', () => {
    const withGrant = forgotten(edit(left, ({ source }) => (source.databases.ledger!.connectGrant.hasGrant = false)));
    expect(withGrant.filter((line) => line.includes('connect-grant'))).toEqual([]);
    const lines = outline(planReset(contract, left));
    expect(lines.filter((line) => line.includes('connect-grant'))).toEqual([]);
  });

  test('and that was not read is said, not passed over', () => {
    const unread = edit(left, ({ source }) => Object.assign(source, { databases: { shop: source.databases.shop! } }));
    expect(forgotten(unread)).toEqual([]);
    expect(codes(planReset(shop, unread), 'warn')).toEqual(['CLONE_TO_BE_REPLACED', 'STREAM_FORGOTTEN']);
  });

  test('that is all there is of ours is something to reset', () => {
    const alone = edit(untouched(contract), ({ source }) => {
      source.forgotten.push(ledger!);
      Object.assign(source.databases.ledger!, { publications: left.source.databases.ledger!.publications });
    });
    expect(forgotten(alone)).toContain('- source/ledger/publication/acas_demo_ledger');
  });
});

test('a slot whose publication was renamed is dropped with it, and made again', () => {
  const all = sourceContract();
  const moved = edit(following(all), ({ source }) => {
    source.databases.shop!.publications[0]!.name = 'moved';
    source.forgotten.push(streamOf('shop', { ...stream('shop'), publication: 'moved' }));
  });
  expect(outline(planReset(all, moved)).filter((line) => line.endsWith('shop/slot/acas_demo_shop'))).toEqual([
    '- source/shop/slot/acas_demo_shop',
    '+ source/shop/slot/acas_demo_shop',
  ]);
});
