import fc from 'fast-check';
import { formatConninfo } from '../../../sql-runner/postgres/text/conninfo';
import { compareLsn, formatLsn, lsnDistance, parseLsn } from '../../../sql-runner/postgres/text/lsn';
import { quoteQualified } from '../../../sql-runner/postgres/text/quoting';
import { scramVerifier } from '../../../sql-runner/postgres/text/scram';

describe('conninfo', () => {
  const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
  const key = fc.stringMatching(/^[a-z_]+$/).filter((text) => text !== '__proto__');

  it('gives back any values', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (params) => {
        expect(parseConninfo(formatConninfo(params))).toEqual(params);
      }),
    );
  });

  it('quotes what a password may contain', () => {
    expect(formatConninfo({ host: 'h', port: 5432, password: `james-bond123@7!'3aaR` })).toBe(
      `host='h' port='5432' password='james-bond123@7!\\'3aaR'`,
    );
    expect(formatConninfo({ password: `\\' host=evil` })).toBe(`password='\\\\\\' host=evil'`);
  });

  it('reads unquoted values and blanks as libpq does', () => {
    expect(parseConninfo(` host = a\\ b  user=''\tport=1 `)).toEqual({ host: 'a b', user: '', port: '1' });
    expect(() => parseConninfo(`host='open`)).toThrow(SyntaxError);
  });

  it('refuses what cannot be written, without repeating the value', () => {
    expect(() => formatConninfo({ 'host=x user': 'a' })).toThrow(TypeError);
    expect(() => formatConninfo({ password: 'sec\0ret' })).toThrow(/^A conninfo value cannot contain a NUL character$/);
  });
});

/** Reads a conninfo as libpq's conninfo_parse does. */
function parseConninfo(text: string): Record<string, string> {
  const pair = /\s*([^\s=]+)\s*=\s*(?:'((?:[^\\']|\\.)*)'|((?:[^\\'\s]|\\.)*))(?=\s|$)/gsy;
  const params: Record<string, string> = {};
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) throw new SyntaxError(`Not a conninfo string at character ${at}`);
    params[match[1]!] = (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1');
    at = pair.lastIndex;
  }
  return params;
}

describe('lsn', () => {
  const position = fc.bigInt(0n, 2n ** 64n - 1n);

  it('gives back any position', () => {
    fc.assert(fc.property(position, (lsn) => expect(parseLsn(formatLsn(lsn))).toBe(lsn)));
  });

  it('orders and measures as numbers do, in either form', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(Math.sign(compareLsn(formatLsn(a), b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(lsnDistance(formatLsn(a), formatLsn(b))).toBe(b - a);
      }),
    );
  });

  it('knows the text form', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16b374d848n);
    expect(formatLsn(0x100000000n)).toBe('1/0');
    expect(compareLsn('9/0', '10/0')).toBeLessThan(0);
    for (const text of ['', '1', '1/', '/1', 'G/0', '1/123456789', ' 1/2', '1/2\n']) {
      expect(() => parseLsn(text)).toThrow(SyntaxError);
    }
    expect(() => formatLsn(2n ** 64n)).toThrow(RangeError);
    expect(() => formatLsn(-1n)).toThrow(RangeError);
  });
});

it('quotes names', () => {
  expect(quoteQualified({ schema: 'Größe 9', name: 'a"b' })).toBe(`"Größe 9"."a""b"`);
});

describe('scramVerifier', () => {
  it('has the form that the server stores, with a new salt each time', () => {
    const form = /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/;
    expect(scramVerifier('secret')).toMatch(form);
    expect(scramVerifier('secret')).not.toBe(scramVerifier('secret'));
  });

  it('refuses what SASLprep would change or the server would reject', () => {
    for (const password of ['', 'ü', 'a\nb', 'a\u00adb']) expect(() => scramVerifier(password)).toThrow(TypeError);
  });
});
