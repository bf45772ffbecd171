export interface SettingPlace {
  /** The setting as docs/configuration.md names it. */
  readonly setting: string;
  readonly path: string;
  readonly value: unknown;
  /** Every place of the JSON of both stacks that changes with it, and nothing else may; + added, - removed. */
  readonly places: readonly string[];
  /** What is changed beforehand, where the example does not have the setting. */
  readonly first?: readonly (readonly [path: string, value: unknown])[];
}

export const at = (setting: string, path: string, value: unknown, ...places: string[]): SettingPlace => ({
  setting,
  path,
  value,
  places,
});
export const of = (setting: string, value: unknown, ...places: string[]): SettingPlace =>
  at(setting, setting, value, ...places);
