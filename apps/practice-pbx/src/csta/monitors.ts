import type { MonitorCrossRefId } from '@offhook/csta';
import { toMonitorCrossRefId } from '@offhook/csta';
import type { DeviceId } from '../switch/api.ts';
import type { Watched } from './call-events.ts';
import type { LinkId, MonitorLimits } from './desk-api.ts';

export interface Monitor extends Watched {
  readonly link: LinkId;
}

/** Device monitors (ECMA-269 clause 15) in the order in which they were started. A device may have several, also of one application. */
export class Monitors {
  readonly #limits: MonitorLimits;
  readonly #monitors = new Map<MonitorCrossRefId, Monitor>();
  #last = 0;

  constructor(limits: MonitorLimits) {
    this.#limits = limits;
  }

  start(
    link: LinkId,
    device: DeviceId,
  ):
    | { readonly ok: true; readonly monitor: Monitor }
    | { readonly ok: false; readonly limit: keyof MonitorLimits } {
    if (this.#monitors.size >= this.#limits.all) return { ok: false, limit: 'all' };
    if (this.countOf(link) >= this.#limits.perApplication) return { ok: false, limit: 'perApplication' };
    this.#last += 1;
    const monitor = { id: toMonitorCrossRefId(String(this.#last)), device, link };
    this.#monitors.set(monitor.id, monitor);
    return { ok: true, monitor };
  }

  /** Whether it was one of this application's. */
  stop(link: LinkId, id: MonitorCrossRefId): boolean {
    return this.#monitors.get(id)?.link === link && this.#monitors.delete(id);
  }

  /** The application is gone. */
  drop(link: LinkId): void {
    for (const { id } of this.#of(link)) this.#monitors.delete(id);
  }

  countOf(link: LinkId): number {
    return this.#of(link).length;
  }

  get all(): readonly Monitor[] {
    return [...this.#monitors.values()];
  }

  #of(link: LinkId): readonly Monitor[] {
    return this.all.filter((monitor) => monitor.link === link);
  }
}
