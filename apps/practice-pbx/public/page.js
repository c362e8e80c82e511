// The page of the practice PBX: draws what the server-sent events say, and sends what is pressed.

import { drawCalls } from './calls.js';
import { drawCsta, heardCsta } from './csta.js';
import { byId, say } from './dom.js';
import { drawExtensions } from './extensions.js';
import { drawPhones } from './phones.js';
import { Trace } from './trace.js';
import { afterChange } from './view.js';

const trace = new Trace();
let view;

const PLATFORMS = {
  generic: 'Generic SIP',
  'openscape-voice': 'as OpenScape Voice',
  'openscape-4000': 'as OpenScape 4000',
  'openscape-business': 'as OpenScape Business',
};

function draw(next, changed) {
  view = next;
  say(byId('platform'), PLATFORMS[view.platform]);
  say(byId('sip'), view.sip);
  drawPhones(view);
  if (changed('calls') || changed('callBacks') || changed('services')) {
    drawCalls(view, (call) => trace.showCall(call));
  }
  if (changed('extensions')) drawExtensions(view);
  if (changed('csta')) drawCsta(view.csta);
  if (changed('peers')) trace.know(view.peers);
}

const link = byId('link');
function linked(text, isLost) {
  say(link, text);
  link.classList.toggle('lost', isLost);
}

const source = new EventSource('/api/events');
const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
source.addEventListener('open', () => {
  // After a break the server tells the whole trace again.
  trace.forget();
  linked('Live', false);
});
source.addEventListener('error', () => linked('Connection lost, trying again…', true));
on('state', (state) => draw(state, () => true));
on('change', (change) => {
  const names = new Set([...Object.keys(change.set), ...Object.keys(change.gone)]);
  draw(afterChange(view, change), (name) => names.has(name));
});
on('links', (links) => trace.link(links));
on('trace', (entries) => {
  trace.add(entries);
  if (entries.some(({ protocol }) => protocol === 'csta')) heardCsta();
});
