// The CSTA server: who is connected, and what goes wrong when a test wants it.

import { ask, byId, element, post } from './dom.js';

let isBuilt = false;
let hasRules = false;
let refreshing;

export function drawCsta(csta) {
  byId('csta-section').hidden = csta === null;
  byId('csta-anchor').hidden = csta === null;
  byId('csta-at').replaceChildren();
  if (csta === null) return;
  byId('csta-at').append('CSTA ', element('code', { textContent: `${csta.address}:${csta.port}` }));
  const items = csta.applications.map(({ name, remote, monitors }) =>
    element(
      'li',
      {},
      name,
      ' ',
      element('small', { className: 'quiet', textContent: `${remote} · ${monitors} monitors` }),
    ),
  );
  byId('applications').replaceChildren(
    ...(items.length > 0 ? items : [element('li', { className: 'quiet', textContent: 'No application.' })]),
  );
  if (!isBuilt) build();
}

/** Rules are used up by the messages that they are about. */
export function heardCsta() {
  if (!hasRules) return;
  refreshing ??= setTimeout(() => {
    refreshing = undefined;
    void refresh();
  }, 500);
}

/** Kinds of faults by what they are about, with the fields that each needs. */
const KINDS = {
  request: {
    late_answer: ['ms'],
    missing_answer: [],
    duplicated_answer: [],
    false_success: [],
    false_refusal: [],
    link_loss: ['when'],
    wrong_frame: ['shape'],
    silence: [],
  },
  event: {
    late_event: ['ms'],
    missing_event: [],
    duplicated_event: [],
    reordered_event: [],
    link_loss: ['when'],
    wrong_frame: ['shape'],
    silence: [],
  },
  session: { link_loss: [], wrong_frame: ['shape'], silence: [] },
};
const SHAPES = ['header', 'length', 'invoke_id', 'short', 'no_xml', 'entity', 'deep', 'unknown_message'];
const STATUSES = [
  'normal',
  'initializing',
  'disabled',
  'partiallyDisabled',
  'overloadImminent',
  'overloadReached',
];

const words = (name) => name.replaceAll('_', ' ');

function select(label, values) {
  return element(
    'select',
    { attributes: { 'aria-label': label } },
    ...values.map((value) => element('option', { value, textContent: words(value) })),
  );
}

function number(label, value, min) {
  const attributes = { 'aria-label': label };
  return element('input', {
    type: 'number',
    className: 'seconds',
    min: String(min),
    max: '60000',
    value,
    attributes,
  });
}

function labelled(text, control) {
  return element('label', {}, `${text} `, control);
}

const rules = element('ul', { className: 'rules' });
const on = select('A fault of', Object.keys(KINDS));
const message = element('input', {
  value: '*',
  maxLength: 64,
  spellcheck: false,
  attributes: { 'aria-label': 'CSTA message' },
});
const kind = select('Fault', []);
const ms = number('Milliseconds', '1000', 0);
const when = select('When the link is lost', ['before', 'after']);
const shape = select('Shape of the frame', SHAPES);
const skip = number('Messages passed over first', '0', 0);
const times = number('How many go wrong', '1', 1);
const details = { ms: labelled('ms', ms), when: labelled('when', when), shape: labelled('shape', shape) };
const status = select('System status', STATUSES);

function choose() {
  kind.replaceChildren(
    ...Object.keys(KINDS[on.value]).map((value) => element('option', { value, textContent: words(value) })),
  );
  chooseKind();
}

function chooseKind() {
  const wanted = KINDS[on.value][kind.value];
  for (const [name, label] of Object.entries(details)) label.hidden = !wanted.includes(name);
}

async function arm() {
  const values = { ms: Number(ms.value), when: when.value, shape: shape.value };
  const wanted = KINDS[on.value][kind.value].map((name) => [name, values[name]]);
  const rule = {
    on: on.value,
    message: message.value.trim() || '*',
    skip: Number(skip.value),
    times: Number(times.value),
    fault: { kind: kind.value, ...Object.fromEntries(wanted) },
  };
  drawRules(await post('/api/test/csta/faults', { rules: [rule] }));
}

async function refresh() {
  drawRules(await ask('GET', '/api/test/csta/faults'));
}

function drawRules(answer) {
  if (answer === undefined) return;
  hasRules = answer.rules.length > 0;
  rules.replaceChildren(
    ...answer.rules.map((rule) => {
      const { kind: name, ...more } = rule.fault;
      const extra = Object.values(more)
        .map((value) => ` ${words(String(value))}`)
        .join('');
      const wait = rule.skip > 0 ? `, after ${rule.skip} more` : '';
      return element('li', {
        textContent: `${words(name)}${extra}: ${rule.on} ${rule.message}, ${rule.times}×${wait}`,
      });
    }),
  );
  if (!hasRules) rules.append(element('li', { className: 'quiet', textContent: 'Nothing goes wrong.' }));
}

function button(textContent, act, className = '') {
  return element('button', { type: 'button', textContent, className, onclick: () => void act() });
}

function build() {
  isBuilt = true;
  on.addEventListener('change', choose);
  kind.addEventListener('change', chooseKind);
  choose();
  status.addEventListener('change', () => void post('/api/test/csta/status', { status: status.value }));
  byId('faults').append(
    element('h3', { textContent: 'Faults, for tests only' }),
    element('p', { className: 'quiet', textContent: 'The CSTA server then does what no PBX should.' }),
    element(
      'div',
      { className: 'tools' },
      button('Cut every link', () => post('/api/test/csta/links', { act: 'cut' }), 'stop'),
      button('Silence every link', () => post('/api/test/csta/links', { act: 'silence' }), 'stop'),
      labelled('System status', status),
    ),
    element(
      'div',
      { className: 'tools' },
      on,
      message,
      kind,
      ...Object.values(details),
      labelled('skip', skip),
      labelled('times', times),
      button('Arm', arm),
    ),
    rules,
    button('Disarm all', async () => drawRules(await ask('DELETE', '/api/test/csta/faults'))),
  );
  void refresh();
}
