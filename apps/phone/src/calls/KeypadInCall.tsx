import type { CallId } from '@offhook/contract';
import { useEffect, useEffectEvent, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import { DialKeys, isKey } from '../dial/DialKeys.tsx';
import { tones } from '../ringing/tones.ts';
import classes from './KeypadInCall.module.css';

/** How many of the digits are shown again. */
const SHOWN = 24;

/** Keys that send DTMF, by click and by keyboard. */
export function KeypadInCall({ callId }: { readonly callId: CallId }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const [sent, setSent] = useState('');

  const press = (key: string): void => {
    tones.key(key);
    setSent((before) => (before + key).slice(-SHOWN));
    void calls.sendDtmf(callId, key);
  };
  const typed = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
    if (isKey(event.key)) press(event.key);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => typed(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return (
    <div className={classes['keypad']} data-service="dtmf">
      <div className={classes['sent']} aria-label={t('call.keypad.sent')}>
        {sent}
      </div>
      <DialKeys onPress={press} />
    </div>
  );
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
