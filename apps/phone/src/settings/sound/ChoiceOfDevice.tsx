import { Button } from '@mantine/core';
import {
  offeredFor,
  plainLabel,
  deviceFor,
  type Choice,
  type DevicesState,
  type Role,
} from '@offhook/phone-core';
import type { ReactNode } from 'react';
import { pickOutput } from '../../browser/device-source.ts';
import { useWords } from '../../i18n/use-words.ts';
import { useDevicesState, useSound } from '../../sound/SoundContext.tsx';
import { NamedSelect } from './Named.tsx';
import classes from './SoundSettings.module.css';

/** Values of the two choices that are no device; a device's id never has a space. */
const SYSTEM = 'the system';
const NONE = 'no device';

export function ChoiceOfDevice({ of: role, action }: { readonly of: Role; readonly action?: ReactNode }) {
  const { t } = useWords();
  const { devices } = useSound();
  const state = useDevicesState((all) => all);
  const offered = offeredFor(state, role);
  const choose = (value: string): void => {
    const device = offered.find(({ id }) => id === value);
    if (device !== undefined) devices.choose(role, { name: 'device', device });
    else devices.choose(role, { name: value === NONE ? 'none' : 'system' });
  };
  const followed = systemDevice(state, role);
  const system = followed === undefined ? t('sound.system') : t('sound.systemIs', { device: followed });
  return (
    <>
      <NamedSelect
        name={t(`sound.${role}`)}
        value={valueOf(state, role)}
        data={[
          ...(role === 'secondRinger'
            ? [{ value: NONE, label: t('sound.none') }]
            : [{ value: SYSTEM, label: system }]),
          ...offered.map(({ id, label }) => ({ value: id, label: plainLabel(label) })),
        ]}
        disabled={role !== 'microphone' && state.outputs === 'none'}
        action={action}
        onChange={choose}
      />
      {state.outputs === 'asked' && role !== 'microphone' ? <PickOutput of={role} /> : null}
    </>
  );
}

function valueOf(state: DevicesState, role: Role): string {
  const choice: Choice = state.choices[role];
  switch (choice.name) {
    case 'none':
      return NONE;
    case 'system':
      return SYSTEM;
    case 'device':
      return deviceFor(state, role)?.id === choice.device.id ? choice.device.id : SYSTEM;
  }
}

/** The name of what the system uses, where the browser tells. */
function systemDevice(state: DevicesState, role: Role): string | undefined {
  const system = { ...state, choices: { ...state.choices, [role]: { name: 'system' } } };
  const device = deviceFor(system, role)?.device;
  return device && plainLabel(device.label);
}

/** Firefox lists only speakers that were picked in its own window. */
function PickOutput({ of: role }: { readonly of: Role }) {
  const { t } = useWords();
  const { devices } = useSound();
  const pick = async (): Promise<void> => {
    const picked = await pickOutput();
    if (picked === undefined) return;
    await devices.refresh();
    const device = { id: picked.deviceId, label: picked.label, group: picked.groupId };
    devices.choose(role, { name: 'device', device });
  };
  return (
    <Button className={classes['pick'] ?? ''} size="compact-sm" variant="subtle" onClick={() => void pick()}>
      {t('sound.pick')}
    </Button>
  );
}
