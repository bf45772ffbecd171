import { z } from 'zod';
import type { Code } from '../../errors/codes';

/** What a rule adds to a Zod issue, so that the loader can tell people why and what next. */
export interface RuleText {
  readonly code: Code;
  readonly why: string;
  readonly next: string;
}

export interface TextRule extends Omit<RuleText, 'next'> {
  readonly next: string | ((value: string) => string);
  readonly accepts: (value: string) => boolean;
  readonly seen: (value: string) => string;
}

export interface EditorHints {
  readonly description: string;
  readonly pattern?: string;
  readonly examples?: readonly string[];
}

/**
 * A string with rules of its own. The rules are refinements, not transforms:
 * the JSON Schema for editors is generated from the same object, and it cannot
 * hold a transform. `pattern` is what editors check while typing. Only the first
 * broken rule is reported, so the most telling rule goes first.
 */
export function textWith(rules: readonly TextRule[], hints: EditorHints) {
  return z
    .string()
    .superRefine((value, context) => {
      const broken = rules.find((rule) => !rule.accepts(value));
      if (broken === undefined) return;
      const { code, why } = broken;
      const next = typeof broken.next === 'string' ? broken.next : broken.next(value);
      context.addIssue({ code: 'custom', message: broken.seen(value), params: { code, why, next } satisfies RuleText });
    })
    .meta({ ...hints });
}

/** A list in which no two entries may mean the same. */
export function uniqueList<T extends z.ZodType>(
  item: T,
  minimum: number,
  description: string,
  meaning: (entry: z.infer<T>) => string = String,
) {
  return z
    .array(item)
    .min(minimum)
    .superRefine((values, context) => {
      const meanings = values.map(meaning);
      values.forEach((value, index) => {
        if (meanings.indexOf(meaning(value)) === index) return;
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `${JSON.stringify(value)} is listed twice.`,
          params: {
            code: 'DUPLICATE_ENTRY',
            why: 'Once says it; mostly one of the two was meant to be another.',
            next: 'Remove one of the two.',
          } satisfies RuleText,
        });
      });
    })
    .meta({ description, uniqueItems: true });
}
