import type { CstaEvent } from '@offhook/csta';
import type { DeviceId, FeatureSnapshot, SwitchEvent } from '../switch/api.ts';
import { CallBook } from './call-book.ts';
import { connectionEvent, digitsEvent, leftBehind, mergeEvent } from './call-events.ts';
import type { ServiceContext } from './context.ts';
import type { Millis } from './desk-api.ts';
import { featureEvents } from './feature-events.ts';
import type { Monitor } from './monitors.ts';

type ConnectionEvent = Extract<SwitchEvent, { kind: 'connection' }>;

/** The Transferred event follows in the same breath; where it does not, what was kept back is told. */
const KEPT_BACK_MS = 50;

/**
 * Turns events of the switch into those of each monitor, and remembers what the standard wants told of the past: who was in which call, and
 * how the settings were.
 *
 * A device that a transfer takes out of its calls has no ConnectionCleared of its own: Transferred says it (ECMA-269 section 17.2.17). The
 * switch tells both, the clearing first, so that clearings by a transfer are kept back until the next event.
 */
export class Teller {
  readonly #context: ServiceContext;
  readonly #book = new CallBook();
  readonly #features = new Map<DeviceId, FeatureSnapshot>();
  #keptBack: ConnectionEvent[] = [];
  #until: Millis | undefined;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  deadline(): Millis | undefined {
    return this.#until;
  }

  /** A device is watched from now on: its calls and settings as they are. */
  begin(device: DeviceId): void {
    const { api } = this.#context;
    const features = api.features(device);
    if (features !== undefined && !this.#features.has(features.device)) {
      this.#features.set(features.device, features);
    }
    for (const { call } of api.device(device)?.connections ?? []) {
      const snapshot = api.call(call);
      if (snapshot !== undefined) this.#book.note(snapshot);
    }
  }

  /** What each monitor tells because of an event; mostly one each, and in order. */
  tell(
    event: SwitchEvent,
    monitors: readonly Monitor[],
    now: Millis,
  ): readonly { readonly monitor: Monitor; readonly event: CstaEvent }[] {
    if (isClearedByTransfer(event)) {
      this.#keptBack.push(event);
      this.#until ??= now + KEPT_BACK_MS;
      return [];
    }
    const before = this.#takeKeptBack().filter((cleared) => !isSaidBy(event, cleared));
    return [...before, event].flatMap((one) => this.#tell(one, monitors));
  }

  /** Nothing has followed. */
  tick(
    monitors: readonly Monitor[],
    now: Millis,
  ): readonly { readonly monitor: Monitor; readonly event: CstaEvent }[] {
    if (this.#until === undefined || this.#until > now) return [];
    return this.#takeKeptBack().flatMap((event) => this.#tell(event, monitors));
  }

  #takeKeptBack(): readonly ConnectionEvent[] {
    const events = this.#keptBack;
    this.#keptBack = [];
    this.#until = undefined;
    return events;
  }

  #tell(
    event: SwitchEvent,
    monitors: readonly Monitor[],
  ): readonly { readonly monitor: Monitor; readonly event: CstaEvent }[] {
    const told = monitors.flatMap((monitor) =>
      this.#eventsOf(event, monitor).map((one) => ({ monitor, event: one })),
    );
    this.#note(event);
    return told;
  }

  #eventsOf(event: SwitchEvent, monitor: Monitor): readonly CstaEvent[] {
    const context = this.#context;
    const { naming } = context;
    const device = { kind: 'device', id: naming.device(monitor.device) } as const;
    const { id: monitorCrossRefID } = monitor;
    switch (event.kind) {
      case 'connection':
        return [...this.#leftBehind(event, monitor), ...optional(connectionEvent(event, monitor, context))];
      case 'transferred':
      case 'conferenced':
        return optional(mergeEvent(event, monitor, this.#book, context));
      case 'digits':
        return optional(digitsEvent(event, monitor, context));
      case 'features':
        return featureEvents(event, this.#features.get(event.features.device), monitor, context);
      case 'callBack':
        if (monitor.device !== event.device && monitor.device !== event.to) return [];
        return [
          {
            name: 'CallBackEvent',
            monitorCrossRefID,
            originatingDevice: { kind: 'device', id: naming.device(event.device) },
            targetDevice: { kind: 'device', id: naming.device(event.to) },
            callBackSetCanceled: event.set,
          },
        ];
      case 'service':
        if (monitor.device !== event.device) return [];
        return [
          { name: event.inService ? 'BackInServiceEvent' : 'OutOfServiceEvent', monitorCrossRefID, device },
        ];
      default:
        return event satisfies never;
    }
  }

  /** Who picks a call up has called for it: that call is gone, and the switch has nothing to say of it. */
  #leftBehind(event: ConnectionEvent, monitor: Monitor): readonly CstaEvent[] {
    const { connection } = event;
    if (!isPickedUp(event) || connection.device !== monitor.device) return [];
    return this.#book
      .callsOf(monitor.device)
      .filter((call) => call !== connection.call && this.#context.api.call(call) === undefined)
      .map((call) => leftBehind(call, monitor, this.#context));
  }

  #note(event: SwitchEvent): void {
    switch (event.kind) {
      case 'connection':
        this.#book.note(event.call);
        if (isPickedUp(event)) this.#forgetGone(event.connection.device);
        return;
      case 'transferred':
      case 'conferenced':
        this.#book.note(event.call);
        if (event.secondaryOld !== undefined) this.#book.forget(event.secondaryOld);
        return;
      case 'features':
        this.#features.set(event.features.device, event.features);
        return;
      case 'digits':
      case 'callBack':
      case 'service':
        return;
      default:
        event satisfies never;
    }
  }

  #forgetGone(device: DeviceId): void {
    for (const call of this.#book.callsOf(device)) {
      if (this.#context.api.call(call) === undefined) this.#book.forget(call);
    }
  }
}

const optional = (event: CstaEvent | undefined): readonly CstaEvent[] => (event === undefined ? [] : [event]);

function isPickedUp({ name, cause }: ConnectionEvent): boolean {
  return name === 'established' && cause === 'callPickup';
}

function isClearedByTransfer(event: SwitchEvent): event is ConnectionEvent {
  return (
    event.kind === 'connection' &&
    event.name === 'connectionCleared' &&
    (event.cause === 'transfer' || event.cause === 'singleStepTransfer')
  );
}

function isSaidBy(event: SwitchEvent, { connection }: ConnectionEvent): boolean {
  return (
    event.kind === 'transferred' &&
    event.transferring === connection.device &&
    (event.primaryOld === connection.call || event.secondaryOld === connection.call)
  );
}
