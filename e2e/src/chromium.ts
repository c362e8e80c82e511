import { findProgram } from '@offhook/testkit';
import { chromium, type Browser } from 'playwright-core';
import { makeToneFile } from './tones.ts';

/** Flags of every browser under test: no network of its own, and peer connections over loopback. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  // A window behind another must go on playing and ringing as the one in front.
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
];

/** `CHROMIUM_PATH`, or Debian's Chromium, or a Chrome. Undefined where there is none. */
export function findChromium(): string | undefined {
  return (
    process.env['CHROMIUM_PATH'] ??
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(findProgram).find(Boolean)
  );
}

/** A person's microphone: a steady tone, silence's opposite; or none that they let the page use. */
export type Microphone = { readonly tone: number } | 'denied';

/** One browser process: one person, for Chromium has one fake microphone for each process. */
export async function launchBrowser(microphone: Microphone): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('There is no Chromium. Install the package "chromium", or set CHROMIUM_PATH.');
  }
  const tone = microphone === 'denied' ? undefined : makeToneFile(microphone.tone);
  const microphoneFlags =
    tone === undefined
      ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny']
      : [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-audio-capture=${tone.path}`,
        ];
  const args = [...FLAGS, ...microphoneFlags];
  const browser = await chromium.launch({ executablePath, headless: true, args }).catch((error: unknown) => {
    tone?.remove();
    throw error;
  });
  browser.once('disconnected', () => tone?.remove());
  return browser;
}
