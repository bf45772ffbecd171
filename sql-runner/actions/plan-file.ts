import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../../errors/operator-error';
import { redact } from '../explain/redaction';
import type { Plan } from '../model/plan';
import { unwritable } from './plan-place';

/**
 * A saved plan is a promise, not a script: apply plans anew and only goes on
 * when the result is the same. So nothing in the file is ever executed.
 */
const planFileSchema = z.object({
  version: z.literal(1),
  checksum: z.string(),
  plan: z.looseObject({
    environment: z.string(),
    mode: z.enum([
      'apply',
      'teardown',
      'reset',
      'hold',
      'release',
      'resume',
      'rotate',
      'sequences',
      'refresh',
      'large-objects',
      'skip',
      'resync',
      'repair',
    ]),
    fingerprint: z.string(),
    changes: z.array(z.unknown()),
  }),
});

export async function writePlanFile(file: string, plan: Plan): Promise<void> {
  const text = `${JSON.stringify({ version: 1, checksum: checksum(plan), plan }, null, 2)}\n`;
  if (redact(text) !== text) throw holdsSecret(file, plan);
  await writeFile(file, text).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}

export async function readPlanFile(file: string): Promise<Plan> {
  const content = await parse(file);
  if (checksum(content.plan) !== content.checksum) {
    throw new OperatorError({
      code: 'PLAN_FILE_CHANGED',
      seen: `${file} was changed after it was saved`,
      why: 'what was reviewed is not what the file says now',
      next: `make a new one: sql-runner plan ${content.plan.environment} --out ${file}`,
    });
  }
  return content.plan as unknown as Plan;
}

/** A password that is also a name in the plan, or a defect of ours: in either case the file would give it away. */
function holdsSecret(file: string, plan: Plan): OperatorError {
  return new OperatorError({
    code: 'PLAN_HOLDS_SECRET',
    seen: `the text of the plan of ${plan.environment} contains one of its passwords, so ${file} was not written`,
    why: 'saved plans are reviewed and kept: whoever reads one would know the password',
    next: 'choose a password that is not the name of a role, database or table; if it is not one, please report this',
  });
}

async function parse(file: string): Promise<z.infer<typeof planFileSchema>> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(`${file} cannot be read: ${cause.message}`, cause);
  });
  try {
    const content: unknown = JSON.parse(text);
    planFileSchema.parse(content);
    // Not what the schema returns: it orders keys its own way, and the checksum is of the text.
    return content as z.infer<typeof planFileSchema>;
  } catch (cause) {
    throw unreadable(`${file} is not a plan saved by this version of sql-runner`, cause);
  }
}

function unreadable(seen: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'PLAN_FILE_UNREADABLE',
    seen,
    why: 'only a saved plan can be applied without asking',
    next: 'make one: sql-runner plan ENVIRONMENT --out FILE',
    cause,
  });
}

function checksum(plan: unknown): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}
