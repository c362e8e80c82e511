import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneSamples, writeWav } from '@offhook/audio';
import { findProgram, freePort, startProcess } from '@offhook/testkit';
import { until } from '../src/until.ts';
import type { ForeignTelephone, TelephoneOptions } from './foreign-telephone.ts';
import { RecordingEar } from './recording-ear.ts';

/** baresip, with a steady tone as its voice and a recorder as its ear. */
export interface Baresip extends ForeignTelephone {
  sendKeys(digits: string): Promise<void>;
}

export interface BaresipOptions extends TelephoneOptions {
  /** Codecs in its order of preference. */
  readonly codecs?: string;
}

const SAMPLE_RATE = 8_000;
const HALF_A_SECOND_OF_PACKETS = 25;
const REGISTERED = /200 OK \(/u;

export function hasBaresip(): boolean {
  return findProgram('baresip') !== undefined && modulesFolder() !== undefined;
}

/** Starts it and waits until the registrar has taken its registration. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-baresip-'));
  const recordings = path.join(folder, 'recordings');
  mkdirSync(recordings);
  const control = await freePort();
  writeFileSync(path.join(folder, 'tone.wav'), toneWav(options.tone));
  writeFileSync(path.join(folder, 'accounts'), account(options));
  writeFileSync(path.join(folder, 'config'), config(folder, recordings, control, options));

  const program = startProcess('baresip', ['-4', '-f', folder]);
  const stop = async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const ear = new RecordingEar('baresip', () => lastOf(recordings));
  try {
    await program.waitFor(REGISTERED);
  } catch (error) {
    await stop();
    throw error;
  }
  const calls = () => command(control, 'listcalls');
  const order = async (name: string, params?: string) => void (await command(control, name, params));
  return {
    process: program,
    dial: (uri) => order('dial', uri),
    answer: () => order('accept'),
    hangUp: () => order('hangup'),
    hangUpAll: async () => {
      const hangUpOne = async () => {
        const answer = await calls();
        if (!hasNone(answer)) {
          await order('hangup').catch(() => undefined);
        }
        return answer;
      };
      await until('baresip to be in no call', hangUpOne, hasNone);
    },
    hold: () => order('hold'),
    retrieve: () => order('resume'),
    transfer: (uri) => order('transfer', uri),
    sendKeys: async (digits) => {
      for (const digit of digits) {
        await command(control, 'sndcode', digit);
      }
    },
    expectIdle: async () => {
      await until('baresip to be in no call', calls, hasNone);
    },
    expectToHear: (frequency) => ear.expectToHear(frequency),
    expectToHearAll: (frequencies) => ear.expectToHearAll(frequencies),
    // Version 1.0 loses its recorder with the first new offer: from then on its packets are counted, whatever is in them.
    expectToHearAgain: async () => {
      const before = await packetsReceived(control);
      const enough = (packets: number) => packets >= before + HALF_A_SECOND_OF_PACKETS;
      await until('baresip to get voice', () => packetsReceived(control), enough);
    },
    expectSilence: async () => {
      let last = { packets: -1, at: performance.now() };
      const look = async () => {
        const packets = await packetsReceived(control);
        if (packets !== last.packets) {
          last = { packets, at: performance.now() };
        }
        return performance.now() - last.at;
      };
      await until('baresip to get nothing', look, (silence) => silence >= 500);
    },
    [Symbol.asyncDispose]: stop,
  };
}

const hasNone = (calls: string): boolean => calls.includes('Active calls (0)');

/** What it hears in its last call. */
function lastOf(recordings: string): string | undefined {
  const last = readdirSync(recordings)
    .filter((name) => name.endsWith('-dec.wav'))
    .toSorted()
    .at(-1);
  return last === undefined ? undefined : path.join(recordings, last);
}

function modulesFolder(): string | undefined {
  return [
    '/usr/lib/baresip/modules',
    '/usr/local/lib/baresip/modules',
    '/opt/homebrew/lib/baresip/modules',
  ].find((folder) => existsSync(path.join(folder, 'ctrl_tcp.so')));
}

function toneWav(frequency: number): Uint8Array {
  const samples = toneSamples(SAMPLE_RATE, [frequency], 60);
  return writeWav({ sampleRate: SAMPLE_RATE, channels: 1, samples });
}

function account({ aor, user, password, answers, transport = 'udp', codecs = 'PCMA,PCMU' }: BaresipOptions) {
  const proxy = `${aor.replace(`${user}@`, '')};transport=${transport};lr`;
  return (
    `<${aor};transport=${transport}>;auth_user=${user};auth_pass=${password};regint=60;` +
    `outbound="${proxy}";answermode=${answers};audio_codecs=${codecs}\n`
  );
}

/** Loopback must be named as its interface: left to itself it takes the first real one for its media. */
function config(
  folder: string,
  recordings: string,
  control: number,
  { certificates }: BaresipOptions,
): string {
  const tls =
    certificates === undefined
      ? ''
      : `sip_certificate ${certificates.bothFile}\nsip_cafile ${certificates.caFile}`;
  return `
sip_listen 127.0.0.1:0
${tls}
net_interface 127.0.0.1
audio_player aubridge,nil
audio_source aufile,${path.join(folder, 'tone.wav')}
audio_alert aubridge,nil
audio_srate ${SAMPLE_RATE}
audio_channels 1
rtp_ports 40000-49999
snd_path ${recordings}
ctrl_tcp_listen 127.0.0.1:${control}
module_path ${modulesFolder() ?? ''}
module g711.so
module aubridge.so
module aufile.so
module sndfile.so
module uuid.so
module_tmp account.so
module_app menu.so
module_app debug_cmd.so
module_app ctrl_tcp.so
`;
}

/** RTP packets of the call that it is in. */
async function packetsReceived(control: number): Promise<number> {
  const answer = await command(control, 'audio_debug');
  return Number(/rcvd=(\d+)/u.exec(answer)?.[1] ?? 0);
}

/** One command over its control socket (JSON in netstrings, with events between), and its answer. */
function command(port: number, name: string, params = ''): Promise<string> {
  const text = JSON.stringify({ command: name, params, token: 'test' });
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${Buffer.byteLength(text)}:${text},`));
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      for (let end = endOfNetstring(heard); end !== undefined; end = endOfNetstring(heard)) {
        const message = heard.slice(heard.indexOf(':') + 1, end);
        heard = heard.slice(end + 1);
        const ok = /"response":true[^}]*"ok":(true|false)/u.exec(message)?.[1];
        if (ok !== undefined) {
          socket.destroy();
        }
        if (ok === 'true') {
          resolve(message);
        } else if (ok === 'false') {
          reject(new Error(`baresip refused "${name} ${params}": ${message}`));
        }
      }
    });
    socket.once('error', reject);
  });
}

/** Where the comma is of the first netstring, if it is whole. */
function endOfNetstring(text: string): number | undefined {
  const length = /^(\d+):/u.exec(text);
  const end = length === null ? Number.POSITIVE_INFINITY : length[0].length + Number(length[1]);
  return text.length > end ? end : undefined;
}
