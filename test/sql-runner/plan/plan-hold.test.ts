import fc from 'fast-check';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type PlanMode } from '../../../sql-runner/model/plan';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { asConsented, heldIn } from '../../../sql-runner/resources/held-stream';
import { sourceContract } from '../support/contract';
import { edit, following } from '../support/observations';
import { outline } from '../support/plans';
import { carryOut } from '../support/simulate';

const contract = sourceContract();
const plan = (mode: PlanMode, world: Observation) => planFor(mode, contract, world);

/** A run that dies after so many changes. */
function run(mode: PlanMode, world: Observation, survives = Infinity): Observation {
  const { changes } = plan(mode, world);
  return changes.slice(0, survives).reduce((now, change) => carryOut(contract, now, change), world);
}

const begun = following(contract);
const held = run('hold', begun);
const blocking = (mode: PlanMode, world: Observation) =>
  plan(mode, world)
    .findings.filter(({ severity }) => severity === 'block')
    .map(({ code }) => code);
/** All but where the source stands. */
const shape = ({ source: { server: _, ...source }, ...rest }: Observation) => ({ ...rest, source });

test('what is held goes on as it was, wherever runs of hold and of resume die', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 4 }), fc.array(fc.nat(3), { maxLength: 4 }), (holds, resumes) => {
      const paused = [...holds, Infinity].reduce((world, survives) => run('hold', world, survives), begun);
      expect(outline(plan('hold', paused))).toEqual([]);
      const again = [...resumes, Infinity].reduce((world, survives) => run('resume', world, survives), paused);
      expect(shape(again)).toEqual(shape(begun));
      expect([plan('apply', again).changes, plan('apply', again).findings]).toEqual([[], []]);
    }),
    { numRuns: 60 },
  );
});

test('an apply leaves it alone and is refused; a reset and a teardown go their way', () => {
  expect(plan('apply', held).changes).toEqual([]);
  expect([isBlocked(plan('apply', held)), blocking('apply', held)]).toEqual([true, ['STREAM_HELD', 'STREAM_HELD']]);
  expect(heldIn(contract, held)).toEqual(['acas_demo_shop', 'acas_demo_ledger']);
  expect(heldIn(contract, begun)).toEqual([]);
  for (const mode of ['reset', 'teardown'] as const) expect(blocking(mode, held)).toEqual([]);
  expect(outline(plan('teardown', held))).toEqual(outline(plan('teardown', begun)));
});

test('to doctor it is no fault, and other findings stay what they are', () => {
  const { findings } = plan('apply', held);
  const other = { ...findings[0]!, code: 'HOLD_BROKEN' } as const;
  expect(asConsented([findings[0]!, other]).map(({ severity }) => severity)).toEqual(['warn', 'block']);
});

test('one that goes on is enough for the rest to be refused by an apply, and let go on by a resume', () => {
  const half = run('resume', held, 1);
  expect(blocking('apply', half)).toEqual(['STREAM_HELD']);
  expect(outline(plan('resume', half))).toHaveLength(1);
});

test('verify says of a held stream that equal rows prove nothing yet', () => {
  const [of] = streamFacts(contract, held);
  expect(verifyScope(contract, held, of!).doubts.join()).toContain('is held by consent since');
});

test('given up: the slots are gone, and only a new clone is a way out', () => {
  for (const world of [begun, held]) {
    const released = run('release', world);
    expect(released.source.slots.filter(({ name }) => name.startsWith('acas_demo_'))).toEqual([]);
    expect(blocking('resume', released)).toContain('SLOT_LOST');
    expect(outline(plan('release', released))).toEqual([]);
    expect(plan('release', released).nextStep?.command).toBe('sql-runner reset demo');
    expect(blocking('reset', released)).toEqual([]);
  }
});

test('a rotation that dies after either step is completed by an apply, and by another one', () => {
  for (const survives of [1, 2])
    for (const mode of ['apply', 'rotate'] as const) {
      const healed = run(mode, run('rotate', begun, survives));
      expect([plan('apply', healed).changes, plan('apply', healed).findings]).toEqual([[], []]);
      expect(healed.source.secretVersion).not.toBe(begun.source.secretVersion);
    }
});

test('rotated while it is held, it goes on with the new password', () => {
  const rotated = run('rotate', held);
  expect(outline(plan('resume', rotated))).toEqual(outline(plan('resume', held)));
  const changed = edit(held, ({ source }) => (source.secretVersion = 'another'));
  expect(outline(plan('resume', changed))).toHaveLength(4);
});
