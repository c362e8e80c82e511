import path from 'node:path';
import { Person, type Window } from '../src/person.ts';
import { repository } from '../src/product.ts';
import { openSite } from '../src/site.ts';
import { startBaresip, type Baresip } from './baresip.ts';
import type { TelephoneOptions } from './foreign-telephone.ts';
import { startKamailio, type Kamailio } from './kamailio.ts';
import { startLinphone, type Linphone } from './linphone.ts';

/** The voices, in Hz: far enough apart, and no harmonics of each other. */
export const ANNA = 1_000;
export const BARESIP = 440;
export const LINPHONE = 700;

export const ANNAS_NUMBER = '101';
export const BARESIPS_NUMBER = '301';
export const LINPHONES_NUMBER = '302';
export const MAILBOX = '500';

/** Anna at a browser, and two telephones of foreign make that answer by themselves, all behind Kamailio. */
export interface Office extends AsyncDisposable {
  readonly kamailio: Kamailio;
  readonly anna: Person;
  readonly baresip: Baresip;
  readonly linphone: Linphone;
  uri(number: string): string;
  /** Of one more telephone, whose voice is a tone. */
  account(number: string, tone: number): TelephoneOptions;
}

/** @param options.presence Kamailio tells of dialogs and mailboxes */
export async function openOffice({ presence = false } = {}): Promise<Office> {
  await using stack = new AsyncDisposableStack();
  const kamailio = stack.use(await startKamailio({ presence }));
  const site = stack.use(
    await openSite({
      pbx: { host: '127.0.0.1', port: kamailio.port, transport: 'udp', codes: { voicemail: MAILBOX } },
      people: [
        {
          email: 'anna@test.example',
          name: 'Anna Berger',
          number: ANNAS_NUMBER,
          sipPassword: kamailio.password,
        },
      ],
      webRoot: path.join(repository, 'apps', 'phone', 'dist'),
    }),
  );
  const uri = (number: string) => kamailio.uri(number, 'udp');
  const account = (number: string, tone: number): TelephoneOptions => ({
    aor: uri(number),
    user: number,
    password: kamailio.password,
    tone,
    answers: 'auto',
  });
  const baresip = stack.use(await startBaresip(account(BARESIPS_NUMBER, BARESIP)));
  const linphone = stack.use(await startLinphone(account(LINPHONES_NUMBER, LINPHONE)));
  const anna = stack.use(await Person.at(site.url, 'anna@test.example', site.password, { tone: ANNA }));
  const opened = stack.move();
  return {
    kamailio,
    anna,
    baresip,
    linphone,
    uri,
    account,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Opens what the button `opens` opens in the card of a call, types a number there, and presses `way`. */
export async function sendOn(window: Window, opens: string, number: string, way: string): Promise<void> {
  await window.press(opens);
  await window.page.getByLabel('Person or number', { exact: true }).fill(number);
  await window.press(way);
}
