import { followedBy } from '../../model/added-tables';
import type { SubscriptionMark } from '../../model/mark';
import type { PublicationFacts } from '../../model/observation';
import { publicationFacts } from '../../observe/observe-database';
import { publications, type Publication } from '../../postgres/catalog/publications';
import type { Session } from '../../postgres/session';
import { alteredSince, digestOf, rememberedAlterations } from '../../resources/publication-rows';

/** How both sides' publications look beside each other. */
export interface Known {
  readonly altered: readonly string[];
  readonly digest: string;
  readonly alterations: string[] | undefined;
}

export const publicationNamed = async (session: Session, name: string): Promise<Publication | undefined> =>
  (await publications(session)).find((one) => one.name === name);

export function knownOf(
  mark: SubscriptionMark,
  copy: Publication | undefined,
  publication: Publication | undefined,
): Known {
  const [here, there] = [factsOf(copy), factsOf(publication)];
  const inherited = followedBy(here, there, mark);
  return {
    altered: alteredSince(there, inherited),
    digest: digestOf(there?.rows, inherited?.rows),
    alterations: rememberedAlterations(there?.rows, inherited?.rows),
  };
}

const factsOf = (publication: Publication | undefined): PublicationFacts | null =>
  publication === undefined ? null : publicationFacts(publication);

/** Only where all was well before, and nothing but what we did ourselves is another one now. */
export function remembered(
  mark: SubscriptionMark,
  before: Known,
  after: Known,
  isOurs: (what: string) => boolean,
): Partial<SubscriptionMark> {
  if (after.digest === before.digest) return {};
  const wasWell = before.altered.length === 0 || before.digest === mark.published;
  const more = after.altered.filter((what) => !before.altered.includes(what));
  return wasWell && more.every(isOurs) ? { published: after.digest, alterations: after.alterations } : {};
}
