import type { Party } from '@offhook/contract';
import { mixedWith, newMessages, type KnownCall, type PhoneState } from '@offhook/phone-core';
import type { WordKey } from '../i18n/words.ts';
import { arrivalWords } from '../words/position-words.ts';

/** Something to be spoken once: words, and whom they are about. */
export interface News {
  readonly key: WordKey;
  readonly people: readonly Party[];
  readonly number: string | undefined;
}

/** What a person who does not look has to be told of the way from one state to the next. Each card's own state speaks for itself. */
export function newsOf(before: PhoneState, after: PhoneState): readonly News[] {
  const news = after.calls.flatMap((call) => {
    const former = before.calls.find((one) => one.callId === call.callId);
    return former === undefined ? [] : newsOfCall(before, former, after, call);
  });
  const fresh = isFewer(newMessages(before), newMessages(after));
  return fresh ? [...news, { key: 'announce.messages', people: [], number: undefined }] : news;
}

function newsOfCall(
  before: PhoneState,
  former: KnownCall,
  after: PhoneState,
  call: KnownCall,
): readonly News[] {
  if (call.state.name === 'ended') return [];
  const news: News[] = [];
  const moved = former.position !== call.position || former.parkedAt !== call.parkedAt;
  // That a call which is answered or placed here is here goes without saying.
  const expected = former.position === 'nowhere' && call.position === 'here';
  if (moved && !expected && call.position !== 'nowhere') {
    const key = arrivalWords(call.position, call.parkedAt);
    news.push({ key, people: [call.remote], number: call.parkedAt });
  }
  const [was, is] = [othersIn(before, former), othersIn(after, call)];
  if (is.length > 0 && keyOf(is) !== keyOf(was)) {
    news.push({ key: 'announce.conference', people: is, number: undefined });
  } else if (was.length > 0 && is.length === 0) {
    news.push({ key: 'announce.conferenceOver', people: [], number: undefined });
  }
  return news;
}

/** The others in a conference; of two calls that are mixed the earlier speaks for both. */
function othersIn(state: PhoneState, call: KnownCall): readonly Party[] {
  if (call.members !== undefined) return call.members;
  const other = mixedWith(state, call);
  if (other === undefined || state.calls.indexOf(other) < state.calls.indexOf(call)) return [];
  return [call.remote, other.remote];
}

function keyOf(parties: readonly Party[]): string {
  return parties.map(({ number, name }) => `${number} ${name ?? ''}`).join('|');
}

function isFewer(before: number | boolean, after: number | boolean): boolean {
  return Number(before) < Number(after);
}
