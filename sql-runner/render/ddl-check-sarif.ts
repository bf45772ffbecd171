import { CODES } from '../../errors/codes';
import type { CheckedMigration } from '../actions/ddl-check';
import { CODES_TOLD, told } from './ddl-check-words';

/** SARIF 2.1.0, as code scanning of GitHub and others take it. */
export function ddlCheckSarif({ judged }: CheckedMigration): object {
  const found = judged.flatMap((unit) => told(unit) ?? []);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sql-runner ddl check',
            rules: CODES_TOLD.map((id) => ({ id, shortDescription: { text: CODES[id] } })),
          },
        },
        results: found.map(({ statement, code, grave, words }) => ({
          ruleId: code,
          level: grave ? 'error' : 'warning',
          message: { text: words },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: statement.file.split('\\').join('/') },
                region: { startLine: statement.line },
              },
            },
          ],
        })),
      },
    ],
  };
}
