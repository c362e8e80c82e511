// Extensions: the devices behind one number, and what is set for it.

import { byId, element, fill, post, say } from './dom.js';
import { forwardingTexts } from './phones.js';

/** More are found by searching. */
const MOST_SHOWN = 40;
const rows = new Map();
let shown = [];

export function drawExtensions(view) {
  shown = view.extensions;
  for (const extension of shown) rows.get(extension.number)?.draw(extension);
  select();
}

byId('find').addEventListener('input', select);

/** Rows are made when they are shown first: there may be a thousand extensions. */
function select() {
  const words = byId('find').value.trim().toLowerCase();
  const fitting = shown.filter(({ number, name, line }) =>
    `${number} ${name} ${line?.number ?? ''}`.toLowerCase().includes(words),
  );
  const list = byId('extensions');
  const wanted = fitting.slice(0, MOST_SHOWN).map((extension) => {
    const row = rows.get(extension.number) ?? new ExtensionRow(extension);
    rows.set(extension.number, row);
    return row.root;
  });
  if (
    wanted.some((root, index) => list.children[index] !== root) ||
    list.childElementCount !== wanted.length
  ) {
    list.replaceChildren(...wanted);
  }
  const more = byId('more');
  more.hidden = fitting.length <= MOST_SHOWN && fitting.length > 0;
  say(more, fitting.length === 0 ? 'None.' : `${fitting.length - MOST_SHOWN} more: search for them.`);
}

const ROUTINGS = {
  all: 'All devices ring',
  deskOnly: 'Desk phone only',
  alternativeOnly: 'Alternative number only',
};
const BUSY = {
  secondCall: 'Second call knocks',
  busy: 'Busy tone',
  alternative: 'To the alternative number',
  voicemail: 'To voicemail',
};
const FORWARDINGS = { immediate: 'Always', busy: 'When busy', noAnswer: 'When not answered' };
const TARGETS = { off: 'Off', voicemail: 'Voicemail', number: 'Number' };

function field(label, ...controls) {
  return element('div', { className: 'field' }, element('span', { textContent: label }), ...controls);
}

