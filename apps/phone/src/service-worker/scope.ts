/*
 * The few things of a service worker's world that the DOM's types lack (Service Workers, Push API, Notifications API): the worker is checked together
 * with the page, whose types exclude those of workers.
 */

export interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

export interface Pushed extends Extendable {
  readonly data: { json(): unknown } | null;
}

export interface Clicked extends Extendable {
  /** Empty: the notification itself. */
  readonly action: string;
  readonly notification: Notification;
}

export interface Told extends Extendable {
  readonly data: unknown;
}

export interface WindowOfPhone {
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

export interface Windows {
  matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly WindowOfPhone[]>;
  openWindow(url: string): Promise<unknown>;
  claim(): Promise<void>;
}

export interface WorkerEvents {
  install: Extendable;
  activate: Extendable;
  fetch: Fetching;
  push: Pushed;
  notificationclick: Clicked;
  message: Told;
}

export interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: Windows;
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener<E extends keyof WorkerEvents>(name: E, listener: (event: WorkerEvents[E]) => void): void;
}
