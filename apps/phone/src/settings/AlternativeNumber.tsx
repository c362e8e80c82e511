import type { LineSettings } from '@offhook/contract';
import { usePhone } from '../app/PhoneContext.tsx';
import { NumberForm } from './ForwardingSetting.tsx';
import { useSettingFixed } from './use-setting.ts';

export function AlternativeNumber({ settings }: { readonly settings: LineSettings }) {
  const phone = usePhone();
  const fixed = useSettingFixed('alternativeNumber', settings);
  return (
    <NumberForm
      number={settings.alternativeNumber ?? ''}
      disabled={fixed}
      onSave={(alternativeNumber) => void phone.settings.change({ alternativeNumber })}
      onRemove={() => void phone.settings.change({ alternativeNumber: null })}
    />
  );
}
