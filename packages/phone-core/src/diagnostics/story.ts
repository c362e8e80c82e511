import type { Log } from '../ports.ts';
import type { PhoneState } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';

/** Writes down what became of connection, line and calls: one line per transition, without who it was. */
export function tellStory(store: PhoneStore, log: Log): () => void {
  return store.subscribe((state, before) => {
    if (state.connection.name !== before.connection.name) {
      log('info', 'connection', { state: state.connection.name });
    }
    if (state.connector !== before.connector) log('info', 'connector', { state: state.connector });
    if (state.line?.state !== before.line?.state) log('info', 'line', { state: state.line?.state ?? 'none' });
    if (state.calls !== before.calls) tellCalls(state, before, log);
    if (state.voices !== before.voices) tellVoices(state, before, log);
  });
}

function tellCalls(state: PhoneState, before: PhoneState, log: Log): void {
  for (const call of state.calls) {
    const was = before.calls.find((one) => one.callId === call.callId);
    if (was?.state.name === call.state.name && was.position === call.position) continue;
    const cause = call.state.name === 'ended' ? { cause: call.state.cause } : {};
    log('info', 'call', {
      callId: call.callId,
      direction: call.direction,
      state: call.state.name,
      position: call.position,
      ...cause,
    });
  }
}

function tellVoices(state: PhoneState, before: PhoneState, log: Log): void {
  for (const call of state.calls) {
    const now = state.voices[call.callId];
    const was = before.voices[call.callId];
    if (now?.path === was?.path && now?.microphoneProblem === was?.microphoneProblem) continue;
    log('info', 'voice', {
      callId: call.callId,
      path: now?.path ?? 'closed',
      microphone: now?.microphoneProblem ?? 'fine',
    });
  }
}
