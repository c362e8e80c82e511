import { nameOf } from './phone-call.ts';
import type { PhoneCall } from './phone-call.ts';
import type { PhoneAction, PhoneCallId, PhoneCallView, PhoneSituation } from './types.ts';

export interface CallOfPhone {
  readonly id: PhoneCallId;
  readonly call: PhoneCall;
}

/** The call that is in front: what one talks in or has dialled, before what rings, before what is held. */
const RANKS = ['talking', 'alerting', 'calling', 'ringing', 'holding', 'over'] as const;

export function frontOf(calls: readonly CallOfPhone[]): CallOfPhone | undefined {
  return calls.toSorted((one, other) => RANKS.indexOf(one.call.state) - RANKS.indexOf(other.call.state))[0];
}

/** The keys that do something now. */
export function permitted(calls: readonly CallOfPhone[], canRedial: boolean): readonly PhoneAction[] {
  const call = frontOf(calls)?.call;
  if (call === undefined) return canRedial ? ['call', 'redial'] : ['call'];
  const other = calls.find((each) => each.call !== call)?.call;
  const knocks: PhoneAction[] = other?.state === 'ringing' ? ['answer', 'reject'] : [];
  switch (call.state) {
    case 'calling':
    case 'alerting':
      return other?.state === 'holding' && call.state === 'alerting' ? ['hangup', 'transfer'] : ['hangup'];
    case 'ringing':
      return ['answer', 'reject'];
    case 'talking':
      if (call.isChanging) return ['hangup', ...knocks];
      if (other?.state === 'holding') {
        return ['hangup', 'hold', 'dtmf', 'swap', 'transfer', 'conference'];
      }
      return [
        'hangup',
        'hold',
        'dtmf',
        ...(other === undefined ? (['consult', 'blindTransfer'] as const) : knocks),
      ];
    case 'holding':
      if (call.isChanging) return ['hangup'];
      return ['hangup', 'retrieve', ...(other === undefined ? (['consult', 'blindTransfer'] as const) : [])];
    case 'over':
      return [];
    default:
      return call.state satisfies never;
  }
}

/** What the phone shows: the call in front on its first line, the others under it. */
export function situationOf(calls: readonly CallOfPhone[], said: string, canRedial: boolean): PhoneSituation {
  const first = frontOf(calls);
  const may = permitted(calls, canRedial);
  const views = calls.flatMap(({ id, call }): PhoneCallView[] => {
    const { state, peer, isHeld } = call;
    return state === 'over' || peer === undefined ? [] : [{ id, state, peer, isHeld }];
  });
  const view = views.find(({ id }) => id === first?.id);
  if (view === undefined) return { state: 'idle', peer: null, display: said, lines: [], calls: views, may };
  return {
    state: view.state,
    peer: view.peer,
    display: textOf(view),
    lines: views.filter((other) => other !== view).map(textOf),
    calls: views,
    may,
  };
}

function textOf({ state, peer, isHeld }: PhoneCallView): string {
  const name = nameOf(peer);
  switch (state) {
    case 'calling':
      return `Calling ${name}…`;
    case 'alerting':
      return `Ringing ${name}…`;
    case 'ringing':
      return `Call from ${name}`;
    case 'holding':
      return `On hold: ${name}`;
    case 'talking':
      return isHeld ? `Held by ${name}` : `Connected: ${name}`;
    default:
      return state satisfies never;
  }
}
