import type { Decoded } from '../codec/decode.ts';
import { decodeMessage } from '../codec/decode.ts';
import type { WireStyle } from '../codec/encode.ts';
import { encodeMessage } from '../codec/encode.ts';
import type { CstaErrorMessage, CstaMessage } from '../codec/messages.ts';
import type { FrameOutcome } from '../framing/decoder.ts';
import { encodeFrame, fitsFrame } from '../framing/frames.ts';
import type { CstaErrorCode } from '../values/errors.ts';

/** A frame and what is in it, or why the link has to be closed. */
export type Incoming =
  | { readonly kind: 'decoded'; readonly invokeId: number; readonly decoded: Decoded }
  | Extract<FrameOutcome, { kind: 'fault' }>;

export function incomingOf(outcome: FrameOutcome): Incoming {
  return outcome.kind === 'fault'
    ? outcome
    : { kind: 'decoded', invokeId: outcome.invokeId, decoded: decodeMessage(outcome.document) };
}

/** `undefined`: it does not fit into a frame. */
export function frameOf(invokeId: number, message: CstaMessage, style: WireStyle): Uint8Array | undefined {
  const document = encodeMessage(message, style);
  return fitsFrame(document) ? encodeFrame(invokeId, document) : undefined;
}

export function errorMessage(code: CstaErrorCode): CstaErrorMessage {
  return { name: 'CSTAErrorCode', error: { code, detail: code.slice(code.indexOf('.') + 1) } };
}

/** Things to tell the log, never the person: the peer did something that we do not understand and go on without. */
export interface Note {
  readonly kind: 'note';
  readonly code:
    /** An answer to nothing that is open: late, or doubled. */
    | 'stray_answer'
    | 'unknown_message'
    | 'malformed_message'
    /** A message that has no place in this direction or state. */
    | 'misplaced_message'
    /** The system does not report its status. */
    | 'not_registered';
  /** Names of messages and elements; no content. */
  readonly text: string;
}

/** Names that a peer makes up are cut: they stand in logs. */
const longestName = 80;

export const shownName = (name: string): string =>
  name.length <= longestName ? name : `${name.slice(0, longestName)}…`;

/** Whether nobody expects an answer to it. */
export const isOneWay = (name: string): boolean => /(?:Response|Event|ErrorCode|Terminated)$/.test(name);
