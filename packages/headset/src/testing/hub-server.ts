import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hubActions } from '../hub/answers.ts';

interface HubCall {
  readonly id: string;
  state: 'ringing' | 'active' | 'held';
}

/**
 * A Hub on a free port of this device: registered applications, their calls, one headset, and events that wait until they are
 * fetched. Speaks JSON, and JSONP where a callback is named.
 */
export class HubServer {
  readonly #server: Server;
  readonly #applications = new Set<string>();
  readonly #calls = new Map<string, HubCall>();
  #events: { readonly Action: number; readonly CallId: { readonly Id: number } }[] = [];
  #waiting: (() => void)[] = [];
  plugged = true;
  muted = false;
  /** Paths that were asked for, with their query. */
  readonly asked: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://hub');
      this.asked.push(`${url.pathname}${url.search}`);
      const body = JSON.stringify(this.#answer(url));
      const callback = url.searchParams.get('callback');
      response.setHeader('content-type', callback === null ? 'application/json' : 'application/javascript');
      response.end(callback === null ? body : `${callback}(${body})`);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/Spokes/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when something is asked next. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get state(): { readonly ringing: boolean; readonly active: boolean; readonly held: boolean } {
    const has = (state: HubCall['state']): boolean =>
      [...this.#calls.values()].some((one) => one.state === state);
    return { ringing: has('ringing'), active: has('active'), held: has('held') };
  }

  get registered(): boolean {
    return this.#applications.size > 0;
  }

  pressHook(): void {
    const ringing = this.#find('ringing');
    const active = this.#find('active');
    if (ringing !== undefined) this.#tell(hubActions.accept, ringing);
    else if (active !== undefined) this.#tell(hubActions.terminate, active);
  }

  pressMute(): void {
    this.muted = !this.muted;
    this.#tell(this.muted ? hubActions.mute : hubActions.unmute, this.#find('active'));
  }

  pressFlash(): void {
    this.#tell(hubActions.flash, this.#find('active') ?? this.#find('held'));
  }

  #find(state: HubCall['state']): HubCall | undefined {
    return [...this.#calls.values()].find((one) => one.state === state);
  }

  #tell(action: number, call: HubCall | undefined): void {
    this.#events.push({ Action: action, CallId: { Id: Number(call?.id ?? 0) } });
  }

  #answer(url: URL): unknown {
    const service = url.pathname.replace(/^\/Spokes\//u, '');
    const name = url.searchParams.get('name') ?? '';
    switch (service) {
      case 'SessionManager/Register':
        if (this.#applications.has(name)) return failed('Plugin exists');
        this.#applications.add(name);
        return good('Bool', true);
      case 'SessionManager/UnRegister':
        this.#calls.clear();
        return this.#applications.delete(name) ? good('Bool', true) : failed('Invalid plugin name');
      case 'SessionManager/IsActive':
        return this.#applications.has(name) ? good('Bool', true) : failed('Invalid plugin name');
      case 'DeviceServices/Info':
        return this.plugged
          ? good('DeviceInfo', { ProductName: 'Simulated Poly headset', Uid: '0123456789' })
          : failed('There are no supported devices');
      default:
        if (!this.#applications.has(name)) return failed('Invalid plugin name');
        if (!this.plugged) return failed('There are no supported devices');
        return this.#callService(service, url.searchParams);
    }
  }

  #callService(service: string, query: URLSearchParams): unknown {
    if (service === 'CallServices/CallEvents') {
      const events = this.#events;
      this.#events = [];
      return good('CallStateArray', events);
    }
    if (service === 'CallServices/MuteCall') {
      this.muted = query.get('muted') === 'true';
      return good('Bool', true);
    }
    const { Id: id } = JSON.parse(query.get('callID') ?? '{}') as { Id?: string };
    if (id === undefined || !/^\d+$/u.test(id)) return failed('Invalid call id');
    if (service === 'CallServices/IncomingCall') this.#calls.set(id, { id, state: 'ringing' });
    else if (service === 'CallServices/OutgoingCall') this.#calls.set(id, { id, state: 'active' });
    else {
      const call = this.#calls.get(id);
      if (call === undefined) return failed('Unknown call');
      if (service === 'CallServices/AnswerCall' || service === 'CallServices/ResumeCall')
        call.state = 'active';
      else if (service === 'CallServices/HoldCall') call.state = 'held';
      else if (service === 'CallServices/TerminateCall') this.#calls.delete(id);
      else return failed('Unknown service');
    }
    return good('Bool', true);
  }

  /** Pulled out: its calls are over for the Hub. */
  unplug(): void {
    this.plugged = false;
    this.#calls.clear();
    this.muted = false;
  }
}

function good(type: string, result: unknown): unknown {
  return { Type_Name: type, Description: '', isError: false, Result: result };
}

function failed(description: string): unknown {
  return {
    Type_Name: 'Error',
    Description: '',
    isError: true,
    Err: { Type: 4, Error_Code: 0, Description: description },
    Result: null,
  };
}
