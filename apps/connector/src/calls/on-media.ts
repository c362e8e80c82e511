import type { Now } from '../clock.ts';
import type { Answering, Call, CallEffect, CallInput, MediaRefusal, Step, Talking } from './model.ts';
import { holds } from './direction.ts';
import { onPbxStream } from './silence.ts';
import { answered, offered, undescribed } from './on-move.ts';
import { enter, fallBack } from './on-room.ts';
import { abandon, change, end, proceed, stay, talking, to } from './transitions.ts';

type MediaInput = Extract<CallInput, { kind: `media.${string}` }>;

/** What the media engine says: outcomes of what it was asked, and events of the call's bridge. */
export function onMedia(call: Call, input: MediaInput, now: Now): Step {
  switch (input.kind) {
    case 'media.browser_answer':
      return onBrowserAnswer(call, input, now);
    case 'media.browser_refused':
      return onBrowserRefused(call, input, now);
    case 'media.pbx_description':
      return onDescription(call, input.description, now);
    case 'media.pbx_refused':
      return onPbxRefused(call, input.why, now);
    case 'media.pbx_answer_refused':
      return onAnswerRefused(call, now);
    case 'media.dtmf_queued':
      return stay(call, { kind: 'reply', requestId: input.requestId });
    case 'media.dtmf_refused':
      return stay(call, {
        kind: 'refuse',
        requestId: input.requestId,
        code: 'dtmf_unsupported',
      });
    case 'media.browser':
      return onVoice(call, input);
    case 'media.codec_mismatch':
      return askOwner(call, 'codec_changed');
    case 'media.pbx':
      return onPbxStream(call, input.state, now);
  }
}

function onAnswerRefused(call: Call, now: Now): Step {
  const { phase } = call;
  if (phase.name === 'talking' && phase.move?.name === 'gathering') {
    return fallBack(call, phase, phase.move, now, 'the voice connection could not be set up');
  }
  return isLive(call) ? end(call, 'media_failed', now, { kind: 'sip.end' }) : stay(call);
}

const isLive = (call: Call): boolean => call.phase.name !== 'ended' && call.phase.name !== 'abandoned';

