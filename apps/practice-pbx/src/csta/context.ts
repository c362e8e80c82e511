import type { CstaErrorCode, CstaResponse } from '@offhook/csta';
import type { ConnectionRef, DeviceId, DeviceSnapshot, SwitchApi, SwitchCommand } from '../switch/api.ts';
import type { Naming } from './naming.ts';
import type { Personality } from './personalities/personality.ts';

/** Numbers of the PBX that a client means by a device. */
export interface FeatureNumbers {
  /** Forwarding there is forwarding to the mailbox of the extension. */
  readonly voicemail: string;
  /** With a digit behind it: a park slot. */
  readonly parkSlots: string;
}

/** What every service needs to know. */
export interface ServiceContext {
  readonly api: SwitchApi;
  readonly personality: Personality;
  readonly naming: Naming;
  readonly numbers: FeatureNumbers;
}

/** What is to be done for one request. */
export type Plan =
  | { readonly kind: 'answer'; readonly response: CstaResponse }
  | { readonly kind: 'refuse'; readonly code: CstaErrorCode }
  | CommandPlan;

export interface CommandPlan {
  readonly kind: 'command';
  readonly command: SwitchCommand;
  /** `undefined`: the answer needs a connection, and the switch has named none. */
  readonly response: (connection: ConnectionRef | undefined) => CstaResponse | undefined;
  /** A push or pull: it is answered before or after the target is called, as the platform does. */
  readonly handOver?: { readonly connection: ConnectionRef; readonly target: DeviceId };
}

export const refused = (code: CstaErrorCode): Plan => ({ kind: 'refuse', code });

/** Devices of the directory, and what has a connection all the same: a park slot, a conference room. */
export function findDevice(api: SwitchApi, id: DeviceId): DeviceSnapshot | undefined {
  const known = api.device(id);
  if (known !== undefined) return known;
  const connections = api
    .calls()
    .flatMap((call) => call.connections)
    .filter(({ device }) => device === id);
  const [first] = connections;
  return (
    first && { id, kind: 'service', party: first.party, extension: undefined, inService: true, connections }
  );
}
