import { SipUsageError } from '@offhook/sip';
import type { Millis, SipEndpointApi } from '@offhook/sip';

/** Runs endpoint commands with the time of now, as `NodeEndpoint.run` does. */
export interface SipCommands {
  run<R>(commands: (endpoint: SipEndpointApi, now: Millis) => R): R;
}

/**
 * False where the endpoint refuses: a session that has ended while its last event still waits behind this one, a
 * contact that cannot be called, a limit. None of it is a defect here; what is left of it shows in the session's events.
 */
export function attempt(sip: SipCommands, command: (endpoint: SipEndpointApi, now: Millis) => void): boolean {
  try {
    sip.run(command);
    return true;
  } catch (error) {
    if (error instanceof SipUsageError) return false;
    throw error;
  }
}
