import { WebSocket } from 'ws';

/** What a command gives, as WebDriver BiDi has it; read where it is used. */
export type Json = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A connection that speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), the W3C's protocol for the automation of browsers: commands with
 * numbers over a WebSocket, each answered by a success or an error. Events are not listened to.
 */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8')));
    socket.on('close', () => this.#end());
  }

  /** Opens a session of its own. Rejects where nobody answers. */
  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(`${url}/session`);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const bidi = new Bidi(socket);
    await bidi.send('session.new', { capabilities: {} });
    return bidi;
  }

  /** Rejects with the browser's words where it refuses, and when the connection ends. */
  send(method: string, params: Json): Promise<Json> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve,
        reject: (error) => reject(new Error(`${method}: ${error.message}`)),
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive(text: string): void {
    const { type, id, result, message } = JSON.parse(text) as {
      readonly type: 'success' | 'error' | 'event';
      readonly id?: number;
      readonly result?: Json;
      readonly message?: string;
    };
    const waiting = this.#waiting.get(id ?? 0);
    if (type === 'event' || waiting === undefined) return;
    this.#waiting.delete(id ?? 0);
    if (type === 'success') waiting.resolve(result ?? {});
    else waiting.reject(new Error(message ?? text));
  }

  #end(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('The browser has gone.'));
    this.#waiting.clear();
  }
}
