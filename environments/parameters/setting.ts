import type { Environment } from '../schema';

export type ExtraParameters = Environment['source']['cluster']['extraParameters'];
export type ApplyMethod = 'immediate' | 'pending-reboot';

/** A parameter as the file has it: a value, or a value with the method that somebody vouches for. */
export interface ParameterSetting {
  readonly name: string;
  readonly value: string;
  /** Given: the parameter is taken as it stands, whatever the table says. */
  readonly applyMethod?: ApplyMethod;
}

export function parameterSettings(extra: ExtraParameters): ParameterSetting[] {
  return Object.entries(extra).map(([name, setting]) =>
    typeof setting === 'object' ? { name, ...setting, value: String(setting.value) } : { name, value: String(setting) },
  );
}
