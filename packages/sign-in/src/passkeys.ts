import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';

/** What became of asking the person's device. */
export type PasskeyOutcome =
  | { readonly name: 'given'; readonly response: unknown }
  /** The person closed the browser's dialog, or there is no passkey for this place. */
  | { readonly name: 'cancelled' }
  /** This device holds one for the account already. */
  | { readonly name: 'known' }
  | { readonly name: 'failed' };

/** The passkeys of this device. `options` is what the service sends. */
export interface Passkeys {
  /** By the browser, and at this address. */
  supported(): boolean;
  /** Whether the browser offers passkeys in the e-mail field. */
  autofill(): Promise<boolean>;
  get(options: unknown, how?: { readonly autofill: boolean }): Promise<PasskeyOutcome>;
  create(options: unknown): Promise<PasskeyOutcome>;
  /** An offer in the e-mail field ends. */
  cancel(): void;
}

type GetOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type CreateOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

export const browserPasskeys: Passkeys = {
  supported: () => browserSupportsWebAuthn() && !isIpAddress(window.location.hostname),
  autofill: browserSupportsWebAuthnAutofill,
  get: (options, how) =>
    outcomeOf(
      startAuthentication({
        optionsJSON: options as GetOptions,
        useBrowserAutofill: how?.autofill === true,
        verifyBrowserAutofillInput: false,
      }),
    ),
  create: (options) => outcomeOf(startRegistration({ optionsJSON: options as CreateOptions })),
  cancel: () => WebAuthnAbortService.cancelCeremony(),
};

/** Keys are bound to a name: at an address of the net there are none (WebAuthn 5.1.3, effective domain). */
const isIpAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/u.test(hostname);

async function outcomeOf(asked: Promise<unknown>): Promise<PasskeyOutcome> {
  try {
    return { name: 'given', response: await asked };
  } catch (thrown) {
    if (thrown instanceof WebAuthnError && thrown.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return { name: 'known' };
    }
    const kind = thrown instanceof Error ? thrown.name : '';
    return { name: kind === 'NotAllowedError' || kind === 'AbortError' ? 'cancelled' : 'failed' };
  }
}
