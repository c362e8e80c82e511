import { z } from 'zod';
import type { Caller, EpochMillis } from '../voice-machine.ts';
import type { MailboxContents, MessageId } from './mailbox.ts';

/** Name of the file that says which of the others count. */
export const INDEX_FILE = 'index.json';
/** A longer one was not written here: {@link MOST_MESSAGES} are a fifth of it. */
export const MOST_INDEX_BYTES = 1024 * 1024;
const MOST_MESSAGES = 1000;

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Names that {@link messageFile} and {@link greetingFile} make: nothing that leads out of the folder. */
const soundFile = z.string().regex(/^(?:message|greeting)-\d{1,16}\.wav$/);

const index = z.strictObject({
  version: z.literal(1),
  mailbox: z.string().min(1).max(32),
  nextId: whole.min(1),
  greeting: soundFile.optional(),
  messages: z
    .array(
      z.strictObject({
        id: whole.min(1).transform((id) => id as MessageId),
        file: soundFile,
        caller: z
          .strictObject({ number: z.string().max(256), name: z.string().max(256).optional() })
          .transform(({ number, name }): Caller => (name === undefined ? { number } : { number, name })),
        receivedAt: whole.transform((at) => at as EpochMillis),
        heard: z.boolean(),
      }),
    )
    .max(MOST_MESSAGES),
});

export type MailboxIndex = z.output<typeof index>;

/** Undefined for what is no index. */
export function parseIndex(text: string): MailboxIndex | undefined {
  try {
    return index.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function indexOf(
  mailbox: string,
  { nextId, messages }: MailboxContents,
  greetingFile: string | undefined,
): MailboxIndex {
  return {
    version: 1,
    mailbox,
    nextId,
    ...(greetingFile === undefined ? {} : { greeting: greetingFile }),
    messages: messages.map(({ id, caller, receivedAt, heard }) => ({
      id,
      file: messageFile(id),
      caller: short(caller),
      receivedAt,
      heard,
    })),
  };
}

export function messageFile(id: MessageId): string {
  return `message-${id}.wav`;
}

/** A greeting is never written over: the index moves from one to the next. */
export function greetingFile(version: number): string {
  return `greeting-${version}.wav`;
}

/** Is it one of our sound files, or of the temporary ones? Everything else in the folder is left alone. */
export function isOurs(file: string): boolean {
  return soundFile.safeParse(file.replace(/\.tmp$/, '')).success || file === `${INDEX_FILE}.tmp`;
}

function short({ number, name }: Caller): Caller {
  return { number: number.slice(0, 256), ...(name === undefined ? {} : { name: name.slice(0, 256) }) };
}
