import type { CallService } from '@offhook/contract';
import type { Now } from '../clock.ts';
import type { Call, CallInput, ClientRequest, Phase, RequestId, Step } from './model.ts';
import { gate } from './permitted.ts';
import { answerTo, change, end, proceed, stay, to } from './transitions.ts';

type RequestInput = Extract<CallInput, { kind: 'request' }>;

/** What a client asks. Everything passes the gate first, but trickled candidates, which belong to a leg. */
export function onRequest(call: Call, input: RequestInput, now: Now): Step {
  const { requestId, clientId, request } = input;
  if (request.method === 'candidate') return onCandidate(call, input, request);
  const service: CallService = request.method;
  const refusal = gate(call, clientId, service);
  if (refusal !== undefined) return stay(call, { kind: 'refuse', requestId, code: refusal });
  switch (request.method) {
    case 'answer':
      return onAnswer(call, input, request, now);
    case 'attach':
      return onAttach(call, input, request, now);
    case 'reject':
      return end(call, 'declined', now, { kind: 'sip.refuse', status: 603 }, { kind: 'reply', requestId });
    case 'hangUp':
      return onHangUp(call, requestId, now);
    case 'hold':
    case 'retrieve':
      return onHoldOrder(call, requestId, request.method, now);
    case 'mute':
      return change(call, { muted: request.muted }, { kind: 'reply', requestId });
    case 'dtmf':
      return stay(call, { kind: 'media.dtmf', requestId, digits: request.digits });
  }
}

function onCandidate(
  call: Call,
  input: RequestInput,
  request: Extract<ClientRequest, { method: 'candidate' }>,
): Step {
  const { requestId, clientId } = input;
  const { legId, candidate, mid } = request;
  const ofOpening = call.opening?.legId === legId && call.opening.clientId === clientId;
  const ofVoice =
    call.voice.name !== 'none' && call.voice.legId === legId && call.owner?.clientId === clientId;
  // A candidate for a leg that has been replaced meanwhile is late, not wrong.
  if (!ofOpening && !ofVoice) return stay(call, { kind: 'reply', requestId });
  return stay(call, { kind: 'media.candidate', legId, candidate, mid }, { kind: 'reply', requestId });
}

function onAnswer(
  call: Call,
  input: RequestInput,
  request: Extract<ClientRequest, { method: 'answer' }>,
  now: Now,
): Step {
  const { phase } = call;
  if (phase.name !== 'ringing') return notNow(call, input.requestId);
  const answering: Phase = {
    name: 'answering',
    offer: phase.offer,
    ringUntil: phase.ringUntil,
    requestId: input.requestId,
    clientId: input.clientId,
    legId: request.legId,
    browserOffer: request.offer,
    description: undefined,
    mayRing: true,
    forward: phase.forward,
    giveUpAt: now.at + call.times.setup,
    desertedSince: phase.desertedSince,
  };
  return change(
    call,
    { phase: answering, owner: { clientId: input.clientId, presence: 'present' } },
    // The PBX's side first: the browser is then offered the codec that the PBX chose.
    answerTo(phase.offer, false),
  );
}

function onAttach(
  call: Call,
  input: RequestInput,
  request: Extract<ClientRequest, { method: 'attach' }>,
  now: Now,
): Step {
  const { requestId, clientId } = input;
  const overtaken = call.opening;
  return change(
    call,
    { opening: { legId: request.legId, requestId, clientId, giveUpAt: now.at + call.times.setup } },
    ...(overtaken === undefined
      ? []
      : ([{ kind: 'refuse', requestId: overtaken.requestId, code: 'conflict' }] as const)),
    { kind: 'media.open_browser_leg', legId: request.legId, offer: request.offer },
  );
}

function onHangUp(call: Call, requestId: RequestId, now: Now): Step {
  const reply = { kind: 'reply', requestId } as const;
  switch (call.phase.name) {
    case 'calling':
    case 'alerting':
      return end(call, 'cancelled', now, { kind: 'sip.end' }, reply);
    case 'answering':
      return end(call, 'declined', now, { kind: 'sip.refuse', status: 603 }, reply);
    case 'talking': {
      const cause = call.phase.leaving?.name === 'taken' ? 'transferred' : 'completed';
      return end(call, cause, now, { kind: 'sip.end' }, reply);
    }
    case 'preparing':
    case 'ringing':
    case 'ended':
    case 'abandoned':
      return notNow(call, requestId);
  }
}

function onHoldOrder(call: Call, requestId: RequestId, kind: 'hold' | 'retrieve', now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return notNow(call, requestId);
  const ordered = { ...phase, order: { kind, requestId } };
  // Who presses hold wants to be unheard at once, not when the PBX has agreed.
  return kind === 'hold'
    ? proceed(call, ordered, now, { kind: 'media.set_flow', flow: 'hold' })
    : proceed(call, ordered, now);
}

/** The gate keeps these out; said again because the types cannot. */
const notNow = (call: Call, requestId: RequestId): Step =>
  to(call, call.phase, { kind: 'refuse', requestId, code: 'call_not_permitted' });
