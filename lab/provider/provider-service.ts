import { assumeRole } from './assume-role';
import { dataSourceBehaviour, resourceBehaviour } from './behaviour';
import type { CtyObject } from './cty/type';
import { assertReachable } from './daemon-client';
import { diagnosticMessage, pathMessage, problemOf, ProviderError } from './diagnostics';
import { planResource } from './plan';
import type { Procedure } from './protocol/services';
import { decode, decodeNullable, diagnosticsOf, encode, procedure, type Typed, type Wire } from './protocol/wire';
import { deleteResource, readDataSource, readResource, writeResource } from './resource-lifecycle';
import type { BlockSchema, ProviderSchemas } from './schema/model';
import { schemaMessage } from './schema/schema-message';
import { providerSettings, type ProviderSettings } from './settings';
import { importedState, withEmptyBlocks } from './state';
import { validateConfig } from './validate';

/**
 * The procedures of `tfplugin5.Provider`. Terraform starts a fresh process per
 * phase and provider block, so the only thing remembered is that block.
 */
export function providerProcedures(schemas: ProviderSchemas): Record<string, Procedure> {
  let configured: ProviderSettings | undefined;
  const settings = (): ProviderSettings => {
    if (configured === undefined)
      throw new ProviderError('Provider not configured', 'Terraform asked before configuring.');
    return configured;
  };
  const resource = ({ typeName }: Typed): BlockSchema => known(schemas.resources, typeName);
  const dataSource = ({ typeName }: Typed): BlockSchema => known(schemas.dataSources, typeName);

  return {
    GetSchema: procedure('Empty', 'GetSchemaResponse', () => ({
      provider: schemaMessage(schemas.provider),
      resourceSchemas: mapValues(schemas.resources, (schema, type) => schemaMessage(schema, resourceBehaviour(type))),
      dataSourceSchemas: mapValues(schemas.dataSources, (schema, type) =>
        schemaMessage(schema, dataSourceBehaviour(type)),
      ),
      // As hashicorp/aws says too: Terraform then asks one of the processes that it starts, and none of the others.
      serverCapabilities: { getProviderSchemaOptional: true },
    })),
    PrepareProviderConfig: procedure(
      'PrepareConfigRequest',
      'PrepareConfigResponse',
      ({ config }: { config: Wire }) => ({
        preparedConfig: config,
      }),
    ),
    Configure: procedure('ConfigureRequest', 'DiagnosticsResponse', async ({ config }: { config: Wire }) => {
      const block = decode(schemas.provider, config);
      const settings = providerSettings(block, process.env);
      await assertReachable(settings.endpoint);
      await assumeRole(block, settings.endpoint, process.env);
      configured = settings;
      return {};
    }),
    ValidateResourceTypeConfig: procedure(
      'ValidateRequest',
      'DiagnosticsResponse',
      (request: Typed & { config: Wire }) =>
        diagnosticsOf(
          validateConfig(
            resource(request),
            resourceBehaviour(request.typeName),
            decode(resource(request), request.config),
          ),
        ),
    ),
    ValidateDataSourceConfig: procedure('ValidateRequest', 'DiagnosticsResponse', (request: Typed & { config: Wire }) =>
      diagnosticsOf(
        validateConfig(
          dataSource(request),
          dataSourceBehaviour(request.typeName),
          decode(dataSource(request), request.config),
        ),
      ),
    ),
    UpgradeResourceState: procedure(
      'UpgradeRequest',
      'UpgradeResponse',
      (request: Typed & { rawState?: { json?: Uint8Array } }) => {
        const schema = resource(request);
        const stored = JSON.parse(Buffer.from(request.rawState?.json ?? []).toString('utf8')) as CtyObject;
        return { upgradedState: encode(schema, withEmptyBlocks(schema, stored)) };
      },
    ),
    ReadResource: procedure(
      'ReadRequest',
      'ReadResponse',
      async (request: Typed & { currentState: Wire; private?: Uint8Array }) => {
        const schema = resource(request);
        const target = { type: request.typeName, schema, settings: settings() };
        const state = await readResource(target, decode(schema, request.currentState));
        return { newState: encode(schema, state), private: request.private };
      },
    ),
    PlanResourceChange: procedure('PlanRequest', 'PlanResponse', (request: PlanRequest) => {
      const schema = resource(request);
      const prior = decodeNullable(schema, request.priorState);
      if (decodeNullable(schema, request.proposedNewState) === null) {
        return { plannedState: request.proposedNewState, plannedPrivate: request.priorPrivate, legacyTypeSystem: true };
      }
      const config = decode(schema, request.config);
      const behaviour = resourceBehaviour(request.typeName);
      // Values that were unknown when Terraform asked for validation may be known now.
      const problems = validateConfig(schema, behaviour, config);
      if (problems.length > 0) return diagnosticsOf(problems);
      const { region, defaultTags } = settings();
      const { planned, requiresReplace } = planResource({ schema, behaviour, config, prior, region, defaultTags });
      return {
        plannedState: encode(schema, planned),
        requiresReplace: requiresReplace.map(pathMessage),
        plannedPrivate: request.priorPrivate,
        legacyTypeSystem: true,
      };
    }),
    ApplyResourceChange: procedure('ApplyRequest', 'ApplyResponse', async (request: ApplyRequest) => {
      const schema = resource(request);
      const target = { type: request.typeName, schema, settings: settings() };
      const prior = decodeNullable(schema, request.priorState);
      const planned = decodeNullable(schema, request.plannedState);
      const rest = { private: request.plannedPrivate, legacyTypeSystem: true };
      try {
        if (planned !== null) return { newState: encode(schema, await writeResource(target, planned, prior)), ...rest };
        await deleteResource(target, prior as CtyObject);
        return { newState: encode(schema, null), ...rest };
      } catch (error) {
        // Terraform stores what it is given: after a failure that is what was there before.
        return { newState: encode(schema, prior), ...rest, diagnostics: [diagnosticMessage(problemOf(error))] };
      }
    }),
    ImportResourceState: procedure('ImportRequest', 'ImportResponse', (request: Typed & { id: string }) => {
      const schema = resource(request);
      const state = importedState(schema, resourceBehaviour(request.typeName), request.id, settings().region);
      return { importedResources: [{ typeName: request.typeName, state: encode(schema, state) }] };
    }),
    ReadDataSource: procedure('ReadDataRequest', 'ReadDataResponse', async (request: Typed & { config: Wire }) => {
      const schema = dataSource(request);
      const config = withDefaults(decode(schema, request.config), dataSourceBehaviour(request.typeName).defaults ?? {});
      if ('region' in config) config.region ??= settings().region;
      const state = await readDataSource({ type: request.typeName, schema, settings: settings() }, config);
      return { state: encode(schema, state) };
    }),
    Stop: procedure('Empty', 'StopResponse', () => ({ error: '' })),
  };
}

interface PlanRequest extends Typed {
  readonly priorState: Wire;
  readonly proposedNewState: Wire;
  readonly config: Wire;
  readonly priorPrivate?: Uint8Array;
}
interface ApplyRequest extends Typed {
  readonly priorState: Wire;
  readonly plannedState: Wire;
  readonly plannedPrivate?: Uint8Array;
}

function known(schemas: Readonly<Record<string, BlockSchema>>, type: string): BlockSchema {
  const schema = schemas[type];
  if (schema === undefined) throw new ProviderError('Unknown type', `The lab's provider does not know ${type}.`);
  return schema;
}

function withDefaults(config: CtyObject, defaults: Readonly<Record<string, unknown>>): CtyObject {
  const missing = Object.entries(defaults).filter(([name]) => (config[name] ?? null) === null);
  return { ...config, ...(Object.fromEntries(missing) as CtyObject) };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  transform: (value: T, key: string) => object,
): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, transform(value, key)]));
}
