import { formatDiversion } from '@offhook/sip';
import type { ExtraHeaders, InviteParams } from '@offhook/sip';
import type { Diverted, SwitchEffect } from '../switch/model.ts';
import { addressOf, assertedIdentity } from './numbers.ts';

/** The INVITE of a leg: who calls as the PBX knows it, how the call has come here, and what the phone shall do. */
export function invite(effect: Extract<SwitchEffect, { kind: 'invite' }>, host: string): InviteParams {
  const { from, place, offer, onward, branch, diverted, autoAnswer } = effect;
  const maxBreadth = onward?.breadthOf(branch);
  return {
    to: place.uri,
    target: place.target,
    from: addressOf(from.number, host),
    ...(from.name !== undefined && { fromName: from.name }),
    contactUser: from.number,
    offer,
    ...(onward !== undefined && { maxForwards: onward.maxForwards }),
    ...(maxBreadth !== undefined && { maxBreadth }),
    headers: [
      ...assertedIdentity(from, host),
      ...diverted.map((each) => diversion(each, host)),
      ...(autoAnswer ? answerNow(host) : []),
      ...(onward?.headers ?? []),
    ],
  };
}

function diversion({ from, reason }: Diverted, host: string): readonly [string, string] {
  const uri = addressOf(from.number, host);
  const named = from.name === undefined ? {} : { displayName: from.name };
  return ['Diversion', formatDiversion({ uri, reason, ...named, counter: 1 })];
}

/** As most desk phones know it: they answer at once, without ringing. */
function answerNow(host: string): ExtraHeaders {
  return [
    ['Alert-Info', `<http://${host}>;info=alert-autoanswer;delay=0`],
    ['Call-Info', `<sip:${host}>;answer-after=0`],
  ];
}
