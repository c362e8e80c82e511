import {
  CLIENT_SOCKET_PATH,
  HistoryPage,
  PROTOCOL_VERSION,
  SESSION_COOKIE,
  type HistoryEntry,
} from '@offhook/contract';
import { WebSocket } from 'ws';

/** An account as a program uses it, without a browser: signed in over HTTP, the realtime socket by hand. */
export class Account {
  readonly #url: string;
  readonly #cookie: string;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async signIn(url: string, email: string, password: string): Promise<Account> {
    const response = await fetch(new URL('/api/session', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify({ email, password }),
    });
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith(`${SESSION_COOKIE}=`));
    if (!response.ok || cookie === undefined) {
      throw new Error(`Sign-in was answered ${response.status}: ${await response.text()}`);
    }
    return new Account(url, cookie.split(';')[0] ?? '');
  }

  async history(): Promise<HistoryEntry[]> {
    const response = await fetch(new URL('/api/history', this.#url), { headers: { cookie: this.#cookie } });
    return HistoryPage.parse(await response.json()).entries;
  }

  /** Places a call over a socket of its own, which is left open until the socket is disposed of. */
  async place(to: string, offer: string): Promise<Disposable> {
    const address = new URL(CLIENT_SOCKET_PATH, this.#url.replace(/^http/u, 'ws'));
    const headers = { cookie: this.#cookie, origin: new URL(this.#url).origin };
    const socket = new WebSocket(address, { headers });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('open', () => {
        const hello = { type: 'hello', protocol: PROTOCOL_VERSION, clientId: `e2e-${process.pid}` };
        socket.send(JSON.stringify(hello));
        const params = { to, offer, correlationId: `e2e-${Date.now()}` };
        socket.send(JSON.stringify({ type: 'request', id: 1, method: 'call.place', params }));
      });
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as { type: string; ok?: boolean };
        if (frame.type === 'answer') {
          if (frame.ok === true) {
            resolve();
          } else {
            reject(new Error(`call.place was refused: ${data.toString('utf8')}`));
          }
        }
      });
    });
    return { [Symbol.dispose]: () => socket.close() };
  }
}
