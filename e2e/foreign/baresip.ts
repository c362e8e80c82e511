import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dominantFrequency, toneSamples, writeWav } from '@offhook/audio';
import { findProgram, freePort, startProcess, type TestProcess } from '@offhook/testkit';
import { until } from '../src/until.ts';

/** A telephone of foreign make: baresip, with a steady tone as its voice and a recorder as its ear. */
export interface Baresip extends AsyncDisposable {
  readonly process: TestProcess;
  dial(uri: string): Promise<void>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  sendKeys(digits: string): Promise<void>;
  /** Waits until it hears a tone of `frequency` Hz, give or take 10. */
  expectToHear(frequency: number): Promise<void>;
}

export interface BaresipOptions {
  /** `sip:101@127.0.0.1:5070`. */
  readonly aor: string;
  readonly user: string;
  readonly password: string;
  /** Hz. */
  readonly tone: number;
  readonly answers: 'manual' | 'auto';
  readonly transport?: 'udp' | 'tcp';
  /** Codecs in its order of preference. */
  readonly codecs?: string;
}

const SAMPLE_RATE = 8_000;
const WAV_HEADER = 44;
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
  writeFileSync(path.join(folder, 'config'), config(folder, recordings, control));

  const program = startProcess('baresip', ['-4', '-f', folder]);
  const stop = async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await program.waitFor(REGISTERED);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    process: program,
    dial: (uri) => command(control, 'dial', uri),
    answer: () => command(control, 'accept'),
    hangUp: () => command(control, 'hangup'),
    sendKeys: async (digits) => {
      for (const digit of digits) {
        await command(control, 'sndcode', digit);
      }
    },
    expectToHear: async (frequency) => {
      const isHeard = (heard: number) => Math.abs(heard - frequency) <= 10;
      await until(`baresip to hear ${frequency} Hz`, () => listen(recordings), isHeard);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The frequency of the last half second that it has recorded of its last call; 0 for silence. */
function listen(recordings: string): number {
  const last = readdirSync(recordings)
    .filter((name) => name.endsWith('-dec.wav'))
    .toSorted()
    .at(-1);
  if (last === undefined) {
    return 0;
  }
  // The header's lengths are filled in when the call ends; what follows it are 16-bit samples.
  const bytes = readFileSync(path.join(recordings, last)).subarray(WAV_HEADER);
  const samples = new Int16Array(bytes.length >> 1);
  samples.forEach((_, index) => {
    samples[index] = bytes.readInt16LE(2 * index);
  });
  return dominantFrequency(samples.slice(-SAMPLE_RATE / 2), SAMPLE_RATE) ?? 0;
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
  return (
    `<${aor};transport=${transport}>;auth_user=${user};auth_pass=${password};regint=60;` +
    `answermode=${answers};audio_codecs=${codecs}\n`
  );
}

/** Loopback must be named as its interface: left to itself it takes the first real one for its media. */
function config(folder: string, recordings: string, control: number): string {
  return `
sip_listen 127.0.0.1:0
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
module_app ctrl_tcp.so
`;
}

/** One command over its control socket (JSON in a netstring), and its answer. */
function command(port: number, name: string, params = ''): Promise<void> {
  const text = JSON.stringify({ command: name, params, token: 'test' });
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${Buffer.byteLength(text)}:${text},`));
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
      const ok = /"response":true[^}]*"ok":(true|false)/u.exec(answer)?.[1];
      if (ok !== undefined) {
        socket.destroy();
        if (ok === 'true') {
          resolve();
        } else {
          reject(new Error(`baresip refused "${name} ${params}": ${answer}`));
        }
      }
    });
    socket.once('error', reject);
  });
}
