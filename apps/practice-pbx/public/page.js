// The page of the practice PBX: draws what the server-sent events say, and sends what is pressed.

const KEPT_MESSAGES = 300;

const byId = (id) => document.getElementById(id);
const template = byId('phone-template');
const cards = new Map();
let messages = [];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function personText({ number, name }) {
  return name === undefined ? number : `${name} (${number})`;
}

async function press(id, action, body) {
  const problem = byId('problem');
  problem.hidden = true;
  try {
    const response = await fetch(`/api/phones/${encodeURIComponent(id)}/${action}`, {
      method: 'POST',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (response.ok) return;
    const answer = await response.json();
    problem.textContent = answer.error.message;
  } catch {
    problem.textContent = 'The practice PBX does not answer.';
  }
  problem.hidden = false;
}

function makeCard(phone) {
  const card = template.content.firstElementChild.cloneNode(true);
  const { id } = phone;
  card.setAttribute('aria-label', `Phone ${id}`);
  const dial = card.querySelector('form.dial');
  dial.elements.to.setAttribute('aria-label', `Number to call from ${id}`);
  dial.addEventListener('submit', (event) => {
    event.preventDefault();
    const to = dial.elements.to.value.trim();
    if (to !== '') void press(id, 'call', { to });
  });
  const keys = card.querySelector('form.keys');
  keys.elements.digits.setAttribute('aria-label', `Keys to press on ${id}`);
  keys.addEventListener('submit', (event) => {
    event.preventDefault();
    const digits = keys.elements.digits.value.trim();
    if (digits !== '') void press(id, 'dtmf', { digits });
    keys.reset();
  });
  for (const button of card.querySelectorAll('.buttons button')) {
    button.addEventListener('click', () => void press(id, button.dataset.action));
  }
  return card;
}

function hearsText({ state, hears, registration }) {
  if (registration !== 'registered' || state === 'idle' || state === 'ringing') return '';
  if (hears.frequencyHz === null) return 'hears nothing';
  const keys = hears.tones + hears.events;
  const heardKeys = keys === '' ? '' : ` · keys ${keys}`;
  return `hears ${Math.round(hears.frequencyHz)} Hz at ${Math.round(hears.levelDbfs)} dBFS${heardKeys}`;
}

function drawPhone(phone) {
  let card = cards.get(phone.id);
  if (card === undefined) {
    card = makeCard(phone);
    cards.set(phone.id, card);
    byId('phones').append(card);
  }
  card.classList.toggle('rings', phone.state === 'ringing');
  card.querySelector('.number').textContent = phone.extension;
  card.querySelector('.name').textContent = phone.name;
  const badge = card.querySelector('.badge');
  badge.textContent = phone.registration;
  badge.classList.toggle('bad', phone.registration === 'failed');
  const display = card.querySelector('.display');
  if (display.textContent !== phone.display) display.textContent = phone.display;
  card.querySelector('.hears').textContent = hearsText(phone);
  card.querySelector('form.dial').hidden = !phone.may.includes('call');
  card.querySelector('form.keys').hidden = !phone.may.includes('dtmf');
  for (const button of card.querySelectorAll('.buttons button')) {
    button.hidden = !phone.may.includes(button.dataset.action);
  }
}

function listItem(text, detail) {
  const item = element('li', '', text);
  if (detail !== undefined) item.append(element('small', '', detail));
  return item;
}

function fill(id, items, empty) {
  byId(id).replaceChildren(...(items.length > 0 ? items : [element('li', 'quiet', empty)]));
}

function callItem(call) {
  const held = call.holding.length === 0 ? '' : ` · held by ${call.holding.join(' and ')}`;
  const codec = call.codec === null ? '' : ` · ${call.codec}`;
  return listItem(`${personText(call.from)} → ${personText(call.to)}`, `${call.state}${codec}${held}`);
}

function extensionItem({ number, name, bindings }) {
  const places = bindings.map(({ transport, remote }) => `${transport.toUpperCase()} ${remote}`);
  return listItem(`${number} ${name}`, places.length === 0 ? 'not registered' : places.join(' · '));
}

function drawState(state) {
  byId('sip').textContent = state.sip;
  for (const phone of state.phones) drawPhone(phone);
  fill('calls', state.calls.map(callItem), 'No call.');
  fill('extensions', state.extensions.map(extensionItem), 'None.');
  fill(
    'services',
    state.services.map(({ number, name }) => listItem(`${number} ${name}`)),
    'None.',
  );
}

function messageItem(message) {
  const item = element('li', message.direction);
  const details = element('details', '');
  const summary = element('summary', '');
  const time = new Date(message.at).toISOString().slice(11, 23);
  summary.append(
    element('span', 'time', time),
    element('span', 'remote', `${message.transport} ${message.remote}`),
    element('span', 'arrow', message.direction === 'in' ? '→' : '←'),
    element('span', 'line', message.line),
  );
  details.append(summary, element('pre', '', message.text));
  item.append(details);
  return item;
}

function isWanted(message) {
  return !byId('quiet').checked || !/^CSeq:\s*\d+\s+(?:REGISTER|OPTIONS)/im.test(message.text);
}

function drawTrace(added) {
  const list = byId('trace');
  const follows = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.append(...added.filter(isWanted).map(messageItem));
  while (list.childElementCount > KEPT_MESSAGES) list.firstElementChild.remove();
  if (follows) list.scrollTop = list.scrollHeight;
}

byId('quiet').addEventListener('change', () => {
  byId('trace').replaceChildren();
  drawTrace(messages);
});
byId('clear').addEventListener('click', () => {
  messages = [];
  byId('trace').replaceChildren();
});

const link = byId('link');
const source = new EventSource('/api/events');
source.addEventListener('open', () => {
  // After a break the server tells the whole trace again.
  messages = [];
  byId('trace').replaceChildren();
  link.textContent = 'Live';
  link.classList.remove('lost');
});
source.addEventListener('error', () => {
  link.textContent = 'Connection lost, trying again…';
  link.classList.add('lost');
});
source.addEventListener('state', (event) => drawState(JSON.parse(event.data)));
source.addEventListener('trace', (event) => {
  const added = JSON.parse(event.data);
  messages = [...messages, ...added].slice(-KEPT_MESSAGES);
  drawTrace(added);
});
