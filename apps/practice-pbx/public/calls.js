// Calls with everybody in them, parked ones too, and call-backs.

import { byId, element, personText, post } from './dom.js';

export function drawCalls({ calls, callBacks, services, codes }, showTrace) {
  fill(
    'calls',
    calls.map((call) => callItem(call, showTrace)),
    'No call.',
  );
  fill('call-backs', callBacks.map(callBackItem), 'None.');
  byId('services').replaceChildren(
    ...services.map(({ number, name }) => numberItem(number, name)),
    ...CODES.map(([name, text, suffix = '']) => numberItem(`${codes[name]}${suffix}`, text)),
  );
}

const CODES = [
  ['voicemail', 'Your mailbox'],
  ['conference', 'New conference room; digits behind it name one'],
  ['park', 'Park the call on hold'],
  ['unpark', 'Fetch the call parked there', '1…9'],
  ['pickup', 'Pick up a call of the group; an extension may follow'],
  ['callBack', 'Call back when free', '‹extension›'],
  ['doNotDisturb', 'Do not disturb'],
  ['doNotDisturbOff', 'Do not disturb off'],
  ['forwardImmediate', 'Forward always', '‹number›'],
  ['forwardImmediateOff', 'Forward always, off'],
  ['forwardBusy', 'Forward when busy', '‹number›'],
  ['forwardNoAnswer', 'Forward when not answered', '‹number›'],
  ['callThrough', 'From an alternative number: call through the office', '‹number›'],
];

function numberItem(number, text) {
  return element('li', {}, element('code', { textContent: number }), ` ${text}`);
}

function fill(id, items, empty) {
  const list = byId(id);
  list.replaceChildren(
    ...(items.length > 0 ? items : [element('li', { className: 'quiet', textContent: empty })]),
  );
}

function callItem(call, showTrace) {
  const badges = [
    call.isConference ? 'Conference' : '',
    call.parkedAt === null ? '' : `Parked at ${call.parkedAt}`,
    call.codec ?? '',
  ].filter((text) => text !== '');
  const title = `${personText(call.from)} → ${personText(call.to)}`;
  const button = (text, act) =>
    element('button', {
      type: 'button',
      className: 'plain',
      textContent: text,
      onclick: act,
      attributes: { 'aria-label': `${text}: ${title}` },
    });
  return element(
    'li',
    { className: 'call' },
    element(
      'div',
      { className: 'bar' },
      element('strong', { textContent: title }),
      ...badges.map((textContent) => element('span', { className: 'badge', textContent })),
      element(
        'span',
        { className: 'tools' },
        button('Trace', () => showTrace(call.id)),
        button('End', () => void post(`/api/calls/${call.id}/clear`)),
      ),
    ),
    element('ul', { className: 'parties' }, ...call.parties.map(partyItem)),
  );
}

function partyItem({ person, device, state }) {
  const via = person.number === device ? '' : ` at ${device}`;
  return element(
    'li',
    { attributes: { 'data-state': state } },
    element('i', { className: 'lamp' }),
    `${personText(person)}${via} `,
    element('span', { className: 'quiet', textContent: state }),
  );
}

function callBackItem({ device, to }) {
  const cancel = element('button', {
    type: 'button',
    className: 'plain',
    textContent: 'Cancel',
    onclick: () => void post('/api/call-backs/cancel', { device, to }),
    attributes: { 'aria-label': `Cancel the call-back of ${device} to ${to}` },
  });
  return element(
    'li',
    { className: 'bar' },
    `${device} wants to speak to ${to}`,
    element('span', { className: 'tools' }, cancel),
  );
}
