import type { Condition, PolicyDocument } from '../../iam/policy/grant';

/** A call as IAM judges it: one of these for each resource that the call names. */
export interface Request {
  readonly action: string;
  /** `*` where the action knows no resources. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** As IAM evaluates identity policies without denials: allowed where one statement allows it. */
export function allows(documents: readonly PolicyDocument[], { action, resource, context = {} }: Request): boolean {
  return documents
    .flatMap(({ Statement }) => Statement)
    .some(
      (statement) =>
        statement.Action.some((pattern) => like(pattern, action)) &&
        statement.Resource.some((pattern) => like(pattern, resource)) &&
        holds(statement.Condition ?? {}, context),
    );
}

function holds(condition: Condition, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => {
      const seen = context[key];
      if (seen === undefined) return operator.endsWith('IfExists');
      return [wanted].flat().some((one) => OPERATORS[operator]!(one, seen));
    }),
  );
}

const equals = (one: string, other: string) => one === other;

/** Those in use (IAM user guide, "Condition operators"). */
export const OPERATORS: Readonly<Record<string, (wanted: string, seen: string) => boolean>> = {
  StringEquals: equals,
  StringEqualsIfExists: equals,
  'ForAnyValue:StringEquals': equals,
  Bool: equals,
  StringLike: like,
  ArnEquals: like,
};

function like(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(text);
}
