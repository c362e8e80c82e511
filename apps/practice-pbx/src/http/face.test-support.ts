import { exchangeConfig } from '../config/exchange.ts';
import { TraceBook } from '../trace/trace-book.ts';
import { FakeSwitch } from '../csta/fake-switch.test-support.ts';
import type { PbxFace, PbxView } from './views.ts';

/** A PBX in which nothing happens, for tests of what is around it. */
export function quietView(parts: Partial<PbxView> = {}): PbxView {
  return {
    sip: '127.0.0.1:5070',
    platform: 'generic',
    codes: exchangeConfig.parse({ extensions: [] }).featureCodes,
    extensions: [],
    services: [],
    phones: [],
    calls: [],
    callBacks: [],
    peers: [],
    csta: null,
    ...parts,
  };
}

export function quietFace(parts: Partial<PbxFace> = {}): PbxFace {
  return {
    api: new FakeSwitch(),
    trace: new TraceBook(),
    view: () => quietView(),
    isBusy: () => false,
    metrics: () => '',
    phone: () => undefined,
    csta: () => undefined,
    ...parts,
  };
}
