// Telephones: each a card with screen, lines, keys and hook. A key does what the phone's API offers.

import { byId, element, enable, onPress, personText, post, say } from './dom.js';
import {
  FUNCTIONS,
  KEYPAD,
  LETTERS,
  PURPOSES,
  REGISTRATIONS,
  forwardingTexts,
  hearsText,
} from './phone-words.js';

const template = byId('phone-template');
const cards = new Map();

/** All phones, and the lamps that the switch lights at them. */
export function drawPhones(view) {
  for (const phone of view.phones) {
    let card = cards.get(phone.id);
    if (card === undefined) {
      card = new PhoneCard(phone);
      cards.set(phone.id, card);
      byId(phone.kind === 'desk' ? 'desk-phones' : 'outside-phones').append(card.root);
      if (phone.kind !== 'desk') byId('outside-title').hidden = false;
    }
    const features = view.extensions.find(({ number }) => number === phone.extension)?.features;
    const parked = phone.kind === 'desk' ? view.calls.filter(({ parkedAt }) => parkedAt !== null) : [];
    card.draw({ phone, features, parked, codes: view.codes });
  }
}

class PhoneCard {
  root = template.content.firstElementChild.cloneNode(true);
  #id;
  #now;
  #entry = '';
  /** The handset is off although there is no call. */
  #isLifted = false;
  /** Which call is at which line key. */
  #lines = [undefined, undefined];
  #keys = new Map();

