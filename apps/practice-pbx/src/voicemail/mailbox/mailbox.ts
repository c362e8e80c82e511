import type { Recording } from '../prompts/sound.ts';
import type { Caller, EpochMillis } from '../voice-machine.ts';

/** Of one mailbox: 1, 2, … in the order of arrival, never given twice. */
export type MessageId = number & { readonly [messageId]: true };
declare const messageId: unique symbol;

export interface VoicemailMessage {
  readonly id: MessageId;
  readonly caller: Caller;
  readonly receivedAt: EpochMillis;
  readonly heard: boolean;
  readonly recording: Recording;
}

/** What a message-waiting lamp is told (RFC 3842): voice messages not heard yet, and heard. */
export interface MailboxCounts {
  readonly new: number;
  readonly old: number;
}

/** Of one mailbox; what is more is not taken. */
export interface MailboxLimits {
  readonly messages: number;
  /** Of all messages together. */
  readonly seconds: number;
  /** Of all samples together, the greeting too. */
  readonly bytes: number;
}

export const DEFAULT_LIMITS: MailboxLimits = { messages: 50, seconds: 1800, bytes: 32 * 1024 * 1024 };

/** What is kept of a mailbox between two starts. */
export interface MailboxContents {
  readonly nextId: number;
  readonly messages: readonly VoicemailMessage[];
  readonly greeting: Recording | undefined;
}

/** The highest rate that is recorded with: what a second may cost. */
const MOST_BYTES_PER_SECOND = 32_000;

/** The messages and the greeting of one extension. Pure: whoever keeps it on a disk listens to `onChange`. */
export class Mailbox {
  /** After every change. */
  onChange: (() => void) | undefined;
  readonly number: string;
  readonly #limits: MailboxLimits;
  #contents: MailboxContents;

  constructor(number: string, limits: MailboxLimits, contents?: MailboxContents) {
    this.number = number;
    this.#limits = limits;
    this.#contents = contents ?? { nextId: 1, messages: [], greeting: undefined };
  }

  get contents(): MailboxContents {
    return this.#contents;
  }

  /** In the order of arrival. */
  get messages(): readonly VoicemailMessage[] {
    return this.#contents.messages;
  }

  get greeting(): Recording | undefined {
    return this.#contents.greeting;
  }

  get counts(): MailboxCounts {
    const old = this.messages.filter(({ heard }) => heard).length;
    return { new: this.messages.length - old, old };
  }

  message(id: MessageId): VoicemailMessage | undefined {
    return this.messages.find((message) => message.id === id);
  }

  /** Seconds of a further message that there is room for, whatever its rate; 0 where the mailbox is full. */
  get roomSeconds(): number {
    const { messages, seconds, bytes } = this.#limits;
    if (this.messages.length >= messages) return 0;
    const bySeconds = seconds - this.messages.reduce((sum, { recording }) => sum + secondsOf(recording), 0);
    return Math.max(0, Math.min(bySeconds, (bytes - this.#bytes()) / MOST_BYTES_PER_SECOND));
  }

  /** `full`: nothing is kept. Two callers may have spoken at once into the room for one. */
  add(message: Pick<VoicemailMessage, 'caller' | 'receivedAt' | 'recording'>): 'kept' | 'full' {
    if (secondsOf(message.recording) > this.roomSeconds) return 'full';
    const { nextId, messages } = this.#contents;
    // The only place where ids are made.
    const id = nextId as MessageId;
    this.#change({ nextId: nextId + 1, messages: [...messages, { ...message, id, heard: false }] });
    return 'kept';
  }

  markHeard(id: MessageId): void {
    if (this.message(id)?.heard !== false) return;
    this.#change({
      messages: this.messages.map((message) => (message.id === id ? { ...message, heard: true } : message)),
    });
  }

  delete(ids: ReadonlySet<MessageId>): void {
    const messages = this.messages.filter(({ id }) => !ids.has(id));
    if (messages.length < this.messages.length) this.#change({ messages });
  }

  /** Undefined: the standard greeting. `full` where there is no room for it; then all is as before. */
  setGreeting(greeting: Recording | undefined): 'kept' | 'full' {
    if (greeting === this.greeting) return 'kept';
    const bytes = this.#bytes() - bytesOf(this.greeting) + bytesOf(greeting);
    if (greeting !== undefined && bytes > this.#limits.bytes) return 'full';
    this.#change({ greeting });
    return 'kept';
  }

  #change(change: Partial<MailboxContents>): void {
    this.#contents = { ...this.#contents, ...change };
    this.onChange?.();
  }

  #bytes(): number {
    return this.messages.reduce((sum, { recording }) => sum + bytesOf(recording), bytesOf(this.greeting));
  }
}

export function secondsOf({ samples, sampleRate }: Recording): number {
  return samples.length / sampleRate;
}

function bytesOf(recording: Recording | undefined): number {
  return (recording?.samples.length ?? 0) * 2;
}
