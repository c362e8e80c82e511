import type { CallId, CstaRequest } from '@offhook/csta';
import type { WatchedDevice } from '../roster.ts';

/** What the synchroniser asks the platform. */
export type Job =
  | { readonly kind: 'capabilities' }
  | { readonly kind: 'monitor'; readonly device: WatchedDevice }
  | { readonly kind: 'device'; readonly device: WatchedDevice }
  | { readonly kind: 'call'; readonly call: CallId }
  | { readonly kind: 'read'; readonly device: WatchedDevice; readonly request: CstaRequest };

/** What makes two jobs the same. */
export function nameOf(job: Job): string {
  switch (job.kind) {
    case 'capabilities':
      return job.kind;
    case 'monitor':
    case 'device':
      return `${job.kind} ${job.device.key}`;
    case 'call':
      return `${job.kind} ${job.call}`;
    case 'read':
      return `${job.kind} ${job.device.key} ${job.request.name}`;
  }
}

/**
 * Each job once, in two lines: those that somebody waits for go first; the others are spread, so that a platform that has just come back
 * is not rushed. As long as there are devices and calls, and no longer.
 */
export class JobQueue {
  readonly #urgent = new Map<string, Job>();
  readonly #calm = new Map<string, Job>();
  readonly #spacing: number;
  #calmFrom = 0;

  constructor(spacing: number) {
    this.#spacing = spacing;
  }

  get size(): number {
    return this.#urgent.size + this.#calm.size;
  }

  add(job: Job, urgency: 'urgent' | 'calm'): void {
    const name = nameOf(job);
    if (urgency === 'urgent') {
      this.#calm.delete(name);
      this.#urgent.set(name, job);
    } else if (!this.#urgent.has(name)) this.#calm.set(name, job);
  }

  /** The next one that may go now. */
  take(now: number): Job | undefined {
    const urgent = first(this.#urgent);
    if (urgent !== undefined) return urgent;
    if (now < this.#calmFrom) return undefined;
    const calm = first(this.#calm);
    if (calm !== undefined) this.#calmFrom = now + this.#spacing;
    return calm;
  }

  /** When {@link take} has something next. */
  readyAt(): number | undefined {
    if (this.#urgent.size > 0) return 0;
    return this.#calm.size > 0 ? this.#calmFrom : undefined;
  }

  clear(): void {
    this.#urgent.clear();
    this.#calm.clear();
  }
}

function first(jobs: Map<string, Job>): Job | undefined {
  for (const [name, job] of jobs) {
    jobs.delete(name);
    return job;
  }
  return undefined;
}
