import protobuf from 'protobufjs/light';

/**
 * The messages of Terraform's plugin protocol 5 and of the two services that
 * go-plugin itself expects: field numbers and types, from the documentation.
 * A field is `[number, type]`; `*type` repeats, `type{}` is a map by string.
 * Fields we never read or write are left out: protobuf skips them.
 * @see https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 */
type FieldTable = Readonly<Record<string, readonly [number, string]>>;

const value = 'DynamicValue';
const diagnostics = '*Diagnostic';

const TERRAFORM: Readonly<Record<string, FieldTable>> = {
  Empty: {},
  DynamicValue: { msgpack: [1, 'bytes'], json: [2, 'bytes'] },
  PathStep: { attributeName: [1, 'string'], elementKeyString: [2, 'string'], elementKeyInt: [3, 'int64'] },
  AttributePath: { steps: [1, '*PathStep'] },
  Diagnostic: {
    severity: [1, 'int32'],
    summary: [2, 'string'],
    detail: [3, 'string'],
    attribute: [4, 'AttributePath'],
  },
  RawState: { json: [1, 'bytes'] },

  Attribute: {
    name: [1, 'string'],
    type: [2, 'bytes'],
    required: [4, 'bool'],
    optional: [5, 'bool'],
    computed: [6, 'bool'],
    sensitive: [7, 'bool'],
    writeOnly: [10, 'bool'],
  },
  NestedBlock: {
    typeName: [1, 'string'],
    block: [2, 'Block'],
    nesting: [3, 'int32'],
    minItems: [4, 'int64'],
    maxItems: [5, 'int64'],
  },
  Block: { version: [1, 'int64'], attributes: [2, '*Attribute'], blockTypes: [3, '*NestedBlock'] },
  Schema: { version: [1, 'int64'], block: [2, 'Block'] },
  GetSchemaResponse: {
    provider: [1, 'Schema'],
    resourceSchemas: [2, 'Schema{}'],
    dataSourceSchemas: [3, 'Schema{}'],
    diagnostics: [4, diagnostics],
    serverCapabilities: [6, 'ServerCapabilities'],
  },
  ServerCapabilities: { getProviderSchemaOptional: [2, 'bool'] },

  PrepareConfigRequest: { config: [1, value] },
  PrepareConfigResponse: { preparedConfig: [1, value], diagnostics: [2, diagnostics] },
  ConfigureRequest: { terraformVersion: [1, 'string'], config: [2, value] },
  ValidateRequest: { typeName: [1, 'string'], config: [2, value] },
  DiagnosticsResponse: { diagnostics: [1, diagnostics] },
  StopResponse: { error: [1, 'string'] },

  UpgradeRequest: { typeName: [1, 'string'], version: [2, 'int64'], rawState: [3, 'RawState'] },
  UpgradeResponse: { upgradedState: [1, value], diagnostics: [2, diagnostics] },
  ReadRequest: { typeName: [1, 'string'], currentState: [2, value], private: [3, 'bytes'] },
  ReadResponse: { newState: [1, value], diagnostics: [2, diagnostics], private: [3, 'bytes'] },
  PlanRequest: {
    typeName: [1, 'string'],
    priorState: [2, value],
    proposedNewState: [3, value],
    config: [4, value],
    priorPrivate: [5, 'bytes'],
  },
  PlanResponse: {
    plannedState: [1, value],
    requiresReplace: [2, '*AttributePath'],
    plannedPrivate: [3, 'bytes'],
    diagnostics: [4, diagnostics],
    legacyTypeSystem: [5, 'bool'],
  },
  ApplyRequest: {
    typeName: [1, 'string'],
    priorState: [2, value],
    plannedState: [3, value],
    config: [4, value],
    plannedPrivate: [5, 'bytes'],
  },
  ApplyResponse: {
    newState: [1, value],
    private: [2, 'bytes'],
    diagnostics: [3, diagnostics],
    legacyTypeSystem: [4, 'bool'],
  },
  ImportRequest: { typeName: [1, 'string'], id: [2, 'string'] },
  ImportedResource: { typeName: [1, 'string'], state: [2, value], private: [3, 'bytes'] },
  ImportResponse: { importedResources: [1, '*ImportedResource'], diagnostics: [2, diagnostics] },
  ReadDataRequest: { typeName: [1, 'string'], config: [2, value] },
  ReadDataResponse: { state: [1, value], diagnostics: [2, diagnostics] },

  HealthRequest: { service: [1, 'string'] },
  HealthResponse: { status: [1, 'int32'] },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(TERRAFORM).map(([name, fields]) => [
      name,
      { fields: Object.fromEntries(Object.entries(fields).map(([field, [id, type]]) => [field, fieldOf(id, type)])) },
    ]),
  ),
});

function fieldOf(id: number, type: string): protobuf.IField | protobuf.IMapField {
  if (type.endsWith('{}')) return { id, keyType: 'string', type: type.slice(0, -2) };
  return type.startsWith('*') ? { id, rule: 'repeated', type: type.slice(1) } : { id, type };
}

/** The wire form of a message. Absent fields take protobuf's zero value. */
export function encodeMessage(name: string, message: object): Buffer {
  const type = root.lookupType(name);
  return Buffer.from(type.encode(type.create(message)).finish());
}

/** A message as a plain object; absent fields are undefined, bytes are Uint8Array. */
export function decodeMessage(name: string, bytes: Uint8Array): object {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { longs: Number });
}
