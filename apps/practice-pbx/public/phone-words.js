// What is printed on a telephone and said on its screen.

export const REGISTRATIONS = {
  registered: 'registered',
  registering: 'registering…',
  failed: 'not registered: refused',
  unregistered: 'not registered',
};

/** What a number is being typed for. */
export const PURPOSES = {
  call: 'Call',
  consult: 'Second call to',
  transfer: 'Transfer to',
  forward: 'Forward to',
};

export const KEYPAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
export const LETTERS = { 2: 'abc', 3: 'def', 4: 'ghi', 5: 'jkl', 6: 'mno', 7: 'pqrs', 8: 'tuv', 9: 'wxyz' };

/** Function keys in the order of the phone: `[name, label, has a lamp, only at desk phones]`. */
export const FUNCTIONS = [
  ['hold', 'Hold', true, false],
  ['swap', 'Swap', false, false],
  ['transfer', 'Transfer', false, false],
  ['conference', 'Conference', false, false],
  ['redial', 'Redial', false, false],
  ['park', 'Park', true, true],
  ['pickup', 'Pick up', false, true],
  ['forward', 'Forward', true, true],
  ['dnd', 'DND', true, true],
  ['mailbox', 'Mailbox', true, true],
];

/** Each forwarding that is on, for a lamp. */
export function forwardingTexts(features) {
  const words = { immediate: 'Forwarded', busy: 'Busy', noAnswer: 'No answer' };
  return (features?.forwarding ?? []).flatMap(({ type, active, target }) =>
    active && target !== undefined
      ? [`${words[type]} → ${target.kind === 'voicemail' ? 'voicemail' : target.number}`]
      : [],
  );
}

/** What the phone hears in the call in front, and the keys that came with it. */
export function hearsText({ state, hears, registration }) {
  if (registration !== 'registered' || state === 'idle' || state === 'ringing') return '';
  const keys = hears.tones + hears.events;
  const heardKeys = keys === '' ? '' : ` · keys ${keys}`;
  if (hears.frequencyHz === null) return `hears nothing${heardKeys}`;
  return `hears ${Math.round(hears.frequencyHz)} Hz at ${Math.round(hears.levelDbfs)} dBFS${heardKeys}`;
}
