const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** As a regular expression of JSON Schema. */
export const SIZE = '^\\d+(\\.\\d+)? ?([kKmMgGtT][iI]?)?[bB]$';

/** `100MB`, `1.5 GiB`, `512kB` in bytes; null for anything else. A bare number could be meant as something else. */
export function parseSize(text: string): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  return factor === undefined ? null : Number(number) * factor;
}
