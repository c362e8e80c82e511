import type { Transport } from '@offhook/sip';
import { startSipp, type Sipp, type SippRun } from './sipp.ts';
import type { Subject } from './subject.ts';

export type SippAgainst = Pick<SippRun, 'scripted' | 'calls' | 'rate' | 'patience'> & {
  readonly transport?: Extract<Transport, 'udp' | 'tcp'>;
};

/** Lets SIPp play a scenario with the subject, as caller or called. Where it fails, so does whatever the subject waits for. */
export async function sippAgainst(
  subject: Subject,
  scenario: string,
  { transport = 'udp', ...rest }: SippAgainst = {},
): Promise<Sipp> {
  const sipp = await startSipp(scenario, {
    target: subject.place(transport),
    transport,
    bearsRepeats: true,
    ...rest,
  });
  sipp.done.catch((error: unknown) =>
    subject.giveUp(error instanceof Error ? error : new Error(String(error))),
  );
  return sipp;
}
