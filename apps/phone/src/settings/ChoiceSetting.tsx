import { Radio, Stack } from '@mantine/core';
import type { LineSettings, SettingName, SettingsChange } from '@offhook/contract';
import { usePhone } from '../app/PhoneContext.tsx';
import { SettingStatus } from './SettingStatus.tsx';
import classes from './SettingsPanel.module.css';
import { useSettingFixed } from './use-setting.ts';

export interface ChoiceSettingProps {
  readonly name: SettingName;
  readonly title: string;
  readonly value: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly hint: string | undefined;
    readonly change: SettingsChange;
  }[];
  readonly settings: LineSettings;
}

/** One of a few: all in sight, with what each means. */
export function ChoiceSetting({ name, title, value, options, settings }: ChoiceSettingProps) {
  const phone = usePhone();
  const fixed = useSettingFixed(name, settings);
  const choose = (wanted: string): void => {
    const option = options.find((one) => one.value === wanted);
    if (option !== undefined && wanted !== value) void phone.settings.change(option.change);
  };
  return (
    <section className={classes['section']}>
      <Radio.Group
        label={title}
        classNames={{ label: classes['heading'] ?? '' }}
        value={value}
        onChange={choose}
      >
        <Stack gap={10} mt={8}>
          {options.map((option) => (
            <Radio
              key={option.value}
              value={option.value}
              label={option.label}
              description={option.hint}
              disabled={fixed}
            />
          ))}
        </Stack>
      </Radio.Group>
      <SettingStatus name={name} settings={settings} />
    </section>
  );
}
