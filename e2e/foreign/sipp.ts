import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, freePort, startProcess, type ProcessEnd } from '@offhook/testkit';
import { until } from '../src/until.ts';

/** SIPp speaks exactly what a scenario says, and fails where the other side does not. */
export function hasSipp(): boolean {
  return findProgram('sipp') !== undefined;
}

export interface SippAccount {
  readonly user: string;
  readonly password: string;
}

export interface SippRun {
  /** Registrar and proxy: `127.0.0.1:5070`. */
  readonly target: string;
  /** SIPp's own port, the same for a registration and the calls to it; a free one where nothing is said. */
  readonly localPort?: number;
  readonly transport?: 'udp' | 'tcp';
  /** The number that is called: SIPp must be told what goes into the digest's `uri`. */
  readonly to?: string;
  /** Calls in all, and new ones each second. */
  readonly calls?: number;
  readonly rate?: number;
  /**
   * SIPp does what the scenario says and nothing by itself: nothing is sent again, and what comes again counts as one step
   * more where the scenario has one.
   */
  readonly scripted?: boolean;
  /**
   * What is not expected ends no call at once. It is an error at the end, unless it was the same as something that was expected:
   * on a busy machine messages come again before SIPp has answered them.
   */
  readonly bearsRepeats?: boolean;
  /** How often SIPp sends a request again before it gives up; 5 times an INVITE and 7 times another where nothing is said. */
  readonly patience?: number;
}

/** Runs a scenario to its end. Rejects with what SIPp noted where one call went otherwise. */
export async function runSipp(scenario: string, run: SippRun): Promise<SippOutcome> {
  const sipp = await startSipp(scenario, run);
  return await sipp.done;
}

/** Starts a scenario that waits for a call; `done` settles as {@link runSipp}. */
export function answerWithSipp(scenario: string, run: SippRun): { readonly done: Promise<SippOutcome> } {
  return { done: runSipp(scenario, run) };
}

/** What SIPp counted of each step of the scenario, e.g. `{ '0_INVITE_Recv': 1, '0_INVITE_Retrans': 3 }`. */
export type SippOutcome = Readonly<Record<string, number>>;

/** SIPp at work. */
export interface Sipp extends AsyncDisposable {
  /** Its address, `127.0.0.1:port`. */
  readonly place: string;
  /** Settles as {@link runSipp}. */
  readonly done: Promise<SippOutcome>;
}

/** Starts a scenario and resolves when its socket is open: from then on it may be called. */
export async function startSipp(scenario: string, run: SippRun): Promise<Sipp> {
  const {
    target,
    transport = 'udp',
    to,
    calls = 1,
    rate = 10,
    scripted = false,
    bearsRepeats = scripted,
    patience,
  } = run;
  const localPort = run.localPort ?? (await freePort());
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-sipp-'));
  const file = path.join(folder, 'scenario.xml');
  writeFileSync(file, scenario);
  const program = startProcess(
    'sipp',
    [
      target,
      ['-sf', file],
      ['-i', '127.0.0.1', '-p', String(localPort), '-mi', '127.0.0.1'],
      ['-t', transport === 'udp' ? 'u1' : 't1'],
      to === undefined ? [] : ['-auth_uri', `${to}@${target}`],
      ['-m', String(calls), '-r', String(rate), '-l', String(calls)],
      ['-timeout', '30s', '-timeout_error', '-recv_timeout', '10000'],
      scripted ? ['-nr'] : [],
      ['-default_behaviors', scripted ? 'none' : bearsRepeats ? 'all,-abortunexp' : 'all'],
      patience === undefined
        ? []
        : ['-max_invite_retrans', '-max_non_invite_retrans'].flatMap((option) => [option, String(patience)]),
      ['-nostdin', '-trace_err', '-error_file', path.join(folder, 'errors.log'), '-trace_counts'],
      ['-trace_msg', '-message_file', path.join(folder, 'messages.log')],
    ].flat(),
    { cwd: folder },
  );
  const read = (ending: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('');
  const finish = ({ code }: ProcessEnd): SippOutcome => {
    const counts = countsOf(read('_counts.csv'));
    const errors = read('errors.log');
    const unexpected = unexpectedIn(read('messages.log'));
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0) {
      throw new Error(`SIPp ended with code ${code}:\n${errors}\n${program.output().slice(-3_000)}`);
    }
    if (unexpected.length > 0) {
      throw new Error(`SIPp did not expect:\n${unexpected.join('\n')}\n${program.output().slice(-3_000)}`);
    }
    return counts;
  };
  const done = program.ended.then(finish);
  // Whoever waits for it later shall not find it unhandled meanwhile.
  done.catch(() => undefined);
  let ended = false;
  void program.ended.then(() => (ended = true));
  // It begins to count when its socket is open.
  await until(
    'SIPp to listen',
    () => ended || read('_counts.csv') !== '',
    (listens) => listens,
  );
  return {
    place: `127.0.0.1:${localPort}`,
    done,
    [Symbol.asyncDispose]: async () => {
      await program.stop();
      await done.catch(() => undefined);
    },
  };
}

