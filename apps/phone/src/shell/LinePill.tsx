import type { PhoneState } from '@offhook/phone-core';
import { useWords } from '../i18n/use-words.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import type { WordKey } from '../i18n/words.ts';
import classes from './Header.module.css';

type Tone = 'good' | 'wait' | 'bad';

/** Whether this phone can be called now, in two words. */
export function LinePill({ number }: { readonly number: string | undefined }) {
  const { t } = useWords();
  const key = usePhoneState((state) => lineWords(state).key);
  const tone = usePhoneState((state) => lineWords(state).tone);
  return (
    <span className={classes['pill']} data-tone={tone}>
      <span className={classes['dot']} />
      {t(key)}
      {number === undefined ? null : <span className={classes['number']}>{number}</span>}
    </span>
  );
}

export function lineWords(state: PhoneState): { readonly key: WordKey; readonly tone: Tone } {
  const { connection } = state;
  switch (connection.name) {
    case 'idle':
    case 'connecting':
    case 'greeting': {
      const again = 'attempt' in connection && connection.attempt > 0;
      return { key: again ? 'line.reconnecting' : 'line.connecting', tone: 'wait' };
    }
    case 'waiting':
      return { key: 'line.reconnecting', tone: 'wait' };
    case 'stopped':
      return { key: 'line.offline', tone: 'bad' };
    case 'online':
      return onlineWords(state);
  }
}

function onlineWords({ connector, line }: PhoneState): { readonly key: WordKey; readonly tone: Tone } {
  if (connector === 'unknown') return { key: 'line.connecting', tone: 'wait' };
  if (connector !== 'online') return { key: 'line.offline', tone: 'bad' };
  switch (line?.state) {
    case 'registered':
      return { key: 'line.online', tone: 'good' };
    case 'registering':
      return { key: 'line.registering', tone: 'wait' };
    case 'failed':
    case undefined:
      return { key: 'line.unavailable', tone: 'bad' };
  }
}
