/**
 * Finds the parts of one struct (a resource, or one nested section of it) in
 * the generated TypeScript. Everything here leans on the generator's fixed
 * formatting; what does not match is an error, never skipped.
 */
export interface StructSource {
  /** Name of the interface with the settable fields: `RouteTimeouts`, `RouteConfig`. */
  readonly interfaceText: string;
  /** Text of the class with the getters; empty where the generator makes none (provider sections). */
  readonly classText: string;
  /** The settable fields with their storage types. */
  readonly hclText: string;
}

/** One settable field as the generator's HCL writer sees it. */
export interface HclField {
  readonly name: string;
  readonly property: string;
  readonly isBlock: boolean;
  readonly kind: string;
  readonly storage: string;
  /** Interface name of the nested struct, for blocks and lists of objects. */
  readonly struct: string | undefined;
}

export interface FieldFlags {
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
}

/** The struct of the resource, data source or provider itself. */
export function rootStruct(source: string): StructSource {
  const declaration = /export class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) /.exec(source);
  if (declaration === null) throw new Error('the generated source has no construct class');
  const classText = source.slice(declaration.index);
  const hclStart = classText.indexOf('synthesizeHclAttributes()');
  return {
    interfaceText: section(source, `export interface ${declaration[1]}Config `),
    classText: hclStart < 0 ? classText : classText.slice(0, hclStart),
    hclText: hclStart < 0 ? '' : classText.slice(hclStart),
  };
}

/** A nested struct, by its interface name. */
export function nestedStruct(source: string, name: string): StructSource {
  const functionName = `${name[0]!.toLowerCase()}${name.slice(1)}ToHclTerraform`;
  const className = `export class ${name}OutputReference `;
  return {
    interfaceText: section(source, `export interface ${name} `),
    classText: source.includes(className) ? section(source, className) : '',
    hclText: section(source, `export function ${functionName}(`),
  };
}

/** From a declaration to the brace in the first column that ends it. */
function section(source: string, declaration: string): string {
  const start = source.indexOf(declaration);
  const end = source.indexOf('\n}', start);
  if (start < 0 || end < 0) throw new Error(`the generated source has no «${declaration.trim()}»`);
  return source.slice(start, end);
}

export function hclFields(struct: StructSource): HclField[] {
  const pattern =
    /\n {4,6}(\w+): \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)"/g;
  return [...struct.hclText.matchAll(pattern)].map(([, name, value, isBlock, kind, storage]) => {
    const property = /(?:struct!\.|this\._)(\w+)/.exec(value!)?.[1];
    if (property === undefined) throw new Error(`field ${name}: the generated source sets it from «${value}»`);
    const nested = /(?<!cdktf\.)\b(\w+)ToHclTerraform/.exec(value!)?.[1];
    const structName = nested === undefined ? undefined : nested[0]!.toUpperCase() + nested.slice(1);
    return { name: name!, property, isBlock: isBlock === 'true', kind: kind!, storage: storage!, struct: structName };
  });
}

/** The flags that the generator wrote in the comment above a getter; absent in provider sections. */
export function commentedFlags(struct: StructSource): Map<string, FieldFlags & { readonly getter: string }> {
  const pattern =
    /\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n([\s\S]*?)(?=\n {2}\/\/ \w+ - computed: |$)/g;
  return new Map(
    [...struct.classText.matchAll(pattern)].map(([, name, computed, optional, required, getter]) => [
      name!,
      { computed: computed === 'true', optional: optional === 'true', required: required === 'true', getter: getter! },
    ]),
  );
}

/** The declared TypeScript type of a settable field, and whether it may be left out. */
export function declaration(
  struct: StructSource,
  property: string,
): { readonly optional: boolean; readonly type: string } {
  const match = new RegExp(`\\n {2}readonly ${property}(\\??): ([^\\n]*);`).exec(struct.interfaceText);
  if (match === null) throw new Error(`property ${property} is not declared in the generated source`);
  return { optional: match[1] === '?', type: match[2]! };
}
