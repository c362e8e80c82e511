import type { CstaFace } from '../csta/routes.ts';
import type { CstaView } from '../csta/server.ts';
import type { CallView } from '../sip/call-views.ts';
import type { PhoneView } from '../phones/desk-phone.ts';
import type { PlainAction } from '../phones/types.ts';
import type { ForwardingType } from '../switch/api.ts';
import type { TraceEntry } from '../trace/trace-ring.ts';

/** An extension and where it is registered. */
export interface ExtensionView {
  readonly number: string;
  readonly name: string;
  readonly bindings: readonly BindingView[];
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
  readonly extensions: readonly ExtensionView[];
  readonly services: readonly ServiceView[];
  readonly phones: readonly PhoneView[];
  readonly calls: readonly CallView[];
  /** Of a `generic` PBX there is none. */
  readonly csta: CstaView | null;
}

/** What the HTTP side may ask of the PBX. */
export interface PbxFace {
  view(): PbxView;
  /** Some call is under way: what phones hear changes by the second. */
  isBusy(): boolean;
  trace(since: number): readonly TraceEntry[];
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
