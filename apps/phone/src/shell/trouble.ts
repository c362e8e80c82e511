import type { PhoneState } from '@offhook/phone-core';
import type { WordKey } from '../i18n/words.ts';

export type Trouble = 'none' | 'connector_offline' | 'connector_none' | 'no_line' | 'line_failed';

/** What stands between the person and their telephone system while the service itself is there. */
export function troubleOf({ connector, line }: PhoneState): Trouble {
  switch (connector) {
    case 'unknown':
      return 'none';
    case 'offline':
      return 'connector_offline';
    case 'none':
      return 'connector_none';
    case 'online':
      if (line === undefined) return 'no_line';
      return line.state === 'failed' ? 'line_failed' : 'none';
  }
}

export type Tone = 'good' | 'wait' | 'bad';

/** Whether this phone can be called now. */
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
