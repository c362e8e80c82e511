import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export type ReceivedMail = { from: string; to: string[]; source: string };

/** What the server says instead of taking a mail, e.g. `{ responseCode: 451 }`. */
export type Refusal = { at: 'recipient' | 'content'; responseCode: number };

export type TestSmtp = {
  url: string;
  mails: ReceivedMail[];
  /** The mail of this number, from 1 on, when it has come. */
  received: (count: number) => Promise<ReceivedMail>;
  /** From now on. */
  refuse: (refusal: Refusal | undefined) => void;
};

/** A mail server in this process. */
export async function openSmtp(): Promise<TestSmtp> {
  const mails: ReceivedMail[] = [];
  const waiting = new Map<number, (mail: ReceivedMail) => void>();
  let refusal: Refusal | undefined;
  const refused = (at: Refusal['at']) =>
    refusal?.at === at
      ? Object.assign(new Error('not now'), { responseCode: refusal.responseCode })
      : undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) => done(refused('recipient')),
    onData: (stream, { envelope }, done) => {
      const take = async () => {
        const source = await text(stream);
        const problem = refused('content');
        if (problem !== undefined) return done(problem);
        const mail = {
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          source,
        };
        mails.push(mail);
        done();
        waiting.get(mails.length)?.(mail);
      };
      void take();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  onTestFinished(
    () =>
      new Promise<void>((closed) => {
        server.close(closed);
      }),
  );
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    received: (count) =>
      new Promise((come) => {
        const there = mails[count - 1];
        if (there === undefined) waiting.set(count, come);
        else come(there);
      }),
    refuse: (next) => {
      refusal = next;
    },
  };
}