/**
 * Messages that came and were not expected, but for those that are the same as one that was: on a busy machine a message comes
 * again before SIPp has answered it.
 */
function unexpectedIn(log: string): readonly string[] {
  const messages = log
    .split(/^-{47}.*\n/mu)
    .map((entry) => /^(Unexpected )?\w+ message received.*\n\n([^]*)$/u.exec(entry))
    .filter((entry) => entry !== null)
    .map(([, unexpected, text = '']) => ({ isUnexpected: unexpected !== undefined, text: text.trim() }));
  const count = (text: string, isUnexpected: boolean) =>
    messages.filter((each) => each.text === text && each.isUnexpected === isUnexpected).length;
  // Each unexpected one is in the log twice: as it came, and as it was judged.
  return messages
    .filter(({ isUnexpected, text }) => isUnexpected && count(text, false) <= count(text, true))
    .map(({ text }) => text);
}

/** How often SIPp has counted `what` in all steps together, e.g. `200_Retrans`: 200s that it was sent again. */
export function counted(outcome: SippOutcome, what: string): number {
  return Object.entries(outcome)
    .filter(([name]) => name.replace(/^\d+_/u, '') === what)
    .reduce((sum, [, count]) => sum + count, 0);
}

/** The last line under the first one's names. */
function countsOf(csv: string): SippOutcome {
  const [names = '', ...lines] = csv.trim().split('\n');
  const values = (lines.at(-1) ?? '').split(';');
  return Object.fromEntries(
    names
      .split(';')
      .map((name, index) => [name, Number(values[index])] as const)
      .filter(([, value]) => Number.isInteger(value)),
  );
}

/** REGISTER, 401, REGISTER with MD5 digest, and the `status` that shall follow. */
export function registerScenario({ user, password }: SippAccount, status = 200): string {
  const register = (cseq: number, extra: string) =>
    send(`
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
Max-Forwards: 70
From: <sip:${user}@[remote_ip]>;tag=[pid]t[call_number]
To: <sip:${user}@[remote_ip]>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Contact: <sip:${user}@[local_ip]:[local_port];transport=[transport]>
Expires: 120
${extra}Content-Length: 0
`);
  return scenarioOf(
    register(1, ''),
    '<recv response="401" auth="true"/>',
    register(2, `[authentication username=${user} password=${password}]\n`),
    `<recv response="${status}"/>`,
  );
}

/** A call: INVITE, 407, INVITE with digest, answer, a while of talk, BYE. */
export function callScenario({ user, password }: SippAccount, to: string): string {
  const start = (cseq: number, method: string) => `
${method} sip:${to}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
Max-Forwards: 70
From: <sip:${user}@[remote_ip]>;tag=[pid]t[call_number]
To: <sip:${to}@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:${user}@[local_ip]:[local_port];transport=[transport]>
`;
  const inDialog = (cseq: number, method: string) => `
${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
[routes]
Max-Forwards: 70
From: <sip:${user}@[remote_ip]>;tag=[pid]t[call_number]
To: <sip:${to}@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Content-Length: 0
`;
  return scenarioOf(
    send(`${start(1, 'INVITE')}${description}`),
    '<recv response="100" optional="true"/>',
    '<recv response="407" auth="true"/>',
    sendOnce(`${start(1, 'ACK')}Content-Length: 0\n`),
    send(
      `${start(2, 'INVITE').replace('[peer_tag_param]', '')}[authentication username=${user} password=${password}]\n${description}`,
    ),
    '<recv response="100" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="183" optional="true"/>',
    '<recv response="200" rrs="true"/>',
    sendOnce(inDialog(2, 'ACK')),
    '<pause milliseconds="300"/>',
    send(inDialog(3, 'BYE')),
    '<recv response="200"/>',
  );
}

/** Rings and answers one call, and waits until the other side hangs up. */
export function answerScenario(): string {
  return scenarioOf(
    '<recv request="INVITE" crlf="true"/>',
    sendOnce(reply('180 Ringing', 'Content-Length: 0\n')),
    send(reply('200 OK', description)),
    '<recv request="ACK"/>',
    '<recv request="BYE"/>',
    sendOnce(reply('200 OK', 'Content-Length: 0\n').replace(';tag=[pid]t[call_number]', '')),
  );
}

const description = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 53655765 2353687637 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
`;

/** A response to what was received last, whose tag makes the dialog. */
function reply(status: string, rest: string): string {
  return `
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]t[call_number]
[last_Call-ID:]
[last_CSeq:]
[last_Record-Route:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
${rest}`;
}

/** Sent again after 500 ms, doubling, until an answer comes. */
function send(message: string): string {
  return `<send retrans="500"><![CDATA[${message}]]></send>`;
}

/** For what is never answered: ACK, provisional responses, responses to other requests than INVITE. */
function sendOnce(message: string): string {
  return `<send><![CDATA[${message}]]></send>`;
}

function scenarioOf(...steps: string[]): string {
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="offhook">\n${steps.join('\n')}\n</scenario>\n`;
}
