import type { ExchangeConfig } from '../config/exchange.ts';
import { deviceId } from '../switch/api.ts';
import type { SwitchApi } from '../switch/api.ts';
import { MailboxStore } from './mailbox/mailbox-store.ts';
import type { MailboxTrouble } from './mailbox/mailbox-store.ts';
import { loadPrompts } from './prompts/library.ts';
import { DEFAULT_TIMES, localTimeIn } from './session/setting.ts';
import { VoicemailApplication } from './voicemail-application.ts';

export interface Voicemail extends AsyncDisposable {
  readonly application: VoicemailApplication;
  /** Counts of messages go to the switch from now on, those that there are already first. */
  connect(api: SwitchApi): void;
}

export interface OpenVoicemailOptions {
  readonly exchange: Pick<ExchangeConfig, 'extensions' | 'language'>;
  /** Where messages are kept; without it they are gone with the process. */
  readonly directory: string | undefined;
  readonly onTrouble: (trouble: MailboxTrouble) => void;
}

/** The mailboxes of all extensions that have one, on the real clock. Undefined where no extension has one. */
export async function openVoicemail(options: OpenVoicemailOptions): Promise<Voicemail | undefined> {
  const { extensions, language } = options.exchange;
  const owners = new Map(
    extensions.flatMap(({ number, mailbox }) => (mailbox === undefined ? [] : [[number, mailbox] as const])),
  );
  if (owners.size === 0) return undefined;

  let api: SwitchApi | undefined;
  const store = await MailboxStore.open({
    ...(options.directory === undefined ? {} : { directory: options.directory }),
    onCounts: (box) => tell(box),
    onTrouble: options.onTrouble,
  });
  const tell = (box: string): void => {
    const { new: fresh, old } = store.counts(box);
    api?.execute({ kind: 'setMessageWaiting', device: deviceId(box), messages: { fresh, old } });
  };
  const application = new VoicemailApplication({
    prompts: loadPrompts(),
    clock: () => performance.now(),
    after: (delay, run) => {
      const timer = setTimeout(run, delay);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
    setting: {
      find: (number) => {
        const owner = owners.get(number);
        if (owner === undefined) return undefined;
        const pin = owner.pin === undefined ? {} : { pin: owner.pin };
        return { mailbox: store.mailbox(number), language: owner.language ?? language, ...pin };
      },
      localTime: localTimeIn(Intl.DateTimeFormat().resolvedOptions().timeZone),
      language,
      times: DEFAULT_TIMES,
    },
  });
  return {
    application,
    connect: (switchApi) => {
      api = switchApi;
      for (const box of owners.keys()) tell(box);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
