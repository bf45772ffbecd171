import { ACCEPTABLE_CODES } from '../../contract/acceptable-codes';
import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';

/** What the environment file accepts becomes a note. Correctness cannot be accepted: the list of codes says so. */
export function acknowledge(contract: SourceContract, findings: readonly Finding[]): Finding[] {
  const accepted = new Set(
    contract.acknowledge.filter((code) => (ACCEPTABLE_CODES as readonly string[]).includes(code)),
  );
  return findings.map((finding) =>
    accepted.has(finding.code)
      ? { ...finding, severity: 'info', seen: `${finding.seen} (acknowledged in the environment file)` }
      : finding,
  );
}
