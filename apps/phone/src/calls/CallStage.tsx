import { isActiveHere, isRingingHere, type KnownCall, type PhoneState } from '@offhook/phone-core';
import { useShallow } from 'zustand/react/shallow';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { AttemptCard } from './AttemptCard.tsx';
import { CallCard } from './CallCard.tsx';
import classes from './CallStage.module.css';

/** All calls, the one that matters most first and large. */
export function CallStage() {
  const calls = usePhoneState(useShallow(callsInOrder));
  const attempts = usePhoneState((state) => state.attempts);
  const large = attempts.length > 0 ? undefined : calls[0]?.callId;
  if (calls.length === 0 && attempts.length === 0) return null;
  return (
    <div className={classes['stage']}>
      {attempts.map((attempt) => (
        <AttemptCard key={attempt.correlationId} attempt={attempt} />
      ))}
      {calls.map((call) => (
        <CallCard key={call.callId} call={call} compact={call.callId !== large} />
      ))}
    </div>
  );
}

function callsInOrder(state: PhoneState): readonly KnownCall[] {
  const order = (call: KnownCall): number => {
    if (isRingingHere(state, call)) return 0;
    if (isActiveHere(call)) return 1;
    if (call.state.name === 'held' && call.position === 'here') return 2;
    return call.state.name === 'ended' ? 4 : 3;
  };
  return [...state.calls].sort((a, b) => order(a) - order(b) || a.startedAt - b.startedAt);
}
