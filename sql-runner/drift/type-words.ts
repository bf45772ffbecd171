import { displayTable } from '../model/table-selection';
import { quoteQualified } from '../postgres/text/quoting';
import { alike, paired } from './difference';
import type { TypeFacts } from './facts';

/** What texts of the server mean that name a type which is not yet the same on both sides. */
export interface TypeWords {
  /** Both texts name one type, which is renamed or moved on the source. */
  readonly same: (there: string, here: string) => boolean;
  /** The type is told of itself: texts with its name or its labels may say the same in other words. */
  readonly unsettled: (type: string) => boolean;
}

export function typeWords(source: readonly TypeFacts[], clone: readonly TypeFacts[]): TypeWords {
  const both = paired(source, clone, (type) => displayTable(type));
  const former = new Map(both.flatMap(({ there, here }) => (there === null ? [[here!.oid, here!] as const] : [])));
  const renamed = new Map<string, string>();
  const unsettled = new Set<string>();
  for (const { there, here } of both) {
    if (there === null) continue;
    const was = here === null ? former.get(there.oid) : here;
    const isSame = here !== null && alike(there.labels, here.labels);
    if (was === undefined || isSame) continue;
    for (const name of namesOf(there)) {
      unsettled.add(name);
      if (here === null && was.kind === there.kind) renamed.set(name, displayTable(was));
    }
  }
  return {
    same: (there, here) => {
      const was = renamed.get(element(there));
      return was !== undefined && was === plain(element(here)) && there.endsWith('[]') === here.endsWith('[]');
    },
    unsettled: (type) => unsettled.has(element(type)),
  };
}

const element = (type: string): string => type.replace(/(\[\])+$/, '');
/** As it would be displayed: the server quotes words as well that SQL reserves. */
const plain = (type: string): string => type.replace(/"([a-z_][a-z0-9_]*)"/g, '$1');
const namesOf = (type: TypeFacts): string[] => [displayTable(type), quoteQualified(type)];
