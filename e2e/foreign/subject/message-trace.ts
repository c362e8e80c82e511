export type TraceDirection = 'in' | 'out';

interface Traced {
  readonly direction: TraceDirection | 'event';
  readonly text: string;
}

/** Messages shown in the report of a wait in vain. */
const SHOWN = 12;

/** Every message of a subject, as it was on the wire; octets of streams as they came. */
export class MessageTrace {
  readonly #messages: Traced[] = [];

  add(direction: TraceDirection, bytes: Uint8Array): void {
    this.#messages.push({ direction, text: Buffer.from(bytes).toString('latin1') });
  }

  /** What it was told of, for the report alone. */
  note(event: object): void {
    const text = JSON.stringify(event, (_, value: unknown) =>
      value instanceof Uint8Array ? undefined : value,
    );
    this.#messages.push({ direction: 'event', text });
  }

  /** Those that begin with `start`, in order. */
  of(direction: TraceDirection, start: string): readonly string[] {
    return this.#messages
      .filter((message) => message.direction === direction && message.text.startsWith(start))
      .map(({ text }) => text);
  }

  lastWords(): string {
    const shown = this.#messages.slice(-SHOWN);
    return shown.map(({ direction, text }) => `-- ${direction}\n${text}`).join('\n');
  }
}
