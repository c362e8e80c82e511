import { CallId } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { english } from './messages.ts';
import { createNotices } from './notices.ts';
import type { WindowOfPhone } from './scope.ts';

interface Shown {
  readonly title: string;
  readonly options: NotificationOptions;
}

const callId = CallId.parse('call-1');
const ringing = { kind: 'ringing', callId, name: 'Carla Duval', number: '201' } as const;

function worker(windows: { url?: string; visible?: boolean }[] = [], rejects = true) {
  const shown = new Map<string, Shown>();
  const seen: unknown[] = [];
  const registration = {
    showNotification: async (title: string, options: NotificationOptions = {}) =>
      void shown.set(options.tag ?? '', { title, options }),
    getNotifications: async ({ tag = '' }: { tag?: string } = {}) =>
      shown.has(tag) ? ([{ close: () => shown.delete(tag) }] as unknown as Notification[]) : [],
  };
  const all = windows.map(({ url = '/', visible = false }): WindowOfPhone => ({
    url: `https://phone.example${url}`,
    visibilityState: visible ? 'visible' : 'hidden',
    focus: async () => void seen.push('focus'),
    postMessage: (message) => void seen.push(message),
  }));
  const notices = createNotices({
    registration,
    clients: { matchAll: async () => all, openWindow: async (url) => void seen.push(url) },
    words: async () => english,
    mark: () => void seen.push('mark'),
    reject: async (id) => {
      if (!rejects) throw new TypeError('no network');
      seen.push(`rejected ${id}`);
    },
  });
  const press = (action: string, rings = true) => {
    const notification = { data: { callId, ringing: rings }, close: () => shown.delete('call-call-1') };
    return notices.clicked({ notification: notification as unknown as Notification, action });
  };
  return { notices, shown, seen, press, titles: () => [...shown.values()].map(({ title }) => title) };
}

describe('[D2] notifications of calls', () => {
  it('a push and a window that tell of one call make one notification, and the end takes it away', async () => {
    const { notices, titles } = worker([{}]);
    await notices.told(ringing);
    await notices.told(ringing);
    expect(titles()).toEqual(['Carla Duval is calling']);
    await notices.told({ kind: 'over', callId });
    expect(titles()).toEqual([]);
  });

  it('a missed call takes the place of the one that rang', async () => {
    const { notices, titles, seen } = worker();
    await notices.told(ringing);
    await notices.told({ ...ringing, kind: 'missed' });
    expect(titles()).toEqual(['Missed call: Carla Duval']);
    expect(seen).toEqual(['mark']);
  });

  it('nothing is shown to who looks at the phone; another page of the service is no phone', async () => {
    const looking = worker([{ visible: true }]);
    await looking.notices.told(ringing);
    expect(looking.titles()).toEqual([]);
    const elsewhere = worker([{ url: '/account/security', visible: true }]);
    await elsewhere.notices.told({ kind: 'ringing', callId, number: '' });
    expect(elsewhere.titles()).toEqual(['Unknown caller is calling']);
  });

  it('Answer goes to the window that there is, and opens one where there is none', async () => {
    const open = worker([{}]);
    await open.press('answer');
    expect(open.seen).toEqual([{ kind: 'answer', callId }, 'focus']);
    const closed = worker();
    await closed.press('answer');
    expect(closed.seen).toEqual(['/#answer=call-1']);
  });

  it('Reject needs no window; where the service cannot be told, one is opened', async () => {
    const good = worker();
    await good.press('reject');
    expect(good.seen).toEqual(['rejected call-1']);
    const bad = worker([], false);
    await bad.press('reject');
    expect(bad.seen).toEqual(['/']);
  });

  it('a press elsewhere answers nothing, and on a missed call leads to the history', async () => {
    const { press, seen } = worker([{}]);
    await press('');
    await press('', false);
    expect(seen).toEqual(['focus', { kind: 'open', page: 'recent' }, 'focus']);
  });
});
