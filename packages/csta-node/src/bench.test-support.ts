import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { CstaEvent, CstaClientStatus, CstaRequest, MessageNamed, ServerEndCode } from '@offhook/csta';
import { encodeFrame, encodeMessage, FrameDecoder, namespaceOf } from '@offhook/csta';
import type { CstaLink, CstaLinkOptions } from './client.ts';
import { openCstaLink } from './client.ts';
import type { CstaListener, CstaListenOptions, CstaServerLink } from './server.ts';
import { listenCsta } from './server.ts';

/** Things that happen, and waits for those that are yet to happen. */
export class Diary<T> {
  readonly entries: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(entry: T): void {
    this.entries.push(entry);
    for (const look of this.#waiting) look();
  }

  /** The first entry, old or new, that is as wanted. */
  find<S extends T>(isWanted: (entry: T) => entry is S): Promise<S>;
  find(isWanted: (entry: T) => boolean): Promise<T>;
  find(isWanted: (entry: T) => boolean): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    const look = (): void => {
      const found = this.entries.find(isWanted);
      if (found === undefined) return;
      this.#waiting.delete(look);
      resolve(found);
    };
    this.#waiting.add(look);
    look();
    return promise;
  }
}

export interface Asked {
  readonly link: CstaServerLink;
  readonly invokeId: number;
  readonly request: CstaRequest;
}

export interface TestServer {
  readonly listener: CstaListener;
  readonly asked: Diary<Asked>;
  readonly started: Diary<CstaServerLink>;
  readonly ended: Diary<ServerEndCode>;
}

export interface TestClient {
  readonly link: CstaLink;
  readonly statuses: Diary<CstaClientStatus>;
  readonly events: Diary<CstaEvent | MessageNamed<'MonitorStop'>>;
}

/** Everything that a test opens, and the end of it. */
export class Bench {
  readonly #closers: (() => unknown)[] = [];

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  async serve(options: Partial<CstaListenOptions> = {}): Promise<TestServer> {
    const asked = new Diary<Asked>();
    const started = new Diary<CstaServerLink>();
    const ended = new Diary<ServerEndCode>();
    const listener = await listenCsta({
      address: '127.0.0.1',
      port: 0,
      onStarted: (link) => started.add(link),
      onRequest: (link, invokeId, request) => asked.add({ link, invokeId, request }),
      onEnded: (_link, code) => ended.add(code),
      ...options,
    });
    this.onClose(() => listener.close());
    return { listener, asked, started, ended };
  }

  open(port: number, options: Partial<CstaLinkOptions> = {}): TestClient {
    const statuses = new Diary<CstaClientStatus>();
    const events = new Diary<CstaEvent | MessageNamed<'MonitorStop'>>();
    const link = openCstaLink({
      host: '127.0.0.1',
      port,
      client: { applicationId: 'test', backoff: { firstMs: 20, mostMs: 40 } },
      onStatus: (status) => statuses.add(status),
      onEvent: (event) => events.add(event),
      ...options,
    });
    this.onClose(() => link.stop());
    return { link, statuses, events };
  }

  /** A socket that speaks for itself, with a session or without. */
  async dial(port: number, startsSession: boolean): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port });
    this.onClose(() => socket.destroy());
    socket.on('error', () => undefined);
    if (!startsSession) return socket;
    const document = encodeMessage({
      name: 'StartApplicationSession',
      applicationInfo: { applicationID: 'raw' },
      protocolVersions: [namespaceOf(4)],
    });
    const decoder = new FrameDecoder();
    await new Promise<void>((answered) => {
      socket.on('data', (octets: Buffer) => {
        if (decoder.push(octets).length > 0) answered();
      });
      socket.write(encodeFrame(1, document));
    });
    return socket;
  }
}

export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
  });
