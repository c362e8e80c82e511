import type { KeptSettings, SettingName, SettingsChange } from '@offhook/contract';

/** What is kept after a change: field by field, `null` (switched off) as much a value as any. */
export function mergeKept(kept: KeptSettings, change: SettingsChange): KeptSettings {
  const { forwarding: forwardingChange, ...rest } = change;
  const forwarding = { ...kept.forwarding, ...withoutAbsent(forwardingChange ?? {}) };
  return {
    ...kept,
    ...withoutAbsent(rest),
    ...(Object.keys(forwarding).length === 0 ? {} : { forwarding }),
  };
}

const withoutAbsent = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** What a change touches, by name: for logs, which do not get numbers. */
export function changedNames(change: SettingsChange): SettingName[] {
  const { forwarding, ...rest } = withoutAbsent(change);
  return [
    ...Object.keys(withoutAbsent(forwarding ?? {})).map((when) => `forwarding.${when}` as SettingName),
    ...(Object.keys(rest) as SettingName[]),
  ];
}
