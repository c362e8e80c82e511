import { areDtmfDigits } from '@offhook/audio';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { KEYS_WAITING } from '../phones/phone-voice.ts';
import type { PhoneView } from '../phones/desk-phone.ts';
import { Problem, valid } from './problems.ts';
import type { PbxFace, PhoneFace } from './views.ts';

const callBody = z.strictObject({
  to: z
    .string('must be the number to dial')
    .trim()
    .regex(/^[0-9A-Za-z*#+._-]{1,32}$/, 'must be 1 to 32 digits, letters or any of * # + . _ -'),
});

const dtmfBody = z.strictObject({
  digits: z
    .string('must be the keys to press')
    .max(KEYS_WAITING)
    .refine(areDtmfDigits, 'must be keys of a telephone: 0-9 * # A-D'),
});

const nothing = z.union([z.undefined(), z.null(), z.strictObject({})], 'must be empty');

const ACTIONS = ['answer', 'reject', 'hangup', 'hold', 'retrieve'] as const;

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
