import { z } from 'zod';
import { exchangeConfig } from './config/exchange.ts';
import type { ExchangeConfigInput } from './config/exchange.ts';
import { afterChange } from './http/changes.ts';
import type { ViewChange } from './http/changes.ts';
import type { PbxView } from './http/views.ts';
import { openPbx } from './pbx.ts';
import type { PbxParts } from './pbx.ts';
import type { SwitchApi } from './switch/api.ts';
import type { PhoneView } from './phones/desk-phone.ts';
import type { TraceEntry } from './trace/trace-ring.ts';

/** A PBX on free ports, driven as a person would: over its page's API and live events. */
export interface TestPbx extends AsyncDisposable {
  readonly url: string;
  readonly sip: { readonly address: string; readonly port: number };
  readonly api: SwitchApi;
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Presses a button; throws where the phone does not permit it. */
  press(phone: string, action: string, body?: unknown): Promise<void>;
  /** Resolves with the first view, of now or later, that passes. */
  until(what: string, passes: (view: PbxView) => boolean): Promise<PbxView>;
  untilPhone(id: string, what: string, passes: (phone: PhoneView) => boolean): Promise<PhoneView>;
  trace(): Promise<readonly TraceEntry[]>;
  metric(name: string): Promise<number>;
  /** Hangs up everywhere and resolves when nothing of any call is left; throws where something stays. */
  quiet(): Promise<void>;
}

const WITHIN_MS = 20_000;

export async function startTestPbx(exchange: ExchangeConfigInput, parts: PbxParts = {}): Promise<TestPbx> {
  const pbx = await openPbx(
    {
      address: '127.0.0.1',
      sipPort: 0,
      httpPort: 0,
      cstaPort: 0,
      rtpPorts: { first: 30_000, last: 39_999 },
      dataDirectory: undefined,
      logLevel: 'silent',
      exchange: exchangeConfig.parse(exchange),
    },
    () => undefined,
    parts,
  );
  const post: TestPbx['post'] = async (path, body) => {
    const response = await fetch(new URL(path, pbx.url), {
      method: 'POST',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return { status: response.status, body: await response.json() };
  };
  const until = (what: string, passes: (view: PbxView) => boolean): Promise<PbxView> =>
    firstState(pbx.url, what, passes);
  const test: TestPbx = {
    url: pbx.url,
    sip: pbx.sip,
    api: pbx.api,
    post,
    press: async (phone, action, body) => {
      const { status, body: answer } = await post(`/api/phones/${phone}/${action}`, body);
      if (status !== 200) throw new Error(`${action} on ${phone}: ${status} ${JSON.stringify(answer)}`);
    },
    until,
    untilPhone: async (id, what, passes) => {
      let found: PhoneView | undefined;
      await until(`phone ${id}: ${what}`, ({ phones }) => {
        found = phones.find((phone) => phone.id === id && passes(phone));
        return found !== undefined;
      });
      if (found === undefined) throw new Error('unreachable');
      return found;
    },
    trace: async () => {
      const response = await fetch(new URL('/api/trace', pbx.url));
      return ((await response.json()) as { trace: readonly TraceEntry[] }).trace;
    },
    metric: async (name) => {
      const text = await (await fetch(new URL('/metrics', pbx.url))).text();
      return z.coerce.number().parse(new RegExp(`^offhook_pbx_${name} (\\d+)$`, 'm').exec(text)?.[1]);
    },
    quiet: async () => {
      const { phones } = await until('a view', () => true);
      for (const { id } of phones) {
        // Each of its calls, whatever it is in front of.
        for (let pressed = 0; pressed < 3; pressed += 1) {
          await post(`/api/phones/${id}/hangup`);
          await post(`/api/phones/${id}/reject`);
        }
      }
      await until('no call', ({ calls }) => calls.length === 0);
      for (const [name, left] of [
        ['sip_sessions', 0],
        ['rtp_ports', phones.length],
      ] as const) {
        const deadline = performance.now() + WITHIN_MS;
        while ((await test.metric(name)) !== left) {
          if (performance.now() > deadline) throw new Error(`${name} stays at ${await test.metric(name)}`);
        }
      }
    },
    [Symbol.asyncDispose]: () => pbx.close(),
  };
  await until('all phones registered', ({ phones }) =>
    phones.every((phone) => phone.registration === 'registered'),
  );
  return test;
}

/** Reads server-sent events until one passes. */
async function firstState(url: string, what: string, passes: (view: PbxView) => boolean): Promise<PbxView> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  let last: PbxView | undefined;
  try {
    const response = await fetch(new URL('/api/events', url), { signal });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [event, data] = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        if (data === undefined) continue;
        const told: unknown = JSON.parse(data.slice('data: '.length));
        if (event === 'event: state') last = told as PbxView;
        else if (event === 'event: change' && last !== undefined)
          last = afterChange(last, told as ViewChange);
        else continue;
        if (passes(last)) return last;
      }
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
  throw new Error(
    `In vain: ${what}. Last seen: ${JSON.stringify(last?.phones)} ${JSON.stringify(last?.calls)}`,
  );
}
