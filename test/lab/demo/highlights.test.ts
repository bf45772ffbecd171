import {
  adviceOf,
  applyHighlights,
  nextStepOf,
  planSummary,
  sequenceHighlights,
  statementsOnClone,
  terraformSummary,
} from '../../../lab/demo/highlights';

test('what the target stack puts out for want of a clone is found as it is listed, and where it is not', () => {
  const said =
    'There is no clone yet, for want of a ticket. Run: sql-runner apply demo, then cdktf deploy demo-target again.';
  expect(nextStepOf(`  demo-target\n  next_step = ${said}\n\n`)).toBe(said);
  expect(nextStepOf(`demo-target  next_step = "${said}"\n`)).toBe(said);
  expect(nextStepOf('  demo-target\n  contract = {}')).toBe('');
});

test('of a plan only the summary is told, of an apply every finished change', () => {
  const plan =
    '  + source/role/x\n      why\n\nPlan: 1 to add, 0 to change, 0 to destroy.\n\nAfter that: cdktf deploy x (y)\n';
  expect(planSummary(plan)).toEqual(['Plan: 1 to add, 0 to change, 0 to destroy.', 'After that: cdktf deploy x (y)']);
  expect(applyHighlights(`${plan}  [1/1] + source/role/x  0.1 s\nDone. 1 added.\n`)).toEqual([
    '[1/1] + source/role/x  0.1 s',
    'Done. 1 added.',
  ]);
});

test('of a run of sequences one statement is told, and how it ended', () => {
  const run = `  ~ target/shop/sequences\n        SELECT setval('"public"."a"', 9, true);  -- 7 forward
        SELECT setval('"public"."b"', 3, true);  -- 1 forward\n  [1/1] ~ target/shop/sequences  0.1 s\nDone. 1 changed.\n`;
  expect(sequenceHighlights(run, 'public.a')).toEqual([
    `SELECT setval('"public"."a"', 9, true);  -- 7 forward`,
    '[1/1] ~ target/shop/sequences  0.1 s',
    'Done. 1 changed.',
  ]);
});

test('numbers of Terraform and advice of an error are found, or empty', () => {
  expect(terraformSummary('x  Apply complete! Resources: 9 added, 0 changed, 0 destroyed.\n')).toBe(
    'Apply complete! Resources: 9 added, 0 changed, 0 destroyed.',
  );
  expect(terraformSummary('Planning failed.')).toBe('');
  expect(adviceOf('Error X\n  seen\n  What to do: use --allow-reboot\n')).toBe('use --allow-reboot');
});

test('the statements of an advice come out of its wrapped lines, and of no advice none', () => {
  const advice = `
  What to do: skip no transaction; see what it is (SELECT * FROM ONLY
    "public"."customers" WHERE "id" = '7'), keep what is needed of it elsewhere,
    then delete it, in database shop on the clone: DELETE FROM ONLY
    "public"."customers" WHERE "id" = '7';
`;
  expect(statementsOnClone(advice)).toEqual({
    database: 'shop',
    look: `SELECT * FROM ONLY "public"."customers" WHERE "id" = '7'`,
    heal: `DELETE FROM ONLY "public"."customers" WHERE "id" = '7';`,
  });
  expect(statementsOnClone('  What to do: wait')).toBeNull();
});
