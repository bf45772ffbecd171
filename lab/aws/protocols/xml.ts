/** A tree that becomes XML. Undefined and null members are left out, as AWS does. */
export type XmlValue = string | number | boolean | null | undefined | XmlList | { readonly [name: string]: XmlValue };

/** A list of the query protocol: each item in an element of its own name. */
export class XmlList {
  constructor(
    readonly itemName: string,
    readonly items: readonly XmlValue[],
  ) {}
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function toXml(name: string, value: XmlValue, attributes = ''): string {
  if (value === null || value === undefined) return '';
  return `<${name}${attributes}>${content(value)}</${name}>`;
}

function content(value: Exclude<XmlValue, null | undefined>): string {
  if (value instanceof XmlList) return value.items.map((item) => toXml(value.itemName, item)).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, member]) => toXml(name, member))
    .join('');
}
