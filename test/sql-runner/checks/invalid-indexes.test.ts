import type { Finding } from '../../../sql-runner/model/change';
import type { InvalidIndex } from '../../../sql-runner/postgres/catalog/invalid-indexes';
import { after, definition, halfBuilt, sent, unconnected, type Edit } from './provocations';

const of = (code: string, change: Edit): Finding[] =>
  // Whatever is no finding at all is not to be overlooked.
  after(change).filter((finding) => finding.code === code || finding.code === undefined);

describe('a half-built index of the clone', () => {
  type Twin = { oid: number; name: string; valid: boolean };
  /** @param there on the source; null: the definitions were not read */
  const half =
    (there: Twin[] | null, here: Partial<InvalidIndex> = {}, more: Edit = () => undefined): Edit =>
    (world) => {
      world.target.databases.shop!.invalidIndexes.push({ ...halfBuilt, ...here });
      if (there !== null)
        world.shapes.shop = { pairs: [], unread: [], usedTypes: [], typesOnClone: [], indexesThere: there };
      more(world);
    };
  const found = (change: Edit) =>
    of('INDEX_HALF_BUILT', change).map(({ severity, seen }) => `${severity} ${seen.replace(/.* is seen; /, '')}`);
  const twin = (valid: boolean, more: Partial<Twin> = {}): Twin => ({ oid: 900, name: 'Half', valid, ...more });
  const published: Edit = ({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    target.databases.shop!.definitions.push(definition);
  };
  const NONE = 'the source has not the same one';
  const HALF = 'that of the source is not valid either';

  test.each<[string, Edit, string[]]>([
    ['that the source has too', half([twin(false)]), [`warn ${HALF}`]],
    [
      'that the source has finished',
      half([twin(true)]),
      ['warn that of the source has been finished since the clone was taken'],
    ],
    ['that the source has not', half([]), [`warn ${NONE}`]],
    [
      'by which the source has another',
      half([twin(false, { oid: 901 }), twin(true, { name: 'Other' })]),
      [`warn ${NONE}`],
    ],
    ['that is being built', half([twin(false)], { building: true }), []],
    ['that a clone which is not connected loses anyway', half([twin(false)], {}, unconnected), [`info ${HALF}`]],
    [
      'that such a clone keeps: the source has finished it',
      half([twin(true)], {}, unconnected),
      ['warn that of the source has been finished since the clone was taken'],
    ],
    ['that such a clone keeps: the source has not got it', half([], {}, unconnected), [`warn ${NONE}`]],
    ['of which another check tells: unique, and refusing what is replicated', half([], {}, published), []],
    ['of which it does not: not unique', half([], { unique: false }, published), [`warn ${NONE}`]],
    ['of which it does not: no row is entered', half([], { ready: false }, published), [`warn ${NONE}`]],
    ['of which it does not: the source has it too', half([twin(false)], {}, published), [`warn ${HALF}`]],
  ])('%s', (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });
});
