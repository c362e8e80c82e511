import { CstaClient } from '../client/client.ts';
import { decodeMessage } from '../codec/decode.ts';
import { encodeMessage } from '../codec/encode.ts';
import type { CstaMessage } from '../codec/messages.ts';
import { isRequest } from '../codec/messages.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { encodeFrame, fitsFrame } from '../framing/frames.ts';
import { EDITIONS } from '../schema/namespaces.ts';
import { CstaServerSession } from '../server/session.ts';
import type { Entropy } from './entropy.ts';
import { MADE_NAMES, makeMessage } from './messages.ts';
import { mutate } from './mutate.ts';

/** A promise that was broken, with the seed that breaks it again. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly text: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly cases: number;
  /** Stops then, by `clock`. */
  readonly until: number;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Of this process, in milliseconds: what others on the machine do is not a case's. */
  readonly processorTime: () => number;
  readonly entropyOf: (seed: number) => Entropy;
  readonly onProgress?: (report: FuzzReport) => void;
}

export interface FuzzReport {
  readonly cases: number;
  readonly seconds: number;
  /** Of one case, in milliseconds of processor time. */
  readonly slowest: number;
  /** Mutated documents that are still messages, and those that are none: neither should be all. */
  readonly read: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
}

type Target = (entropy: Entropy) => 'read' | 'refused' | undefined;

const someMessage = (entropy: Entropy): CstaMessage => makeMessage(entropy.pick(MADE_NAMES), entropy);

function someDocument(entropy: Entropy): Uint8Array {
  return encodeMessage(someMessage(entropy), {
    edition: entropy.pick(EDITIONS),
    isMisspelt: entropy.chance(0.3),
  });
}

function promise(isKept: boolean, text: string): void {
  if (!isKept) throw new Error(text);
}

/** Whatever is read as a message can be written, and is then read as the same. */
function documents(entropy: Entropy): 'read' | 'refused' {
  const decoded = decodeMessage(mutate(someDocument(entropy), entropy, someDocument(entropy)));
  if (decoded.kind !== 'message') return 'refused';
  const again = decodeMessage(encodeMessage(decoded.message));
  // Escapes and declarations make it longer than what was read, and other bounds are met a little sooner.
  if (again.kind === 'fault' && again.code.startsWith('too_')) return 'refused';
  promise(
    again.kind === 'message' && JSON.stringify(again.message) === JSON.stringify(decoded.message),
    `${JSON.stringify(decoded.message)} was read again as ${JSON.stringify(again)}`,
  );
  return 'read';
}

/** However a stream is cut, it holds the same frames, and after a fault there are none. */
function streams(entropy: Entropy): undefined {
  const frames = Array.from({ length: entropy.integer(1, 5) }, () => someDocument(entropy))
    .filter(fitsFrame)
    .map((document) => encodeFrame(entropy.integer(0, 9_999), document));
  const [first = new Uint8Array(0)] = frames;
  const stream = mutate(Uint8Array.from(frames.flatMap((frame) => [...frame])), entropy, first);
  const whole = new FrameDecoder().push(stream);
  const decoder = new FrameDecoder();
  const pieces = [];
  for (let at = 0; at < stream.length;) {
    const length = entropy.integer(1, 1_000);
    pieces.push(...decoder.push(stream.subarray(at, at + length)));
    at += length;
  }
  promise(pieces.length === whole.length, `${pieces.length} frames of pieces, ${whole.length} of the whole`);
  const fault = whole.findIndex(({ kind }) => kind === 'fault');
  promise(fault < 0 || fault === whole.length - 1, 'frames after a fault');
}

/** Two sessions with broken messages between: each request has one outcome, and both can go on or are over. */
function sessions(entropy: Entropy): undefined {
  let now = 0;
  let open = 0;
  let server = new CstaServerSession({ sessionId: 's', heartbeatSeconds: 5 }, now);
  const client = new CstaClient({ applicationId: 'fuzz', random: () => entropy.integer(0, 99) / 100 });
  const damaged = (octets: Uint8Array): Uint8Array =>
    entropy.chance(0.1) ? mutate(octets, entropy, someDocument(entropy)) : octets;
  const settle = (): void => {
    for (let turns = 0; turns < 10_000; turns += 1) {
      const effect = client.poll();
      if (effect?.kind === 'connect') {
        server = new CstaServerSession({ sessionId: 's', heartbeatSeconds: 5 }, now);
        client.handle({ kind: 'opened' }, now);
      }
      if (effect?.kind === 'send') server.handle({ kind: 'received', octets: damaged(effect.octets) }, now);
      if (effect?.kind === 'disconnect') server.handle({ kind: 'closed' }, now);
      if (effect?.kind === 'answer') open -= 1;
      const other = server.poll();
      if (other?.kind === 'send') client.handle({ kind: 'received', octets: damaged(other.octets) }, now);
      if (other?.kind === 'disconnect') client.handle({ kind: 'closed', text: '' }, now);
      if (other?.kind === 'request' && entropy.chance(0.7))
        server.refuse(other.invokeId, 'operation.generic');
      if (effect === undefined && other === undefined) return;
    }
    promise(false, 'two sessions do not come to rest');
  };
  client.handle({ kind: 'start' }, now);
  for (let step = 0; step < 20; step += 1) {
    settle();
    const message = someMessage(entropy);
    if (isRequest(message)) {
      open += 1;
      client.request(step, message, now);
    } else {
      const document = encodeMessage(message);
      if (fitsFrame(document)) {
        client.handle({ kind: 'received', octets: encodeFrame(entropy.integer(0, 9_999), document) }, now);
      }
    }
    settle();
    promise(client.deadline() !== undefined, 'a client that waits for nothing');
    now = Math.max(now, entropy.chance(0.5) ? (client.deadline() ?? 0) : now + entropy.integer(0, 9_000));
    client.handle({ kind: 'tick' }, now);
    server.handle({ kind: 'tick' }, now);
  }
  client.handle({ kind: 'stop' }, now);
  client.handle({ kind: 'closed', text: '' }, now);
  settle();
  promise(open === 0, `${open} requests without an outcome, or with more than one`);
}

const targets: Readonly<Record<string, Target>> = { documents, streams, sessions };

/** Cases from one seed, each from a seed of its own that a finding names. */
export function fuzz(options: FuzzOptions): FuzzReport {
  const { seed, clock, until, onProgress } = options;
  const entropy = options.entropyOf(seed);
  const began = clock();
  const findings: Finding[] = [];
  const counts = { read: 0, refused: 0 };
  let slowest = 0;
  let cases = 0;
  const report = (): FuzzReport => ({
    cases,
    seconds: (clock() - began) / 1_000,
    slowest,
    ...counts,
    findings,
  });
  for (; cases < options.cases && clock() < until; cases += 1) {
    const caseSeed = entropy.integer(0, 2 ** 31);
    const target = entropy.pick(Object.keys(targets));
    const start = options.processorTime();
    const text = tryCase(targets[target] ?? documents, options.entropyOf(caseSeed), counts);
    slowest = Math.max(slowest, options.processorTime() - start);
    if (text !== undefined) findings.push({ target, seed: caseSeed, text });
    onProgress?.(report());
  }
  return report();
}

function tryCase(
  target: Target,
  entropy: Entropy,
  counts: { read: number; refused: number },
): string | undefined {
  try {
    const outcome = target(entropy);
    if (outcome !== undefined) counts[outcome] += 1;
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
