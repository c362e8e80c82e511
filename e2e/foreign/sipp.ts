import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, startProcess, type TestProcess } from '@offhook/testkit';

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
  /** SIPp's own port, the same for a registration and the calls to it. */
  readonly localPort: number;
  readonly transport?: 'udp' | 'tcp';
  /** The number that is called: SIPp must be told what goes into the digest's `uri`. */
  readonly to?: string;
  /** Calls in all, and new ones each second. */
  readonly calls?: number;
  readonly rate?: number;
}

/** Runs a scenario to its end. Rejects with what SIPp noted where one call went otherwise. */
export async function runSipp(scenario: string, run: SippRun): Promise<void> {
  const { program, finish } = startSipp(scenario, run);
  const { code } = await program.ended;
  finish(code);
}

/** Starts a scenario that waits for a call; `done` settles as {@link runSipp}. */
export function answerWithSipp(scenario: string, run: SippRun): { readonly done: Promise<void> } {
  const { program, finish } = startSipp(scenario, run);
  return { done: program.ended.then(({ code }) => finish(code)) };
}

function startSipp(
  scenario: string,
  { target, localPort, transport = 'udp', to, calls = 1, rate = 10 }: SippRun,
): { readonly program: TestProcess; readonly finish: (code: number | null) => void } {
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
      ['-timeout', '30s', '-timeout_error', '-recv_timeout', '15000'],
      ['-nostdin', '-trace_err', '-error_file', path.join(folder, 'errors.log')],
    ].flat(),
    { cwd: folder },
  );
  const finish = (code: number | null) => {
    const errors = readdirSync(folder)
      .filter((name) => name === 'errors.log')
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('');
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0) {
      throw new Error(`SIPp ended with code ${code}:\n${errors}\n${program.output().slice(-3_000)}`);
    }
  };
  return { program, finish };
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
