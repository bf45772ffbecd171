import type { PolicyDocument, Statement } from './grant';

/** Characters of a customer managed policy, without white space (IAM user guide, "IAM and AWS STS quotas"). */
export const LONGEST_POLICY = 6144;

export const lengthOf = (document: PolicyDocument): number => JSON.stringify(document).replace(/\s/g, '').length;

/** As many policies as the statements need, in their order. A role has ten of them attached, unless its quota is raised. */
export function packed(statements: readonly Statement[]): PolicyDocument[] {
  const documents: Statement[][] = [];
  for (const statement of statements) {
    const last = documents.at(-1);
    if (last !== undefined && lengthOf(documentOf([...last, statement])) <= LONGEST_POLICY) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map(documentOf);
}

const documentOf = (Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