class ExtensionRow {
  root = element('details', { className: 'extension' });
  #number;
  #features;
  #title = element('strong');
  #state = element('span', { className: 'quiet' });
  #lamps = element('span', { className: 'flags' });
  #devices = element('ul', { className: 'devices' });
  #agents = element('div', { className: 'agents' });
  #routing = this.#select('Routing', ROUTINGS, (routing) => ({ set: 'routing', routing }));
  #busy = this.#select('When busy', BUSY, (behaviour) => ({ set: 'busyBehaviour', behaviour }));
  #doNotDisturb = element('input', {
    type: 'checkbox',
    onchange: () => this.#set({ set: 'doNotDisturb', on: this.#doNotDisturb.checked }),
  });
  #alternative = this.#input('Alternative number', () => this.#setAlternative());
  #delay = secondsOf('Seconds until the alternative number rings', 0, () => this.#setAlternative());
  #forwardings = Object.entries(FORWARDINGS).map(
    ([type, label]) => new ForwardingRow(type, label, (wish) => this.#set(wish)),
  );

  constructor(extension) {
    this.#number = extension.number;
    this.root.append(
      element('summary', {}, this.#title, this.#lamps, this.#state),
      element(
        'div',
        { className: 'settings' },
        this.#devices,
        field('Routing', this.#routing),
        field('When busy', this.#busy),
        field('Alternative', this.#alternative, element('label', {}, 'after ', this.#delay, ' s')),
        element(
          'label',
          { className: 'field' },
          element('span', { textContent: 'Do not disturb' }),
          this.#doNotDisturb,
        ),
        element('h3', { textContent: 'Forwarding' }),
        ...this.#forwardings.map(({ root }) => root),
        this.#agents,
      ),
    );
    this.draw(extension);
  }

  draw({ number, name, bindings, line, hasMailbox, isBarred, features }) {
    this.#features = features;
    const { routing, doNotDisturb, messages } = features;
    say(this.#title, `${number} ${name}`);
    const devices = bindings.length + (line?.bindings.length ?? 0);
    say(this.#state, devices === 0 ? 'not registered' : devices === 1 ? '1 device' : `${devices} devices`);
    const flags = [
      doNotDisturb ? 'DND' : '',
      ...forwardingTexts(features),
      routing === 'all' ? '' : ROUTINGS[routing],
      messages.fresh > 0 ? `${messages.fresh} new` : '',
    ];
    this.#lamps.replaceChildren(
      ...flags.filter(Boolean).map((textContent) => element('span', { className: 'badge', textContent })),
    );
    const mailbox = hasMailbox ? `${messages.fresh} new, ${messages.old} old` : 'none';
    this.#devices.replaceChildren(
      deviceItem('Main number', number, bindings),
      ...(line === null ? [] : [deviceItem('Line', line.number, line.bindings)]),
      element('li', {}, element('span', { textContent: 'Mailbox' }), mailbox),
      ...(isBarred
        ? [element('li', {}, element('span', { textContent: 'Barred' }), 'no calls outside')]
        : []),
    );
    this.#drawFields();
  }

  #drawFields() {
    const { routing, busyBehaviour, alternative, alternativeDelay, doNotDisturb, forwarding, agents } =
      this.#features;
    fill(this.#routing, routing);
    fill(this.#busy, busyBehaviour);
    fill(this.#alternative, alternative ?? '');
    fill(this.#delay, String(alternativeDelay));
    this.#doNotDisturb.checked = doNotDisturb;
    for (const row of this.#forwardings) row.draw(forwarding.find(({ type }) => type === row.type));
    this.#drawAgents(agents);
  }

  #drawAgents(agents) {
    this.#agents.replaceChildren(
      ...agents.map(({ device, state }) => {
        const isReady = state === 'ready';
        return element(
          'label',
          { className: 'field' },
          element('span', { textContent: `Rings ${device}` }),
          element('input', {
            type: 'checkbox',
            checked: isReady,
            onchange: () => this.#set({ set: 'agentState', device, state: isReady ? 'notReady' : 'ready' }),
          }),
        );
      }),
    );
  }

  /** What the switch says afterwards counts: a refused wish is taken back on the screen, too. */
  async #set(wish) {
    const features = await post(`/api/extensions/${encodeURIComponent(this.#number)}/settings`, wish);
    if (features !== undefined) return;
    document.activeElement?.blur();
    this.#drawFields();
  }

  #setAlternative() {
    const number = this.#alternative.value.trim();
    const delaySeconds = Number(this.#delay.value);
    void this.#set({ set: 'alternative', number: number === '' ? null : number, delaySeconds });
  }

  #select(label, options, wish) {
    const select = selectOf(label, options);
    select.addEventListener('change', () => void this.#set(wish(select.value)));
    return select;
  }

  #input(label, onchange) {
    return element('input', {
      onchange,
      inputMode: 'tel',
      autocomplete: 'off',
      maxLength: 32,
      placeholder: 'none',
      attributes: { 'aria-label': label },
    });
  }
}

class ForwardingRow {
  root = element('div', { className: 'field' });
  #set;
  #kind;
  #number;
  #seconds;

  constructor(type, label, set) {
    this.type = type;
    this.#set = set;
    this.#kind = selectOf(`Forwarding ${label.toLowerCase()}`, TARGETS);
    this.#kind.addEventListener('change', () => this.#changed());
    this.#number = element('input', {
      inputMode: 'tel',
      autocomplete: 'off',
      maxLength: 32,
      onchange: () => this.#changed(),
      attributes: { 'aria-label': `Number to forward to ${label.toLowerCase()}` },
    });
    this.#seconds = secondsOf('Seconds of ringing before', 1, () => this.#changed());
    this.root.append(element('span', { textContent: label }), this.#kind, this.#number);
    if (type === 'noAnswer') this.root.append(element('label', {}, 'after ', this.#seconds, ' s'));
  }

  draw(forwarding) {
    const target = forwarding?.target;
    const kind = forwarding?.active ? (target?.kind ?? 'off') : 'off';
    fill(this.#number, target?.kind === 'number' ? target.number : '');
    if (document.activeElement !== this.#number) fill(this.#kind, kind);
    fill(this.#seconds, String(forwarding?.ringSeconds ?? ''));
    this.#number.hidden = this.#kind.value !== 'number';
  }

  #changed() {
    const kind = this.#kind.value;
    const number = this.#number.value.trim();
    this.#number.hidden = kind !== 'number';
    if (kind === 'number' && number === '') {
      this.#number.focus();
      return;
    }
    const target = kind === 'off' ? null : kind === 'voicemail' ? { kind } : { kind, number };
    const seconds = Number(this.#seconds.value);
    void this.#set({
      set: 'forwarding',
      type: this.type,
      target,
      ...(seconds > 0 && { ringSeconds: seconds }),
    });
  }
}

function selectOf(label, options) {
  return element(
    'select',
    { attributes: { 'aria-label': label } },
    ...Object.entries(options).map(([value, textContent]) => element('option', { value, textContent })),
  );
}

function secondsOf(label, min, onchange) {
  return element('input', {
    type: 'number',
    className: 'seconds',
    min: String(min),
    max: '120',
    onchange,
    attributes: { 'aria-label': label },
  });
}

function deviceItem(label, number, bindings) {
  const places = bindings.map(({ transport, remote }) => `${transport.toUpperCase()} ${remote}`);
  const where = places.length === 0 ? 'not registered' : places.join(' · ');
  return element(
    'li',
    {},
    element('span', { textContent: label }),
    `${number} `,
    element('small', { className: 'quiet', textContent: where }),
  );
}
