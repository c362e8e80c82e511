import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneSamples, writeWav } from '@offhook/audio';
import { findProgram } from '@offhook/testkit';
import { chromium, type Page } from 'playwright-core';

/** Only what the browser itself answers: no server. A secure origin, so that there is a microphone. */
const ORIGIN = 'https://phone.test/';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/** `CHROMIUM_PATH`, or one of the system; undefined where there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return process.env['CHROMIUM_PATH'] ?? names.map(findProgram).find(Boolean);
}

/** What the page does, in the page's own words; no build stands between. */
const SCRIPT = `
  let connection, analyser, context;
  async function offer(withMicrophone) {
    connection = new RTCPeerConnection();
    connection.onicecandidate = ({ candidate }) => candidate && onCandidate(candidate.candidate, candidate.sdpMid);
    connection.ontrack = ({ track }) => {
      // Without an element that plays it, Chromium decodes nothing.
      const element = new Audio();
      element.srcObject = new MediaStream([track]);
      element.muted = true;
      void element.play();
      context = new AudioContext();
      analyser = context.createAnalyser();
      analyser.fftSize = 16384;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(element.srcObject).connect(analyser);
    };
    if (withMicrophone) {
      const constraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    } else {
      connection.addTransceiver('audio', { direction: 'recvonly' });
    }
    await connection.setLocalDescription();
    return connection.localDescription.sdp;
  }
  const accept = (sdp) => connection.setRemoteDescription({ type: 'answer', sdp });
  /** The strongest frequency heard now, and its level in dBFS. */
  function listen() {
    if (analyser === undefined) return { hz: 0, db: -Infinity };
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let peak = 0;
    bins.forEach((db, bin) => { if (db > bins[peak]) peak = bin; });
    return { hz: (peak * context.sampleRate) / analyser.fftSize, db: bins[peak] };
  }
`;

/** A window of a real browser whose microphone hears a steady tone. */
export class ChromiumPage {
  readonly #page: Page;
  #onCandidate: (candidate: string, mid: string) => void = () => undefined;

  /** `hz` is the microphone's tone. All is closed with the returned function. */
  static async open(hz: number): Promise<{ window: ChromiumPage; close: () => Promise<void> }> {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('There is no Chromium; set CHROMIUM_PATH');
    const folder = mkdtempSync(path.join(tmpdir(), 'offhook-media-'));
    const tone = path.join(folder, 'tone.wav');
    const samples = toneSamples(48_000, [hz], 4, -12);
    writeFileSync(tone, writeWav({ sampleRate: 48_000, channels: 1, samples }));
    const args = [...FLAGS, `--use-file-for-fake-audio-capture=${tone}`];
    const browser = await chromium.launch({ executablePath, headless: true, args });
    const page = await browser.newPage();
    const window = new ChromiumPage(page);
    await page.exposeFunction('onCandidate', (candidate: string, mid: string) =>
      window.#onCandidate(candidate, mid),
    );
    await page.route(ORIGIN, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${SCRIPT}</script>` }),
    );
    await page.goto(ORIGIN);
    const close = async (): Promise<void> => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { window, close };
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  async offer(
    withMicrophone: boolean,
    onCandidate: (candidate: string, mid: string) => void,
  ): Promise<string> {
    this.#onCandidate = onCandidate;
    return await this.#page.evaluate(`offer(${withMicrophone})`);
  }

  async accept(answer: string): Promise<void> {
    await this.#page.evaluate(`accept(${JSON.stringify(answer)})`);
  }

  /** Resolves when a tone near `hz` is heard, with what is heard; rejects after 10 s. */
  async hears(hz: number): Promise<number> {
    const near = `(() => { const { hz, db } = listen(); return Math.abs(hz - ${hz}) < 10 && db > -50 ? hz : 0; })()`;
    const handle = await this.#page.waitForFunction(near, undefined, { timeout: 10_000 });
    return Number(await handle.jsonValue());
  }

  async level(): Promise<number> {
    return await this.#page.evaluate('listen().db');
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async closeConnection(): Promise<void> {
    await this.#page.evaluate('connection.close()');
  }

  /** As a person closes a tab. */
  async closeTab(): Promise<void> {
    await this.#page.close();
  }
}
