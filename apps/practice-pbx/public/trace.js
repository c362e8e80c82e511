// The trace: SIP and CSTA messages as arrows between participants, in the order of time.

import { byId, element, say } from './dom.js';

const KEPT = 1000;
const CALLS_KEPT = 50;
const HUB = 'PBX';

export class Trace {
  #entries = [];
  #peers = new Map();
  /** The call of the switch → what is known of it and the Call-IDs of its legs. */
  #calls = new Map();
  #columns = [];
  #isPaused = false;
  /** While paused: how many have come meanwhile. */
  #missed = 0;
  /** Messages before this are cleared away. */
  #from = 0;
  #open = '';
  #drawing = false;
  #drawn = 0;

  constructor() {
    byId('of-call').addEventListener('change', () => this.#drawAll());
    byId('of-device').addEventListener('change', () => this.#drawAll());
    byId('routine').addEventListener('change', () => this.#drawAll());
    byId('pause').addEventListener('click', () => this.#pause());
    byId('clear').addEventListener('click', () => this.#clear());
    byId('copy').addEventListener('click', () => void this.#copy());
    byId('close-message').addEventListener('click', () => this.#show(null));
    const download = byId('download');
    download.addEventListener('click', () => {
      download.href = this.#textUrl();
    });
    byId('rows').addEventListener('keydown', (event) => this.#move(event));
    this.#fillFilters();
    this.#drawHeads();
  }

  know(peers) {
    this.#peers = new Map(peers.map((peer) => [peer.remote, peer]));
    this.#fillFilters();
    this.#drawAll();
  }

  link(links) {
    for (const { sip, call, from, to, at } of links) {
      const known = this.#calls.get(call) ?? { from, to, at, ids: new Set([call]) };
      known.ids.add(sip);
      this.#calls.set(call, known);
    }
    while (this.#calls.size > CALLS_KEPT) this.#calls.delete(this.#calls.keys().next().value);
    this.#fillFilters();
    if (byId('of-call').value !== '') this.#drawAll();
  }

  add(entries) {
    this.#entries = [...this.#entries, ...entries].slice(-KEPT);
    if (this.#isPaused) {
      this.#missed += entries.filter((entry) => this.#isWanted(entry)).length;
      this.#drawPause();
      return;
    }
    this.#drawNew(entries);
  }

  /** The server tells everything anew. */
  forget() {
    this.#entries = [];
    this.#drawAll();
  }

  showCall(call) {
    const select = byId('of-call');
    if (!this.#calls.has(call)) return;
    select.value = call;
    byId('of-device').value = '';
    if (this.#isPaused) this.#pause();
    this.#drawAll();
    byId('trace-section').scrollIntoView({ block: 'start' });
    select.focus({ preventScroll: true });
  }

  #peerName(remote) {
    return this.#peers.get(remote)?.name ?? remote;
  }

  #isWanted(entry) {
    if (entry.at < this.#from) return false;
    if (entry.isRoutine && !byId('routine').checked) return false;
    const device = byId('of-device').value;
    if (device !== '' && this.#peerName(entry.remote) !== device) return false;
    const ids = this.#calls.get(byId('of-call').value)?.ids;
    return ids === undefined || entry.callIds.some((id) => ids.has(id));
  }

  #fillFilters() {
    const calls = [...this.#calls]
      .toReversed()
      .map(([call, { from, to, at }]) => [call, `${clock(at).slice(0, 8)} ${from} → ${to}`]);
    options(byId('of-call'), [['', 'all'], ...calls]);
    const names = new Set([...this.#peers.values()].map(({ name }) => name));
    const sorted = [...names].toSorted((one, other) => one.localeCompare(other, 'en'));
    options(byId('of-device'), [['', 'all'], ...sorted.map((name) => [name, name])]);
  }

  /** Many events at once are one drawing. */
  #drawAll() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#columns = [];
      byId('rows').replaceChildren();
      this.#drawn = 0;
      this.#append(this.#entries);
    });
  }

  #drawNew(entries) {
    if (!this.#drawing) this.#append(entries);
  }

  #append(entries) {
    const wanted = entries.filter((entry) => this.#isWanted(entry));
    const ladder = byId('ladder');
    const follows = ladder.scrollTop + ladder.clientHeight >= ladder.scrollHeight - 40;
    const known = this.#columns.length;
    for (const entry of wanted) this.#addColumn(entry);
    if (this.#columns.length !== known && this.#drawn > 0) {
      this.#drawAll();
      return;
    }
    const rows = byId('rows');
    rows.append(...wanted.map((entry) => this.#row(entry)));
    this.#drawn += wanted.length;
    for (; this.#drawn > KEPT; this.#drawn -= 1) rows.firstElementChild.remove();
    this.#drawHeads();
    byId('no-message').hidden = this.#drawn > 0;
    if (follows) ladder.scrollTop = ladder.scrollHeight;
  }

  /** Who began stands on the left of the PBX, everybody else on its right, applications last. */
  #addColumn({ remote, protocol }) {
    const name = this.#peerName(remote);
    if (this.#columns.some((column) => column.name === name)) return;
    const column = { name, protocol };
    const isFirst = this.#columns.length === 0;
    if (isFirst) this.#columns.push({ name: HUB, protocol: 'hub' });
    if (isFirst && protocol === 'sip') this.#columns.unshift(column);
    else if (protocol === 'csta') this.#columns.push(column);
    else {
      const applications = this.#columns.findIndex((other) => other.protocol === 'csta');
      this.#columns.splice(applications < 0 ? this.#columns.length : applications, 0, column);
    }
  }

  #columnOf(name) {
    return this.#columns.findIndex((column) => column.name === name);
  }

  #drawHeads() {
    byId('ladder').style.setProperty('--lanes', String(Math.max(1, this.#columns.length)));
    byId('heads').replaceChildren(
      element('span'),
      ...this.#columns.map(({ name, protocol }) =>
        element('span', { textContent: name, className: `head ${protocol}`, title: name }),
      ),
    );
  }

  #row(entry) {
    const peer = this.#peerName(entry.remote);
    const [from, to] = entry.direction === 'in' ? [peer, HUB] : [HUB, peer];
    const [start, end] = [this.#columnOf(from), this.#columnOf(to)];
    const [left, right] = [Math.min(start, end), Math.max(start, end)];
    const arrow = element(
      'span',
      { className: `arrow ${start < end ? 'right' : 'left'} ${toneOf(entry)}` },
      element('span', { className: 'label', textContent: entry.summary }),
    );
    arrow.style.gridColumn = `${left + 2} / ${right + 3}`;
    const button = element(
      'button',
      { type: 'button', className: 'row', tabIndex: -1, onclick: () => this.#show(entry, button) },
      element('span', { className: 'time', textContent: clock(entry.at) }),
      element('span', { className: 'way', textContent: `${from} → ${to}` }),
      arrow,
    );
    if (byId('rows').childElementCount === 0) button.tabIndex = 0;
    if (this.#open === keyOf(entry)) button.setAttribute('aria-current', 'true');
    return element('li', {}, button);
  }

  #show(entry, button) {
    byId('rows').querySelector('[aria-current]')?.removeAttribute('aria-current');
    this.#open = entry === null ? '' : keyOf(entry);
    byId('message').hidden = entry === null;
    if (entry === null) return;
    button.setAttribute('aria-current', 'true');
    this.#rove(button);
    const way = entry.direction === 'in' ? 'from' : 'to';
    say(
      byId('message-title'),
      `${clock(entry.at)} ${way} ${this.#peerName(entry.remote)} (${entry.transport} ${entry.remote})`,
    );
    byId('message-text').textContent = entry.text;
  }

  /** One row is a stop of the tab key, the arrows go on from there. */
  #rove(button) {
    const stop = byId('rows').querySelector('[tabindex="0"]');
    if (stop !== null) stop.tabIndex = -1;
    button.tabIndex = 0;
  }

  #move(event) {
    const item = event.target.closest('li');
    const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key];
    const button = next?.querySelector('button');
    if (!button) return;
    event.preventDefault();
    this.#rove(button);
    button.focus();
  }

  #pause() {
    this.#isPaused = !this.#isPaused;
    this.#missed = 0;
    this.#drawPause();
    if (!this.#isPaused) this.#drawAll();
  }

  #drawPause() {
    const button = byId('pause');
    button.setAttribute('aria-pressed', String(this.#isPaused));
    say(button, this.#isPaused ? `Go on (${this.#missed} new)` : 'Pause');
  }

  #clear() {
    this.#from = (this.#entries.at(-1)?.at ?? 0) + 1;
    this.#show(null);
    this.#drawAll();
  }

  #textUrl() {
    const query = new URLSearchParams({ messages: '1', from: String(this.#from) });
    if (byId('routine').checked) query.set('routine', '1');
    const [call, device] = [byId('of-call').value, byId('of-device').value];
    if (call !== '') query.set('call', call);
    if (device !== '') query.set('device', device);
    return `/api/trace.txt?${query}`;
  }

  async #copy() {
    const button = byId('copy');
    try {
      const response = await fetch(this.#textUrl());
      await navigator.clipboard.writeText(await response.text());
      say(button, 'Copied');
    } catch {
      say(button, 'Not possible here');
    }
    setTimeout(() => say(button, 'Copy as text'), 2000);
  }
}

const keyOf = ({ protocol, number }) => `${protocol} ${number}`;

/** Of an arrow: requests, good and bad answers and CSTA look different. */
function toneOf({ protocol, line }) {
  if (protocol === 'csta') return 'csta';
  const status = /^SIP\/2\.0 (\d)/u.exec(line)?.[1];
  if (status === undefined) return 'request';
  return Number(status) >= 4 ? 'bad' : 'answer';
}

function clock(at) {
  return new Date(at).toISOString().slice(11, 23);
}

/** Choices that are the same are left alone: an open list would close. */
function options(select, choices) {
  const shown = choices.map((choice) => choice.join(' ')).join('|');
  if (select.dataset.shown === shown) return;
  select.dataset.shown = shown;
  const { value } = select;
  select.replaceChildren(
    ...choices.map(([key, textContent]) => element('option', { value: key, textContent })),
  );
  // A choice that is no more becomes "all".
  select.value = choices.some(([key]) => key === value) ? value : '';
}