function onBrowserAnswer(
  call: Call,
  input: Extract<MediaInput, { kind: 'media.browser_answer' }>,
  now: Now,
): Step {
  const { legId, answer } = input;
  const { opening, phase } = call;
  if (opening?.legId !== legId || !isLive(call)) return stay(call);
  const { requestId, clientId } = opening;
  const joined: Call = {
    ...call,
    opening: undefined,
    owner: { clientId, presence: 'present' },
    voice: { name: 'connecting', legId },
  };
  const media = { legId, sdp: answer };
  const reply: CallEffect = { kind: 'reply', requestId, media };
  switch (phase.name) {
    case 'preparing': {
      const pending = call.pending === undefined ? undefined : { ...call.pending, media };
      return change(
        joined,
        { phase: { name: 'calling', answered: false, giveUpAt: now.at + call.times.setup }, pending },
        // What brings a call here is answered when the call is here.
        ...(pending === undefined ? [reply] : []),
        { kind: 'media.create_pbx_offer', direction: 'sendrecv' },
      );
    }
    case 'answering':
      return phase.description === undefined
        ? stay(call)
        : takeUp(joined, phase, phase.description, reply, now);
    case 'calling':
    case 'alerting':
    case 'talking':
      return stay(joined, reply);
    case 'ringing':
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

/** Milliseconds for the voice path of a call that is brought here to come up before the PBX is answered all the same. */
const VOICE_FIRST = 2_000;

/** A client is joined to a call that rang, or that is brought here. */
function takeUp(call: Call, phase: Answering, description: string, reply: CallEffect, now: Now): Step {
  const isHeld = phase.offer !== undefined && holds(phase.offer);
  const next: Call = { ...call, phase: talking(now.instant, false, isHeld) };
  return phase.mayRing
    ? stay(next, { kind: 'sip.accept', description }, reply)
    : change(next, { accepting: { description, by: now.at + VOICE_FIRST } }, reply);
}

/** The 200 that was put off until the voice flows, if there is one. */
export function acceptAtLast(call: Call): Step {
  const { accepting } = call;
  return accepting === undefined
    ? stay(call)
    : change(call, { accepting: undefined }, { kind: 'sip.accept', description: accepting.description });
}

function onBrowserRefused(
  call: Call,
  input: Extract<MediaInput, { kind: 'media.browser_refused' }>,
  now: Now,
): Step {
  const { opening, phase } = call;
  if (opening?.legId !== input.legId || !isLive(call)) return stay(call);
  const refusal = refuse(opening.requestId, input.why);
  switch (phase.name) {
    case 'preparing':
      return abandon(call, refusal);
    case 'answering':
      return ringAgain(call, phase, now, refusal);
    case 'calling':
    case 'alerting':
    case 'talking':
    case 'ringing':
    case 'ended':
    case 'abandoned':
      return change(call, { opening: undefined }, refusal);
  }
}

/** The client that answered could not be joined: another one may still answer. */
export function ringAgain(call: Call, phase: Answering, now: Now, refusal: CallEffect): Step {
  if (!phase.mayRing) return end(call, 'media_failed', now, { kind: 'sip.refuse', status: 480 }, refusal);
  return change(
    call,
    {
      phase: {
        name: 'ringing',
        offer: phase.offer,
        ringUntil: phase.ringUntil,
        forward: phase.forward,
        desertedSince: phase.desertedSince,
      },
      owner: undefined,
      opening: undefined,
      voice: { name: 'none' },
      pbxSilent: false,
    },
    { kind: 'media.close' },
    refusal,
  );
}

/** Our description for the PBX, offer or answer, is made. */
function onDescription(call: Call, description: string, now: Now): Step {
  const { phase } = call;
  switch (phase.name) {
    case 'calling':
      return to(call, { ...phase, giveUpAt: undefined }, { kind: 'sip.invite', offer: description });
    case 'answering':
      return change(
        call,
        {
          phase: { ...phase, description },
          opening: {
            legId: phase.legId,
            requestId: phase.requestId,
            clientId: phase.clientId,
            giveUpAt: phase.giveUpAt,
          },
        },
        { kind: 'media.open_browser_leg', legId: phase.legId, offer: phase.browserOffer },
      );
    case 'talking':
      return onDescriptionInDialog(call, phase, description, now);
    case 'preparing':
    case 'alerting':
    case 'ringing':
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

function onDescriptionInDialog(call: Call, phase: Talking, description: string, now: Now): Step {
  const { exchange } = phase;
  switch (exchange.name) {
    case 'offering':
      if (exchange.dialog === 'next') {
        if (phase.move?.name === 'meeting') return enter(call, phase, phase.move, description);
        return phase.move?.name === 'referred' ? offered(call, phase, phase.move, description) : stay(call);
      }
      return to(
        call,
        { ...phase, exchange: { name: 'offered' } },
        { kind: 'sip.reoffer', offer: description },
      );
    case 'answering': {
      if (exchange.dialog === 'next') {
        return phase.move?.name === 'offered' ? answered(call, phase, phase.move, description) : stay(call);
      }
      const accept: CallEffect = { kind: 'sip.accept_offer', description };
      if (exchange.delayed) return to(call, { ...phase, exchange: { name: 'awaiting_ack' } }, accept);
      return proceed(
        call,
        { ...phase, exchange: { name: 'idle' }, heldByRemote: exchange.remoteHolds },
        now,
        accept,
      );
    }
    case 'idle':
    case 'awaiting_ack':
    case 'offered':
      return stay(call);
  }
}

function onPbxRefused(call: Call, why: MediaRefusal, now: Now): Step {
  const { phase } = call;
  switch (phase.name) {
    case 'calling':
      return end(call, 'media_failed', now, { kind: 'sip.end' });
    case 'answering':
      return end(
        call,
        'media_failed',
        now,
        { kind: 'sip.refuse', status: 488 },
        refuse(phase.requestId, why),
      );
    case 'talking':
      return onPbxRefusedInDialog(call, phase, why, now);
    case 'preparing':
    case 'alerting':
    case 'ringing':
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

function onPbxRefusedInDialog(call: Call, phase: Talking, why: MediaRefusal, now: Now): Step {
  const idle: Talking = { ...phase, exchange: { name: 'idle' } };
  const { exchange, order } = phase;
  if ((exchange.name === 'answering' || exchange.name === 'offering') && exchange.dialog === 'next') {
    return undescribed(call, phase, now);
  }
  switch (exchange.name) {
    case 'answering':
      return proceed(call, idle, now, { kind: 'sip.refuse_offer', status: 488 });
    case 'offering':
      return proceed(
        call,
        { ...idle, order: undefined },
        now,
        { kind: 'media.set_flow', flow: phase.held ? 'hold' : 'pass' },
        ...(order === undefined || order.kind === 'refresh' ? [] : [refuse(order.requestId, why)]),
      );
    case 'idle':
    case 'awaiting_ack':
    case 'offered':
      return stay(call);
  }
}

/** The voice path of the owner's leg; of an older leg nothing is of interest any more. */
function onVoice(call: Call, input: Extract<MediaInput, { kind: 'media.browser' }>): Step {
  const { voice } = call;
  if (voice.name === 'none' || voice.legId !== input.legId) return stay(call);
  const { legId } = input;
  switch (input.state) {
    case 'connecting':
      return stay(call);
    case 'connected':
      return acceptAtLast({ ...call, voice: { name: 'flowing', legId }, wasHeard: true });
    case 'interrupted':
      return change(call, { voice: { name: 'interrupted', legId } });
    case 'failed':
      return askOwner({ ...call, voice: { name: 'interrupted', legId } }, 'media_lost');
  }
}

/** Once for each leg, and not while a new one is being opened. */
function askOwner(call: Call, reason: 'codec_changed' | 'media_lost'): Step {
  const { owner, phase, voice } = call;
  const hasVoice = phase.name === 'calling' || phase.name === 'alerting' || phase.name === 'talking';
  if (!hasVoice || owner === undefined || voice.name === 'none') return stay(call);
  if (call.opening !== undefined || call.asked === voice.legId) return stay(call);
  return change(call, { asked: voice.legId }, { kind: 'reattach', clientId: owner.clientId, reason });
}

const refuse = (requestId: number, why: MediaRefusal): CallEffect => ({
  kind: 'refuse',
  requestId,
  code: why.code,
  message: why.text,
});
