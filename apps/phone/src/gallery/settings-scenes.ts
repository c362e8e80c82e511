import type { PresenceChoice, PresenceState } from '@offhook/contract';
import type { SettingsState } from '@offhook/phone-core';
import { full, settings } from './builders.ts';
import { scene, type Scene } from './scene.ts';

const withSettings = (part: Partial<SettingsState>) =>
  scene(full({ settings: { held: settings, pending: undefined, last: undefined, ...part } }));

const own = (state: PresenceState, choice: PresenceChoice = 'automatic') =>
  scene(
    full({
      ownPresence: { held: { state, line: 'idle', choice }, pending: undefined, problem: undefined },
    }),
  );

const waiting = (newMessages: number | undefined) =>
  withSettings({
    held: {
      ...settings,
      messageWaiting: { waiting: true, ...(newMessages === undefined ? {} : { newMessages }) },
    },
  });

/** Settings, one's own presence, and the mailbox. */
export const settingsScenes = {
  settings: withSettings({}),
  'settings-unknown': withSettings({ held: undefined }),
  'settings-fixed': withSettings({ held: { ...settings, settable: ['doNotDisturb'] } }),
  'settings-changing': withSettings({ pending: { forwarding: { immediate: { to: 'voicemail' } } } }),
  'settings-changed': withSettings({
    last: { of: ['routing'], outcome: { name: 'changed', undo: { routing: 'desk_only' } } },
  }),
  'settings-not-taken': withSettings({
    last: { of: ['forwarding.busy'], outcome: { name: 'not_taken' } },
  }),
  'settings-failed': withSettings({
    last: {
      of: ['doNotDisturb'],
      outcome: { name: 'failed', problem: { kind: 'error', code: 'platform_unreachable' } },
    },
  }),
  'presence-busy': own('busy'),
  'presence-dnd': own('do_not_disturb', 'do_not_disturb'),
  'presence-away': own('away', 'away'),
  'presence-offline': own('offline', 'appear_offline'),
  'messages-three': waiting(3),
  'messages-some': waiting(undefined),
} satisfies Record<string, Scene>;
