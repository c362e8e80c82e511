import type { LineSettings, SettingName, SettingsChange } from '@offhook/contract';

/** The settings with a change in them, as a person sees them while it is under way. */
export function withChange(settings: LineSettings, change: SettingsChange): LineSettings {
  const { forwarding, ...rest } = change;
  return {
    ...settings,
    ...(rest.doNotDisturb === undefined ? {} : { doNotDisturb: rest.doNotDisturb }),
    ...(rest.alternativeNumber === undefined ? {} : { alternativeNumber: rest.alternativeNumber }),
    ...(rest.routing === undefined ? {} : { routing: rest.routing }),
    ...(rest.busyBehaviour === undefined ? {} : { busyBehaviour: rest.busyBehaviour }),
    forwarding: {
      immediate: forwarding?.immediate === undefined ? settings.forwarding.immediate : forwarding.immediate,
      busy: forwarding?.busy === undefined ? settings.forwarding.busy : forwarding.busy,
      noAnswer: forwarding?.noAnswer === undefined ? settings.forwarding.noAnswer : forwarding.noAnswer,
    },
  };
}

/** Which settings a change touches. */
export function namesOf({ forwarding, ...rest }: SettingsChange): readonly SettingName[] {
  const names: SettingName[] = [];
  if (forwarding?.immediate !== undefined) names.push('forwarding.immediate');
  if (forwarding?.busy !== undefined) names.push('forwarding.busy');
  if (forwarding?.noAnswer !== undefined) names.push('forwarding.noAnswer');
  if (rest.doNotDisturb !== undefined) names.push('doNotDisturb');
  if (rest.alternativeNumber !== undefined) names.push('alternativeNumber');
  if (rest.routing !== undefined) names.push('routing');
  if (rest.busyBehaviour !== undefined) names.push('busyBehaviour');
  return names;
}

/** What brings back what `before` says of each setting that `change` touches. */
export function inverseOf(before: LineSettings, change: SettingsChange): SettingsChange {
  const { immediate, busy, noAnswer } = before.forwarding;
  const { forwarding } = change;
  return {
    ...(forwarding === undefined
      ? {}
      : {
          forwarding: {
            ...(forwarding.immediate === undefined ? {} : { immediate }),
            ...(forwarding.busy === undefined ? {} : { busy }),
            ...(forwarding.noAnswer === undefined ? {} : { noAnswer }),
          },
        }),
    ...(change.doNotDisturb === undefined ? {} : { doNotDisturb: before.doNotDisturb }),
    ...(change.alternativeNumber === undefined ? {} : { alternativeNumber: before.alternativeNumber }),
    ...(change.routing === undefined ? {} : { routing: before.routing }),
    ...(change.busyBehaviour === undefined ? {} : { busyBehaviour: before.busyBehaviour }),
  };
}

/** Whether the settings are as the change wanted them. */
export function isTaken(after: LineSettings, change: SettingsChange): boolean {
  return JSON.stringify(valuesOf(withChange(after, change))) === JSON.stringify(valuesOf(after));
}

/** In one order, whatever order they came in. */
function valuesOf(settings: LineSettings): readonly unknown[] {
  const { forwarding } = settings;
  const targets = [forwarding.immediate, forwarding.busy, forwarding.noAnswer].map((target) =>
    target === null ? null : target.to === 'number' ? target.number : target.to,
  );
  const { doNotDisturb, alternativeNumber, routing, busyBehaviour } = settings;
  return [...targets, doNotDisturb, alternativeNumber, routing, busyBehaviour];
}
