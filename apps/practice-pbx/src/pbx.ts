import type { PbxSettings } from './config/environment.ts';
import type { CstaServer } from './csta/server.ts';
import { startCsta } from './csta/start.ts';
import { Exchange } from './exchange.ts';
import { LiveEvents } from './http/events.ts';
import { createServer } from './http/server.ts';
import { pbxView } from './http/pbx-view.ts';
import type { PbxFace } from './http/views.ts';
import { DeskPhone } from './phones/desk-phone.ts';
import { phonesOf } from './phones/phones-of.ts';
import type { CallLog } from './sip/call-views.ts';
import type { SwitchApi } from './switch/api.ts';
import type { VoiceApplication } from './voice/application.ts';
import { Pacer } from './voice/pacer.ts';
import type { MailboxTrouble } from './voicemail/mailbox/mailbox-store.ts';
import { openVoicemail } from './voicemail/open-voicemail.ts';

/** A running PBX: the exchange, its desk phones and its page. */
export interface Pbx {
  readonly sip: { readonly address: string; readonly port: number };
  /** Of the page. */
  readonly url: string;
  /** Of a `generic` PBX there is none. */
  readonly csta: { readonly address: string; readonly port: number } | undefined;
  /** The switch, for whoever builds on it. */
  readonly api: SwitchApi;
  /** Ends calls, takes the desk phones off, closes every socket. */
  close(): Promise<void>;
}

/** What is plugged into the PBX. */
export interface PbxParts {
  /** Answers `500`, in the place of the voicemail. */
  readonly voicemail?: VoiceApplication;
  readonly onTrouble?: (trouble: MailboxTrouble) => void;
}

/** Opens everything. Rejects with the system's error where a port is taken; nothing stays open then. */
export async function openPbx(
  settings: PbxSettings,
  log: (event: CallLog) => void,
  parts: PbxParts = {},
): Promise<Pbx> {
  const { platform, featureCodes: codes } = settings.exchange;
  const pacer = new Pacer();
  const phones = new Map<string, DeskPhone>();
  const onChange = (): void => events?.changed();
  let events: LiveEvents | undefined;
  let csta: CstaServer | undefined;
  const voicemail =
    parts.voicemail === undefined
      ? await openVoicemail({
          exchange: settings.exchange,
          directory: settings.dataDirectory,
          onTrouble: parts.onTrouble ?? (() => {}),
        })
      : undefined;
  const exchange = await Exchange.open({
    settings,
    pacer,
    onChange,
    log,
    voicemail: parts.voicemail ?? voicemail?.application,
  });
  voicemail?.connect(exchange.api);

  const { api, trace } = exchange;
  const face: PbxFace = {
    api,
    trace,
    view: () => pbxView({ exchange, platform, codes, phones: phones.values(), csta }),
    isBusy: () => exchange.calls.length > 0,
    metrics: () => `${exchange.metrics}${csta?.metrics ?? ''}`,
    phone: (id) => phones.get(id),
    csta: () => csta,
  };
  const live = new LiveEvents(face);
  events = live;
  const server = createServer(face, live);

  const close = async (): Promise<void> => {
    exchange.clear();
    await Promise.all([...phones.values()].map((phone) => phone.close()));
    live.close();
    await csta?.close();
    await server.close();
    await exchange.close();
    await voicemail?.[Symbol.asyncDispose]();
  };

  try {
    const url = await server.listen({ host: settings.address, port: settings.httpPort });
    csta = await startCsta(settings, api, onChange);
    if (csta !== undefined) trace.joinCsta(csta);
    const { bound, ports } = exchange;
    for (const options of phonesOf(settings.exchange, exchange.directory)) {
      const phone = await DeskPhone.open({ ...options, pbx: bound, ports, pacer, onChange });
      phones.set(phone.id, phone);
    }
    return { sip: exchange.bound, url, csta: csta?.view, api, close };
  } catch (error) {
    await close();
    throw error;
  }
}
