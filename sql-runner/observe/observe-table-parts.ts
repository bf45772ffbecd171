import type { SourceContract } from '../../contract/contract';
import type { Ask } from '../connections/reading';
import type { PublicationFacts, SourceDatabaseFacts } from '../model/observation';
import { streamsOf } from '../model/streams';
import { tableParts, type AskedPart } from '../postgres/catalog/table-parts';

/** What is to be judged of tables of which the environment selects a part; nothing where there are none. */
export async function readTableParts(
  ask: Ask,
  contract: SourceContract,
  database: string,
  publications: readonly PublicationFacts[],
): Promise<Pick<SourceDatabaseFacts, 'tableParts'>> {
  const asked = streamsOf(contract).flatMap((of): AskedPart[] => {
    const { publication, selection } = of.stream;
    if (of.database !== database || selection.kind !== 'tables') return [];
    const sent = publications.find(({ name }) => name === publication)?.tables ?? [];
    return selection.tables.flatMap(({ schema, name, where, columns }) => {
      if (where === undefined && columns === undefined) return [];
      const own = sent.find((table) => table.schema === schema && table.name === name);
      return [{ schema, name, where: where ?? null, filter: own?.filter ?? null }];
    });
  });
  return asked.length === 0 ? {} : { tableParts: await ask(tableParts, asked) };
}
