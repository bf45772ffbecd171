import {
  adviceOf,
  applyHighlights,
  planSummary,
  preconditionMessage,
  statementsOnClone,
  terraformSummary,
} from '../../../lab/demo/highlights';

const REFUSED = `
demo-target  ╷
             │ Error: Resource precondition failed
             │
             │   on cdk.tf.json line 121, in resource.aws_rds_cluster.clone_cluster.lifecycle.precondition[0]:
             │  121:             "condition": "\${contains(data.x.names, \\"y\\")}",
             │
             │ No clone ticket for environment demo. Run: sql-runner apply demo — it
             │ creates the replication slots first.
             ╵
demo-target  ╷
             │ Error: Resource precondition failed
`;

test('the message of a precondition comes out of its box in one piece', () => {
  expect(preconditionMessage(REFUSED, 'demo-target')).toBe(
    'No clone ticket for environment demo. Run: sql-runner apply demo — it creates the replication slots first.',
  );
});

test("cdktf's progress in between is no part of the message", () => {
  const progress =
    '\n\n0 Stacks deploying     1 Stack done     0 Stacks waiting\nInvoking Terraform CLI failed with exit code 1\n\n';
  const torn = REFUSED.replace('precondition failed\n', `precondition failed\n${progress}`);
  expect(preconditionMessage(torn, 'demo-target')).toMatch(/^No clone ticket for environment demo\./);
});

test('a box that cdktf has taken away, with the empty line before the message', () => {
  const values = 'data.x (clone-ticket/parameters).names is empty list of string';
  const open = `
             Error: Resource precondition failed

               on cdk.tf.json line 149, in resource.aws_rds_cluster.clone_cluster.lifecycle.precondition[0]:
              149:               "condition": "\${contains(data.x.names, \\"y\\")}",
                 ├────────────────
                 │ ${values}
demo-target  No clone ticket for environment demo. Run: sql-runner apply demo — it creates
             the replication slots first.


0 Stacks deploying     1 Stack done     0 Stacks waiting`;
  const message =
    'No clone ticket for environment demo. Run: sql-runner apply demo — it creates the replication slots first.';
  expect(preconditionMessage(open, 'demo-target')).toBe(message);
  expect(preconditionMessage(open.replace('demo-target  No', '\n             No'), 'demo-target')).toBe(message);
  const boxed = REFUSED.replace(
    '             │ No',
    `             │     ├──\n             │     │ ${values}\n             │ No`,
  );
  expect(preconditionMessage(boxed, 'demo-target')).toBe(message);
});

test('another failure is not taken for a precondition', () => {
  expect(preconditionMessage('│ Error: Unable to find remote state', 'demo-target')).toBe('');
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
