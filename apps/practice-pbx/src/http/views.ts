import type { FeatureCodes, Platform } from '../config/exchange.ts';
import type { CstaFace } from '../csta/routes.ts';
import type { CstaView } from '../csta/server.ts';
import type { CallView } from '../sip/call-views.ts';
import type { PhoneView } from '../phones/desk-phone.ts';
import type { PlainAction } from '../phones/types.ts';
import type { FeatureSnapshot, ForwardingType, SwitchApi } from '../switch/api.ts';
import type { Peer } from '../trace/peers.ts';
import type { TraceBook } from '../trace/trace-book.ts';

/** An extension: its number group, where it is registered and what is set for it. */
export interface ExtensionView {
  readonly number: string;
  readonly name: string;
  readonly bindings: readonly BindingView[];
  /** The extra line of its soft clients. */
  readonly line: { readonly number: string; readonly bindings: readonly BindingView[] } | null;
  readonly hasMailbox: boolean;
  readonly isBarred: boolean;
  readonly features: FeatureSnapshot;
}

export interface BindingView {
  readonly contact: string;
  readonly transport: string;
  readonly remote: string;
  readonly expiresInSeconds: number;
}

export interface ServiceView {
  readonly number: string;
  readonly name: string;
}

/** The whole of what the page shows, but for the trace. */
export interface PbxView {
  readonly sip: string;
  readonly platform: Platform;
  /** What is dialled for a feature. */
  readonly codes: FeatureCodes;
  readonly extensions: readonly ExtensionView[];
  readonly services: readonly ServiceView[];
  readonly phones: readonly PhoneView[];
  readonly calls: readonly CallView[];
  /** Who waits for whom to be free. */
  readonly callBacks: readonly { readonly device: string; readonly to: string }[];
  /** Who is at the other ends of the messages of the trace. */
  readonly peers: readonly Peer[];
  /** Of a `generic` PBX there is none. */
  readonly csta: CstaView | null;
}

/** What the HTTP side may ask of the PBX. */
export interface PbxFace {
  readonly api: SwitchApi;
  readonly trace: TraceBook;
  view(): PbxView;
  /** Some call is under way: what phones hear changes by the second. */
  isBusy(): boolean;
  metrics(): string;
  phone(id: string): PhoneFace | undefined;
  csta(): CstaFace | undefined;
}

export interface PhoneFace {
  readonly view: PhoneView;
  dial(to: string): boolean;
  consult(to: string): boolean;
  blindTransfer(to: string): boolean;
  press(digits: string): boolean;
  act(action: PlainAction): boolean;
  setDoNotDisturb(on: boolean): boolean;
  /** Without a number it is switched off. */
  setForwarding(type: ForwardingType, to: string | undefined): boolean;
}