  constructor({ id, kind, extension, name }) {
    this.#id = id;
    const { root } = this;
    root.setAttribute(
      'aria-label',
      `${kind === 'desk' ? 'Desk phone' : 'Outside phone'} ${extension} ${name}`,
    );
    root.dataset.phone = id;
    root.classList.add(kind);
    say(this.#part('.number'), extension);
    say(this.#part('.name'), name);
    for (const key of KEYPAD) {
      const button = element('button', { type: 'button', textContent: key });
      button.append(element('small', { textContent: LETTERS[key] ?? '' }));
      button.setAttribute('aria-label', key === '*' ? 'star' : key === '#' ? 'hash' : key);
      onPress(button, () => this.#type(key));
      this.#part('.keypad').append(button);
    }
    for (const [key, label, hasLamp, isDesk] of FUNCTIONS) {
      if (isDesk && kind !== 'desk') continue;
      const lamp = hasLamp ? [element('i', { className: 'lamp' })] : [];
      const button = element('button', { type: 'button' }, ...lamp, label);
      onPress(button, () => this.#function(key));
      this.#keys.set(key, button);
      this.#part('.functions').append(button);
    }
    for (const [index, button] of [...root.querySelectorAll('.line')].entries()) {
      onPress(button, () => this.#line(index));
    }
    onPress(this.#part('.hook'), () => this.#hook());
    const form = this.#part('.entry');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close();
    });
    root.addEventListener('keydown', (event) => {
      const isWriting = event.target instanceof HTMLInputElement;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isWriting && isPlain && KEYPAD.includes(event.key)) this.#type(event.key);
    });
  }

  draw(now) {
    const hadFocus = this.root.contains(document.activeElement);
    this.#now = now;
    this.#drawAll();
    // Where the focused key is gone, the focus stays at this phone.
    const { activeElement } = document;
    if (hadFocus && (!this.root.contains(activeElement) || activeElement.closest('[hidden]') !== null)) {
      this.#part('.line').focus({ preventScroll: true });
    }
  }

  #drawAll() {
    const { phone, features } = this.#now;
    const { state, display, lines, registration } = phone;
    if (!this.#mayEnter()) this.#entry = '';
    if (state !== 'idle') this.#isLifted = false;
    const { root } = this;
    root.classList.toggle(
      'rings',
      phone.calls.some((call) => call.state === 'ringing'),
    );
    root.classList.toggle('offhook', this.#isLifted || !['idle', 'ringing'].includes(state));
    const badge = this.#part('.badge');
    say(badge, REGISTRATIONS[registration]);
    badge.classList.toggle('bad', registration === 'failed');
    badge.classList.toggle('good', registration === 'registered');
    say(this.#part('.display'), this.#isLifted && this.#entry !== '' ? 'Enter a number' : display);
    say(this.#part('.behind'), lines.join(' · '));
    say(this.#part('.hears'), hearsText(phone));
    this.#part('.lamps').replaceChildren(...this.#lamps(features));
    this.#drawEntry();
    this.#drawLines();
    this.#drawFunctions();
    this.#drawSoft();
    const isUp = this.#isLifted || this.#may('hangup');
    say(this.#part('.hook span'), isUp ? 'Hang up' : 'Lift');
  }

  #part(selector) {
    return this.root.querySelector(selector);
  }

  #may(action) {
    return this.#now.phone.may.includes(action);
  }

  #do(action, body) {
    this.#entry = '';
    this.#isLifted = false;
    return post(`/api/phones/${encodeURIComponent(this.#id)}/${action}`, body);
  }

  #lamps(features) {
    const { parked } = this.#now;
    const texts = [];
    if (features?.doNotDisturb) texts.push('Do not disturb');
    for (const text of forwardingTexts(features)) texts.push(text);
    const fresh = features?.messages.fresh ?? 0;
    if (fresh > 0) texts.push(fresh === 1 ? '1 new message' : `${fresh} new messages`);
    for (const { parkedAt } of parked) texts.push(`Parked ${parkedAt}`);
    return texts.map((textContent) => element('span', { textContent }));
  }

  #drawEntry() {
    const form = this.#part('.entry');
    form.hidden = this.#entry === '';
    if (this.#entry === '') return;
    const label = PURPOSES[this.#entry];
    say(form.querySelector('label'), label);
    form.querySelector('input').setAttribute('aria-label', `${label}, at phone ${this.#now.phone.extension}`);
  }

  #drawLines() {
    const { calls } = this.#now.phone;
    const at = this.#lines.map((id) => (calls.some((call) => call.id === id) ? id : undefined));
    for (const { id } of calls) {
      const free = at.indexOf(undefined);
      if (!at.includes(id) && free >= 0) at[free] = id;
    }
    this.#lines = at;
    for (const [index, button] of [...this.root.querySelectorAll('.line')].entries()) {
      const call = calls.find(({ id }) => id === at[index]);
      const text = call === undefined ? `Line ${index + 1}` : (call.peer.name ?? call.peer.number);
      say(button.querySelector('span'), text);
      const state = call?.state === 'talking' && call.isHeld ? 'held' : (call?.state ?? 'free');
      button.dataset.state = state;
      button.setAttribute(
        'aria-label',
        `Line ${index + 1}: ${state}${call === undefined ? '' : `, ${personText(call.peer)}`}`,
      );
      enable(
        button,
        call === undefined ? this.#may('call') || this.#may('consult') : this.#lineAction(call) !== null,
      );
    }
  }

  #drawFunctions() {
    const { phone, features } = this.#now;
    const isIdle = this.#may('call');
    const states = {
      hold: [
        this.#may('hold') || this.#may('retrieve'),
        phone.calls.some(({ state }) => state === 'holding'),
      ],
      swap: [this.#may('swap'), false],
      transfer: [this.#may('transfer') || this.#may('blindTransfer'), this.#entry === 'transfer'],
      conference: [this.#may('conference'), false],
      redial: [this.#may('redial'), false],
      park: [this.#may('blindTransfer'), this.#now.parked.length > 0],
      pickup: [isIdle, false],
      forward: [isIdle, features?.forwarding.some(({ active }) => active) === true],
      dnd: [isIdle, features?.doNotDisturb === true],
      mailbox: [isIdle, (features?.messages.fresh ?? 0) > 0],
    };
    for (const [key, button] of this.#keys) {
      const [isEnabled, isLit] = states[key];
      enable(button, isEnabled);
      button.classList.toggle('lit', isLit);
      if (['hold', 'forward', 'dnd'].includes(key)) button.setAttribute('aria-pressed', String(isLit));
    }
  }

  #drawSoft() {
    const wanted = this.#softKeys();
    const group = this.#part('.soft');
    const shown = wanted.map(([label]) => label).join('|');
    if (group.dataset.shown === shown) return;
    group.dataset.shown = shown;
    group.replaceChildren(
      ...wanted.map(([label, act, className = '']) => {
        const button = element('button', { type: 'button', textContent: label, className });
        onPress(button, act);
        return button;
      }),
    );
  }

  /** `[label, act, look]`: what the keys under the screen mean now. */
  #softKeys() {
    const cancel = ['Cancel', () => this.#close()];
    switch (this.#entry) {
      case 'call':
        return [
          ['Call', () => this.#confirm(), 'go'],
          [
            'Call back',
            () => this.#withNumber((to) => this.#do('call', { to: this.#now.codes.callBack + to })),
          ],
          ['⌫', () => this.#erase()],
          cancel,
        ];
      case 'consult':
        return [['Call', () => this.#confirm(), 'go'], ['⌫', () => this.#erase()], cancel];
      case 'transfer':
        return [
          ['Transfer now', () => this.#confirm(), 'go'],
          ['Ask first', () => this.#withNumber((to) => this.#do('consult', { to }))],
          ['⌫', () => this.#erase()],
          cancel,
        ];
      case 'forward':
        return [
          ['Always', () => this.#forward('immediate')],
          ['Busy', () => this.#forward('busy')],
          ['No answer', () => this.#forward('noAnswer')],
          cancel,
        ];
      default:
        return this.#softKeysOfCalls();
    }
  }

  #softKeysOfCalls() {
    const keys = [];
    if (this.#may('answer')) keys.push(['Answer', () => this.#do('answer'), 'go']);
    if (this.#may('reject')) keys.push(['Reject', () => this.#do('reject'), 'stop']);
    if (this.#may('consult')) keys.push(['Second call', () => this.#open('consult')]);
    if (this.#may('call')) {
      for (const { parkedAt } of this.#now.parked) {
        keys.push([`Fetch ${parkedAt}`, () => this.#do('call', { to: parkedAt })]);
      }
    }
    return keys;
  }

  /** An entry makes sense only as long as its purpose may be carried out. */
  #mayEnter() {
    switch (this.#entry) {
      case 'call':
      case 'forward':
        return this.#may('call');
      case 'consult':
        return this.#may('consult');
      case 'transfer':
        return this.#may('blindTransfer');
      default:
        return false;
    }
  }

  #redraw() {
    this.draw(this.#now);
  }

  #open(purpose, text = '') {
    const isNew = this.#entry !== purpose;
    this.#entry = purpose;
    this.#redraw();
    const input = this.#part('.entry input');
    if (isNew) input.value = text;
    input.focus();
  }

  #close() {
    this.#entry = '';
    this.#isLifted = false;
    this.#redraw();
  }

  #erase() {
    const input = this.#part('.entry input');
    input.value = input.value.slice(0, -1);
  }

  #withNumber(act) {
    const input = this.#part('.entry input');
    const number = input.value.trim();
    if (number === '') input.focus();
    else void act(number);
  }

  #confirm() {
    switch (this.#entry) {
      case 'call':
      case 'consult':
      case 'transfer': {
        const action = this.#entry;
        this.#withNumber((to) => this.#do(action, { to }));
        break;
      }
      case 'forward':
        this.#forward('immediate');
        break;
      default:
    }
  }

  /** Without a number it is switched off. */
  #forward(type) {
    const to = this.#part('.entry input').value.trim();
    void this.#do('forwarding', to === '' ? { type } : { type, to });
  }

  #type(key) {
    if (this.#entry !== '') {
      this.#part('.entry input').value += key;
    } else if (this.#may('dtmf')) void this.#do('dtmf', { digits: key });
    else if (this.#may('call')) this.#open('call', key);
  }

  #hook() {
    if (this.#isLifted) this.#close();
    else if (this.#may('hangup')) void this.#do('hangup');
    else if (this.#may('answer')) void this.#do('answer');
    else if (this.#entry === 'call' && this.#part('.entry input').value !== '') this.#confirm();
    else if (this.#may('call')) {
      this.#isLifted = true;
      this.#open('call');
    }
  }

  #lineAction({ state }) {
    if (state === 'ringing' && this.#may('answer')) return 'answer';
    if (state === 'holding' && this.#may('swap')) return 'swap';
    if (state === 'holding' && this.#may('retrieve')) return 'retrieve';
    return null;
  }

  #line(index) {
    const call = this.#now.phone.calls.find(({ id }) => id === this.#lines[index]);
    if (call === undefined) this.#open(this.#may('consult') ? 'consult' : 'call');
    else void this.#do(this.#lineAction(call));
  }

  #function(key) {
    const { codes, features } = this.#now;
    switch (key) {
      case 'hold':
        return this.#do(this.#may('hold') ? 'hold' : 'retrieve');
      case 'transfer':
        return this.#may('transfer') ? this.#do('transfer', {}) : this.#open('transfer');
      case 'park':
        return this.#do('transfer', { to: codes.park });
      case 'pickup':
        return this.#do('call', { to: codes.pickup });
      case 'mailbox':
        return this.#do('call', { to: codes.voicemail });
      case 'forward':
        return this.#open('forward');
      case 'dnd':
        return this.#do('do-not-disturb', { on: features?.doNotDisturb !== true });
      default:
        return this.#do(key);
    }
  }
}
