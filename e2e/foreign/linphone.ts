import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneSamples, writeWav } from '@offhook/audio';
import { findProgram, startProcess, type TestProcess } from '@offhook/testkit';
import { until } from '../src/until.ts';
import type { ForeignTelephone, TelephoneOptions } from './foreign-telephone.ts';
import { RecordingEar } from './recording-ear.ts';

const SAMPLE_RATE = 8_000;

export interface Linphone extends ForeignTelephone {
  /** A second call, with the first on hold. */
  consult(uri: string): Promise<void>;
  /** Sends the other side of the first call into the place that this telephone has in the second (REFER with Replaces). */
  completeTransfer(): Promise<void>;
}

export function hasLinphone(): boolean {
  return findProgram('linphonec') !== undefined;
}

/**
 * linphonec, which plays its tone from a file and records what it hears into another. Resolves when the registrar has taken its
 * registration.
 */
export async function startLinphone(options: TelephoneOptions): Promise<Linphone> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-linphone-'));
  const [configFile, toneFile, recording] = ['linphonerc', 'tone.wav', 'heard.wav'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  writeFileSync(configFile, config(folder, options));
  writeFileSync(toneFile, toneWav(options.tone));
  const args = ['-c', configFile, ...(options.answers === 'auto' ? ['-a'] : [])];
  // All of its databases go where it believes its home is.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const program = startProcess('linphonec', args, { cwd: folder, env, input: true });
  const stop = async () => {
    program.type('quit');
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // There is no sound card.
    program.type('soundcard use files');
    await program.waitFor(/Using wav files/u);
    program.type(`play ${toneFile}`);
    program.type(`record ${recording}`);
    const status = () => {
      program.type('status register');
      return program.output();
    };
    await until('linphonec to be registered', status, (output) => /^registered, /mu.test(output));
  } catch (error) {
    await stop();
    throw error;
  }
  const ear = new RecordingEar('linphonec', () => (existsSync(recording) ? recording : undefined));
  const order = async (line: string) => program.type(line);
  return {
    process: program,
    dial: (uri) => order(`call ${uri}`),
    answer: async () => {
      const calls = await callsOf(program, (text) => RINGING.test(text));
      program.type(`answer ${RINGING.exec(calls)?.[1] ?? ''}`);
    },
    hangUp: () => order('terminate'),
    hangUpAll: async () => {
      program.type('terminate all');
      await callsOf(program, hasNone);
    },
    hold: () => order('pause'),
    retrieve: () => order('resume'),
    transfer: (uri) => order(`transfer ${uri}`),
    consult: async (uri) => {
      program.type('pause');
      await callsOf(program, (text) => /Paused/u.test(text));
      program.type(`call ${uri}`);
      await callsOf(program, (text) => /StreamsRunning/u.test(text));
    },
    completeTransfer: async () => {
      const text = await callsOf(program, (calls) => idsOf(calls).length === 2);
      const [first, second] = idsOf(text);
      program.type(`transfer ${first} --to-call ${second}`);
    },
    expectIdle: async () => void (await callsOf(program, hasNone)),
    expectToHear: (frequency) => ear.expectToHear(frequency),
    expectToHearAll: (frequencies) => ear.expectToHearAll(frequencies),
    expectToHearAgain: (frequency) => ear.expectToHear(frequency),
    expectSilence: () => ear.expectSilence(),
    [Symbol.asyncDispose]: stop,
  };
}

/** Asks it for its calls, again and again, and gives what it says of them. */
async function callsOf(program: TestProcess, isRight: (text: string) => boolean): Promise<string> {
  const ask = () => {
    program.type('calls');
    // What it has said since it was asked last.
    return program.output().slice(program.output().lastIndexOf('calls\n'));
  };
  return await until('the calls of linphonec to be right', ask, isRight);
}

const RINGING = /^(\d+) .*\| Incoming/mu;

const hasNone = (calls: string): boolean => calls.includes('No active call');

/** In the order of their beginning. */
const idsOf = (calls: string): readonly string[] =>
  [...calls.matchAll(/^(\d+) +\| .*sip:/gmu)]
    .map(([, id]) => id ?? '')
    .toSorted((a, b) => Number(a) - Number(b));

function toneWav(frequency: number): Uint8Array {
  const samples = toneSamples(SAMPLE_RATE, [frequency], 60);
  return writeWav({ sampleRate: SAMPLE_RATE, channels: 1, samples });
}

/** A-law alone, so that it records at 8 kHz; these are what it would offer. */
const codecs = ['PCMA/8000/1', 'PCMU/8000/1', 'opus/48000/2', 'speex/16000/1', 'speex/8000/1'];

function codecSection(codec: string, index: number): string {
  const [mime, rate, channels] = codec.split('/');
  const enabled = mime === 'PCMA' ? 1 : 0;
  return `[audio_codec_${index}]\nmime=${mime}\nrate=${rate}\nchannels=${channels}\nenabled=${enabled}\n`;
}

/** A port that it chooses for the one transport, and none for the others. */
function config(folder: string, options: TelephoneOptions): string {
  const { aor, user, password, transport = 'udp', certificates } = options;
  const proxy = aor.replace(`${user}@`, '');
  const port = (each: string) => (each === transport ? -1 : 0);
  return `[sip]
sip_port=${port('udp')}
sip_tcp_port=${port('tcp')}
sip_tls_port=${port('tls')}
bind_address=127.0.0.1
ipv6=0
guess_hostname=0
register_only_when_network_is_up=0
default_proxy=0
media_encryption=none
${certificates === undefined ? '' : `root_ca=${certificates.caFile}`}

[rtp]
bind_address=127.0.0.1
audio_rtp_port=-1

[storage]
uri=${path.join(folder, 'linphone.db')}

[proxy_0]
reg_proxy=<${proxy}>
reg_route=<${proxy};lr>
reg_identity=${aor}
reg_expires=60
reg_sendregister=1
publish=0

[auth_info_0]
username=${user}
passwd=${password}

${codecs.map(codecSection).join('\n')}
`;
}
