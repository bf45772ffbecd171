import type { Plan } from '../../../sql-runner/model/plan';

/** All of a plan that a review looks at. */
export function described({ changes, findings, nextStep }: Plan) {
  return {
    changes: changes.map(({ id, address, action, consent, preview, operation, reason }) => ({
      id: `${action} ${id} on the ${address.side}${consent === undefined ? '' : `, ${consent}`}: ${reason}`,
      preview,
      operation:
        operation.kind !== 'sql'
          ? operation
          : {
              guards: operation.guards.map(({ place, sql, values, refusal }) => ({
                place,
                sql,
                values,
                refusal: `${refusal.code}: ${refusal.seen}`,
              })),
              statements: operation.statements,
              place: operation.place,
            },
    })),
    findings: findings.map(({ code, severity, seen }) => `${severity} ${code}: ${seen}`),
    nextStep: nextStep === null ? null : `${nextStep.command}: ${nextStep.reason}`,
  };
}
