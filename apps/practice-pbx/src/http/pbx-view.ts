import type { FeatureCodes, Platform } from '../config/exchange.ts';
import type { CstaServer } from '../csta/server.ts';
import type { Exchange } from '../exchange.ts';
import type { DeskPhone } from '../phones/desk-phone.ts';
import { deviceId } from '../switch/api.ts';
import type { ExtensionView, PbxView } from './views.ts';

export interface PbxParts {
  readonly exchange: Exchange;
  readonly platform: Platform;
  readonly codes: FeatureCodes;
  readonly phones: Iterable<DeskPhone>;
  readonly csta: CstaServer | undefined;
}

/** The page's view of all parts of the PBX, as they are now. */
export function pbxView({ exchange, platform, codes, phones, csta }: PbxParts): PbxView {
  return {
    sip: exchange.host,
    platform,
    codes,
    extensions: extensionViews(exchange),
    services: exchange.directory.services.map(({ number, name, kind }) => ({ number, name: name ?? kind })),
    phones: [...phones].map((phone) => phone.view),
    calls: exchange.calls,
    callBacks: exchange.api.callBacks(),
    peers: exchange.trace.peers,
    csta: csta?.view ?? null,
  };
}

function extensionViews(exchange: Exchange): readonly ExtensionView[] {
  return exchange.directory.extensions.flatMap(({ number, name, line, mailbox, barred }) => {
    const features = exchange.api.features(deviceId(number));
    if (features === undefined) return [];
    return {
      number,
      name,
      bindings: exchange.bindings(number),
      line: line === undefined ? null : { number: line.number, bindings: exchange.bindings(line.number) },
      hasMailbox: mailbox !== undefined,
      isBarred: barred,
      features,
    };
  });
}
