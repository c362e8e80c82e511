import type { CallService } from '@offhook/contract';

export type ShortcutName =
  | 'answer'
  | 'reject'
  | 'hangUp'
  | 'mute'
  | 'hold'
  | 'transfer'
  | 'consult'
  | 'alternate'
  | 'keypad'
  | 'dial'
  | 'voicemail';

/**
 * Letters with Alt+Shift: alone they would be typed (WCAG 2.2, 2.1.4), with Ctrl or ⌘ they are the browser's. By their place
 * on the keyboard, since Alt+Shift writes other characters on a Mac.
 */
export const shortcutKeys: Readonly<Record<ShortcutName, string>> = {
  answer: 'A',
  reject: 'R',
  hangUp: 'E',
  mute: 'M',
  hold: 'H',
  transfer: 'T',
  consult: 'C',
  alternate: 'S',
  keypad: 'K',
  dial: 'D',
  voicemail: 'V',
};

export const shortcutNames = Object.keys(shortcutKeys) as readonly ShortcutName[];

/** Each presses the first of these buttons that is on the screen; a call that rings stands before one that talks. */
export const shortcutServices: Readonly<Partial<Record<ShortcutName, readonly CallService[]>>> = {
  answer: ['answer'],
  reject: ['reject'],
  hangUp: ['hangUp'],
  mute: ['mute'],
  hold: ['hold', 'retrieve'],
  transfer: ['transfer'],
  consult: ['consult'],
  alternate: ['alternate'],
  keypad: ['dtmf'],
};

/** As `aria-keyshortcuts` wants it. */
export function ariaShortcut(name: ShortcutName | undefined): string | undefined {
  return name === undefined ? undefined : `Alt+Shift+${shortcutKeys[name]}`;
}
