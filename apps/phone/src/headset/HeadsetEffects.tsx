import { useEffect } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { chosenWay, startHeadset, stopHeadset } from './headset-store.ts';

/** Whoever has chosen a headset finds it in step at every start. Draws nothing. */
export function HeadsetEffects() {
  const phone = usePhone();
  const signedIn = usePhoneState((state) => state.session.name === 'signedIn' || state.calls.length > 0);
  useEffect(() => {
    if (!signedIn || chosenWay() === undefined) return undefined;
    void startHeadset(phone);
    return () => void stopHeadset();
  }, [phone, signedIn]);
  return null;
}
