import { areDtmfDigits } from '@offhook/audio';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { KEYS_WAITING } from '../phones/phone-voice.ts';
import type { PhoneView } from '../phones/desk-phone.ts';
import { FORWARDING_TYPES } from '../switch/api.ts';
import { Problem, valid } from './problems.ts';
import type { PbxFace, PhoneFace } from './views.ts';

const callBody = z.strictObject({
  to: z
    .string('must be the number to dial')
    .trim()
    .regex(/^[0-9A-Za-z*#+._-]{1,32}$/, 'must be 1 to 32 digits, letters or any of * # + . _ -'),
});

const transferBody = z.union(
  [callBody, z.undefined(), z.null(), z.strictObject({})],
  'must be the number to send the call to, or empty',
);

const doNotDisturbBody = z.strictObject({ on: z.boolean('must say whether it is on') });

const forwardingBody = z.strictObject({
  type: z.enum(FORWARDING_TYPES, 'must be immediate, busy or noAnswer'),
  /** Left out: it is switched off. */
  to: callBody.shape.to.optional(),
});

const dtmfBody = z.strictObject({
  digits: z
    .string('must be the keys to press')
    .max(KEYS_WAITING)
    .refine(areDtmfDigits, 'must be keys of a telephone: 0-9 * # A-D'),
});

const nothing = z.union([z.undefined(), z.null(), z.strictObject({})], 'must be empty');

const ACTIONS = ['answer', 'reject', 'hangup', 'hold', 'retrieve', 'swap', 'conference', 'redial'] as const;

/** What a person does at a desk phone, for the page and for tests. */
export function phoneRoutes(server: FastifyInstance, pbx: PbxFace): void {
  const find = (params: unknown): PhoneFace => {
    const { id } = valid(z.object({ id: z.string().max(64) }), params);
    const phone = pbx.phone(id);
    if (phone === undefined) throw new Problem('not_found', `There is no desk phone ${id}.`);
    return phone;
  };

  server.get('/api/phones', () => ({ phones: pbx.view().phones }));
  server.get('/api/phones/:id', (request) => find(request.params).view);

  server.post('/api/phones/:id/call', (request) => {
    const phone = find(request.params);
    const { to } = valid(callBody, request.body);
    return after(phone, phone.dial(to), 'call');
  });

  server.post('/api/phones/:id/dtmf', (request) => {
    const phone = find(request.params);
    const { digits } = valid(dtmfBody, request.body);
    return after(phone, phone.press(digits), 'press keys');
  });

  server.post('/api/phones/:id/consult', (request) => {
    const phone = find(request.params);
    const { to } = valid(callBody, request.body);
    return after(phone, phone.consult(to), 'call a second time');
  });

  // With a number it is blind; without, the two calls of the phone are put together.
  server.post('/api/phones/:id/transfer', (request) => {
    const phone = find(request.params);
    const body = valid(transferBody, request.body);
    const isDone = body && 'to' in body ? phone.blindTransfer(body.to) : phone.act('transfer');
    return after(phone, isDone, 'transfer');
  });

  server.post('/api/phones/:id/do-not-disturb', (request) => {
    const phone = find(request.params);
    const { on } = valid(doNotDisturbBody, request.body);
    return after(phone, phone.setDoNotDisturb(on), 'set that');
  });

  server.post('/api/phones/:id/forwarding', (request) => {
    const phone = find(request.params);
    const { type, to } = valid(forwardingBody, request.body);
    return after(phone, phone.setForwarding(type, to), 'set that');
  });

  for (const action of ACTIONS) {
    server.post(`/api/phones/:id/${action}`, (request) => {
      const phone = find(request.params);
      valid(nothing, request.body);
      return after(phone, phone.act(action), action);
    });
  }
}

function after(phone: PhoneFace, done: boolean, wish: string): PhoneView {
  const { view } = phone;
  if (done) return view;
  const may = view.may.length === 0 ? 'nothing' : view.may.join(', ');
  throw new Problem('conflict', `The phone is ${view.state}: it cannot ${wish} now, but may ${may}.`);
}
