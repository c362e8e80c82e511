import type { LineSettings, SettingName } from '@offhook/contract';
import { usePhoneState } from '../app/PhoneContext.tsx';

/**
 * Whether a person cannot change a setting now. While another change is under way they could as little, but a control that is
 * disabled for that moment would lose the focus.
 */
export function useSettingFixed(name: SettingName, settings: LineSettings): boolean {
  const reachable = usePhoneState(
    (state) => state.connection.name === 'online' && state.connector === 'online',
  );
  return !reachable || !settings.settable.includes(name);
}
