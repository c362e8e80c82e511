import { Switch } from '@mantine/core';
import type { LineSettings } from '@offhook/contract';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { SettingStatus } from './SettingStatus.tsx';
import classes from './SettingsPanel.module.css';
import { useSettingFixed } from './use-setting.ts';

export function DoNotDisturb({ settings }: { readonly settings: LineSettings }) {
  const { t } = useWords();
  const phone = usePhone();
  const fixed = useSettingFixed('doNotDisturb', settings);
  return (
    <>
      <Switch
        size="md"
        labelPosition="left"
        classNames={{ body: classes['switch'] ?? '', label: classes['switchLabel'] ?? '' }}
        label={t('settings.doNotDisturb')}
        description={t('settings.doNotDisturb.hint')}
        checked={settings.doNotDisturb}
        disabled={fixed}
        onChange={(event) => void phone.settings.change({ doNotDisturb: event.currentTarget.checked })}
      />
      <SettingStatus name="doNotDisturb" settings={settings} />
    </>
  );
}
