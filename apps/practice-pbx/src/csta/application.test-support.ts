import type { CstaClientStatus, CstaEvent, CstaRequest, ResponseTo } from '@offhook/csta';
import { toDeviceId } from '@offhook/csta';
import { openCstaLink } from '@offhook/csta-node';
import type { CstaLink } from '@offhook/csta-node';

/** An application on a real link that remembers what it was told, and waits for what is to come. */
export class Application implements AsyncDisposable {
  readonly events: CstaEvent[] = [];
  readonly statuses: CstaClientStatus['name'][] = [];
  readonly #waiting = new Set<() => void>();
  readonly #link: CstaLink;
  readonly #monitors = new Map<string, string>();

  constructor(port: number) {
    this.#link = openCstaLink({
      host: '127.0.0.1',
      port,
      client: { applicationId: 'test', backoff: { firstMs: 20, mostMs: 40 } },
      onStatus: (status) => {
        this.statuses.push(status.name);
        this.#look();
      },
      onEvent: (event) => {
        if (event.name !== 'MonitorStop') this.events.push(event);
        this.#look();
      },
    });
  }

  async ask<R extends CstaRequest>(request: R): Promise<ResponseTo<R['name']>> {
    const outcome = await this.#link.request(request);
    if (outcome.ok) return outcome.response;
    throw new Error(`${request.name}: ${JSON.stringify(outcome.failure)}`);
  }

  async watch(...devices: readonly string[]): Promise<void> {
    for (const device of devices) {
      const { monitorCrossRefID } = await this.ask({
        name: 'MonitorStart',
        monitorObject: { deviceObject: toDeviceId(device) },
      });
      this.#monitors.set(device, monitorCrossRefID);
    }
  }

  /** The events of one device's monitor, without the word Event. */
  namesOf(device: string): readonly string[] {
    const id = this.#monitors.get(device);
    return this.events.flatMap((event) =>
      'monitorCrossRefID' in event && event.monitorCrossRefID === id
        ? [event.name.replace(/Event$/, '')]
        : [],
    );
  }

  /** Resolves when it holds, now or after something has come. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  #look(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link.stop();
  }
}
