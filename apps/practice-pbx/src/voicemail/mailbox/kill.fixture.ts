import { MailboxStore } from './mailbox-store.ts';
import type { EpochMillis } from '../voice-machine.ts';

/** Changes a mailbox on and on, until it is killed; says after each change that is on the disk which message it was. */
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('The directory is missing.');
const store = await MailboxStore.open({ directory });
const mailbox = store.mailbox('101');
for (let count = 1; ; count += 1) {
  const samples = new Int16Array(40_000).fill(count % 30_000);
  mailbox.add({
    caller: { number: String(count) },
    receivedAt: 0 as EpochMillis,
    recording: { samples, sampleRate: 8000 },
  });
  mailbox.delete(new Set(mailbox.messages.slice(0, -5).map(({ id }) => id)));
  mailbox.setGreeting({ samples, sampleRate: 8000 });
  await store.flush();
  process.stdout.write(`${count}\n`);
}
