import type { PrivateData, PrivateElement } from '../private-data/tree.ts';
import { siemensNamespace } from '../schema/namespaces.ts';
import type { ConnectionId } from '../values/connections.ts';
import { LOCAL_CONNECTION_STATES } from '../values/connections.ts';
import { formatDeviceId } from '../values/device-id.ts';
import { toCallId, toDeviceId, toMonitorCrossRefId } from '../values/identifiers.ts';
import type { CallId, DeviceId, MonitorCrossRefId } from '../values/identifiers.ts';
import type { Party } from '../values/parties.ts';
import type { ServicesPermitted } from '../values/services-permitted.ts';
import { CALL_ASSOCIATED_SERVICES, CALL_CONTROL_SERVICES } from '../values/services-permitted.ts';
import type { Entropy } from './entropy.ts';

const WORDS = ['Anna', 'Müller & Söhne', '<b>', 'a;b=c', '"', "it's", '😀', ']]>', '&amp;', '101', 'x\ty'];

/** Random values of what messages are made of. */
export class Values {
  readonly entropy: Entropy;

  constructor(entropy: Entropy) {
    this.entropy = entropy;
  }

  /** Or nothing. */
  maybe<T>(make: () => T): T | undefined {
    return this.entropy.chance(0.6) ? make() : undefined;
  }

  many<T>(make: () => T): T[] {
    return Array.from({ length: this.entropy.integer(0, 3) }, make);
  }

  /** Some of them, in their order. */
  some<T>(values: readonly T[]): T[] {
    return values.filter(() => this.entropy.chance(0.3));
  }

  flag(): boolean {
    return this.entropy.chance(0.5);
  }

  integer(): number {
    return this.entropy.integer(-5, 100_000);
  }

  text(): string {
    const count = this.entropy.integer(1, 3);
    return Array.from({ length: count }, () => this.entropy.pick(WORDS)).join(' ');
  }

  word(): string {
    return `n${this.entropy.integer(0, 999)}`;
  }

  deviceId(): DeviceId {
    const number = String(this.entropy.integer(1, 9_999_999));
    return this.entropy.pick([
      () => formatDeviceId({ number }, 'bare'),
      () => formatDeviceId({ number }, 'plus'),
      () =>
        formatDeviceId({ number, name: this.text(), noa: 'nk', uid: this.callId() }, 'switching_function'),
      () => toDeviceId(`sip:${number}@pbx.example`),
    ])();
  }

  callId(): CallId {
    return toCallId(
      this.entropy
        .integer(1, 2 ** 32)
        .toString(16)
        .toUpperCase()
        .padStart(32, 'F0'),
    );
  }

  monitorId(): MonitorCrossRefId {
    return toMonitorCrossRefId(String(this.entropy.integer(1, 2 ** 31)));
  }

  connection(): ConnectionId {
    return { callID: this.callId(), deviceID: this.maybe(() => this.deviceId()) };
  }

  party(): Party {
    return this.entropy.pick<() => Party>([
      () => ({ kind: 'device', id: this.deviceId() }),
      () => ({ kind: 'notKnown' }),
      () => ({ kind: 'notRequired' }),
      () => ({ kind: 'notSpecified' }),
    ])();
  }

  state(): (typeof LOCAL_CONNECTION_STATES)[number] {
    return this.entropy.pick(LOCAL_CONNECTION_STATES);
  }

  services(): ServicesPermitted {
    return {
      callControl: this.some(CALL_CONTROL_SERVICES),
      callAssociated: this.some(CALL_ASSOCIATED_SERVICES),
    };
  }

  stringData(): { readonly string?: string | undefined } {
    return { string: this.maybe(() => this.word()) };
  }

  privateData(): PrivateData {
    const element = (depth: number): PrivateElement => ({
      namespace: this.entropy.pick([siemensNamespace, siemensNamespace, 'urn:vendor', '']),
      name: this.word(),
      text: this.entropy.chance(0.5) ? this.text() : '',
      children: depth === 0 ? [] : this.many(() => element(depth - 1)),
    });
    return [element(2), ...this.many(() => element(1))];
  }
}
