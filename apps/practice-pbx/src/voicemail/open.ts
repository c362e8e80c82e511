import type { ExchangeConfig } from '../config/exchange.ts';
import type { VoiceApplication } from '../voice/application.ts';
import type { MailboxCounts } from './mailbox/mailbox.ts';
import { MailboxStore } from './mailbox/mailbox-store.ts';
import type { MailboxStoreOptions } from './mailbox/mailbox-store.ts';
import { loadPrompts } from './prompts/library.ts';
import { DEFAULT_TIMES, localTimeIn } from './session/setting.ts';
import { VoicemailApplication } from './voicemail-application.ts';

/** The voicemail of an exchange, in the shape in which the switch takes it. */
export interface ExchangeVoicemail extends AsyncDisposable {
  readonly application: VoiceApplication;
  /** What lies in a mailbox now. */
  readonly counts: (box: string) => MailboxCounts;
}

/** Mailboxes for the extensions that have one. Rejects where the directory cannot be read. */
export async function openVoicemail(
  extensions: ExchangeConfig['extensions'],
  options: MailboxStoreOptions,
): Promise<ExchangeVoicemail> {
  const store = await MailboxStore.open(options);
  const pins = new Map(
    extensions.flatMap(({ number, mailbox }) =>
      mailbox === undefined ? [] : [[number, mailbox.pin] as const],
    ),
  );
  const application = new VoicemailApplication({
    prompts: loadPrompts(),
    clock: () => performance.now(),
    after: (delay, run) => {
      const timer = setTimeout(run, Math.ceil(delay));
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
    setting: {
      language: 'en',
      times: DEFAULT_TIMES,
      localTime: localTimeIn(Intl.DateTimeFormat().resolvedOptions().timeZone),
      find: (number) => {
        if (!pins.has(number)) return undefined;
        const pin = pins.get(number);
        return { mailbox: store.mailbox(number), language: 'en', ...(pin !== undefined && { pin }) };
      },
    },
  });
  return {
    application,
    counts: (box) => store.counts(box),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
