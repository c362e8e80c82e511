/**
 * The part of `@gnaudio/jabra-js` 4 that is used, as its documentation describes it (sdk.jabra.com/javascript). The library itself is no part of
 * this product: see docs/decisions/headsets.md.
 */
export interface JabraLibrary {
  readonly RequestedBrowserTransport: { readonly WEB_HID: string };
  readonly SignalType: Readonly<Record<string, string | number | undefined>>;
  init(config: {
    readonly transport: string;
    readonly appId?: string;
    readonly appName?: string;
    readonly partnerKey?: string;
  }): Promise<JabraApi>;
  webHidPairing(): Promise<unknown>;
  readonly CallControlFactory: new (api: JabraApi) => JabraCallControlFactory;
}

export interface JabraObservable<T> {
  subscribe(next: (value: T) => void): { unsubscribe(): void };
}

export interface JabraDevice {
  readonly name: string;
}

export interface JabraApi {
  readonly deviceList: JabraObservable<readonly JabraDevice[]>;
}

export interface JabraCallControlFactory {
  supportsCallControl(device: JabraDevice): boolean;
  createCallControl(device: JabraDevice): Promise<JabraCallControl>;
}

export interface JabraSignal {
  readonly type: string | number;
  readonly value: boolean;
  readonly valueType: string;
}

/** Everything but the lock throws where this application does not hold the lock. */
export interface JabraCallControl {
  readonly deviceSignals: JabraObservable<JabraSignal>;
  readonly onDisconnect: JabraObservable<void>;
  takeCallLock(): Promise<boolean>;
  releaseCallLock(): void;
  offHook(isOffHook: boolean): void;
  ring(shouldRing: boolean): void;
  mute(shouldMute: boolean): void;
  hold(shouldHold: boolean): void;
}
