import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, startProcess } from '@offhook/testkit';
import { SOON, until } from '../until.ts';
import { Bidi, type Json } from './bidi.ts';

/** `FIREFOX_PATH`, or Debian's Firefox ESR, or a Firefox. Undefined where there is none. */
export function findFirefox(): string | undefined {
  return process.env['FIREFOX_PATH'] ?? ['firefox-esr', 'firefox'].map(findProgram).find(Boolean);
}

/** A microphone that always sounds, with nobody asked; peer connections over loopback; no network of its own. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'intl.accept_languages': 'en-GB',
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'browser.safebrowsing.downloads.remote.enabled': false,
  'extensions.update.enabled': false,
};

/** Runs before the page: its peer connections can be asked what they hear. */
const KEEP_PEERS = `() => {
  globalThis.offhookPeers = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      globalThis.offhookPeers.push(this);
    }
  };
}`;

/** A Firefox without a screen, with one tab, used by the names that a person sees. */
export class Firefox implements AsyncDisposable {
  readonly #bidi: Bidi;
  readonly #tab: string;
  readonly #close: () => Promise<void>;

  private constructor(bidi: Bidi, tab: string, close: () => Promise<void>) {
    this.#bidi = bidi;
    this.#tab = tab;
    this.#close = close;
  }

  /** @throws Error where `program` does not come to listen. */
  static async launch(program: string): Promise<Firefox> {
    const profile = mkdtempSync(path.join(tmpdir(), 'offhook-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    writeFileSync(path.join(profile, 'user.js'), lines.join('\n'));
    const firefox = startProcess(
      program,
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
      { env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' } },
    );
    const close = async (): Promise<void> => {
      await firefox[Symbol.asyncDispose]();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      const [, url = ''] = await firefox.waitFor(/WebDriver BiDi listening on (ws:\S+)/u);
      const bidi = await Bidi.connect(url);
      const { context } = await bidi.send('browsingContext.create', { type: 'tab' });
      await bidi.send('script.addPreloadScript', { functionDeclaration: KEEP_PEERS });
      return new Firefox(bidi, String(context), close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await this.#bidi.send('browsingContext.navigate', { context: this.#tab, url, wait: 'complete' });
  }

  /** Runs `look` in the page; what goes in and comes out is JSON. */
  async evaluate<R, A>(look: (arg: A) => R | Promise<R>, arg: A): Promise<R> {
    const answer = await this.#bidi.send('script.callFunction', {
      target: { context: this.#tab },
      functionDeclaration: `async (arg) => JSON.stringify(await (${look.toString()})(JSON.parse(arg)))`,
      arguments: [{ type: 'string', value: JSON.stringify(arg) }],
      awaitPromise: true,
    });
    const { type, result, exceptionDetails } = answer as {
      readonly type: 'success' | 'exception';
      readonly result?: { readonly value?: string };
      readonly exceptionDetails?: { readonly text: string };
    };
    if (type === 'exception') throw new Error(exceptionDetails?.text);
    return JSON.parse(result?.value ?? 'null') as R;
  }

  /**
   * How loud what the page decodes of its calls is now, 0 to 1 (`audioLevel`, webrtc-stats section 8.3): Web Audio, which hears more, does not begin in a
   * Firefox on a machine without a sound card.
   */
  loudness(): Promise<number> {
    return this.evaluate(async () => {
      const { offhookPeers: peers } = globalThis as unknown as {
        readonly offhookPeers: readonly RTCPeerConnection[];
      };
      const open = peers.filter(({ connectionState }) => connectionState === 'connected');
      const reports = await Promise.all(open.map((peer) => peer.getStats()));
      const levels = reports.flatMap((report) =>
        ([...report.values()] as RTCInboundRtpStreamStats[])
          .filter(({ type }) => (type as string) === 'inbound-rtp')
          .map(({ audioLevel = 0 }) => audioLevel),
      );
      return Math.max(0, ...levels);
    }, null);
  }

  /** Waits until a button that a screen reader would call so is there, and presses it with the mouse. */
  async press(name: string): Promise<void> {
    await this.#click(await this.#find('button', { role: 'button', name }));
  }

  /** Presses the field called `name` and types. */
  async type(name: string, text: string): Promise<void> {
    // Without its role: a field for a password has none.
    await this.#click(await this.#find('input', { name }));
    await this.#act(
      'key',
      {},
      Array.from(text).flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    );
  }

  async #click(element: Json): Promise<void> {
    await this.#act('pointer', { parameters: { pointerType: 'mouse' } }, [
      { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element } },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]);
  }

  /** Waits for an element of this kind in the accessibility tree. */
  async #find(tag: string, value: { readonly name: string; readonly role?: string }): Promise<Json> {
    const found = await until(
      `${tag} "${value.name}"`,
      async () => {
        const { nodes } = (await this.#bidi.send('browsingContext.locateNodes', {
          context: this.#tab,
          locator: { type: 'accessibility', value },
        })) as unknown as {
          readonly nodes: readonly {
            readonly sharedId: string;
            readonly value: { readonly localName: string };
          }[];
        };
        return nodes.filter((node) => node.value.localName === tag).map(({ sharedId }) => sharedId);
      },
      (ids) => ids.length > 0,
      SOON,
    );
    return { sharedId: found[0] };
  }

  async #act(type: 'pointer' | 'key', more: Json, actions: readonly Json[]): Promise<void> {
    await this.#bidi.send('input.performActions', {
      context: this.#tab,
      actions: [{ type, id: type, ...more, actions }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
