import type { ErrorCode, Me, SecondFactorMethod, SignInMethods, SignInResult } from '@offhook/contract';

/** What a person can be told of: a refusal of the service, or what happened before it was asked. */
export type SignInProblem =
  | ErrorCode
  | 'missing_credentials'
  | 'missing_email'
  | 'missing_code'
  | 'no_sso'
  | 'passkey_cancelled'
  | 'passkey_failed';

/**
 * Where a sign-in is.
 *
 * ```
 * first ──answered: second_factor──▶ second ──answered: signed_in──▶ done
 *   │ ▲                                │
 *   │ └── back, ticket_expired ────────┘
 *   ├──answered: signed_in──▶ done
 *   └──left──▶ leaving (the company's own sign-in page)
 * ```
 */
export type SignInState =
  | {
      readonly name: 'first';
      /** Of the address's domain, as far as it is known. */
      readonly methods: SignInMethods | undefined;
      readonly busy: Busy | undefined;
      readonly problem: SignInProblem | undefined;
    }
  | {
      readonly name: 'second';
      readonly ticket: string;
      readonly methods: readonly SecondFactorMethod[];
      readonly chosen: SecondFactorMethod;
      /** What WebAuthn needs to ask for the passkey. */
      readonly passkey: unknown;
      readonly busy: Busy | undefined;
      readonly problem: SignInProblem | undefined;
    }
  | { readonly name: 'leaving'; readonly to: string }
  | { readonly name: 'done'; readonly me: Me };

/** What the person waits for, so that its button says so. */
export type Busy = 'password' | 'passkey' | 'sso' | 'code';

export type SignInEvent =
  | { readonly name: 'asked'; readonly of: Busy }
  | { readonly name: 'answered'; readonly result: SignInResult }
  | { readonly name: 'failed'; readonly problem: SignInProblem }
  | { readonly name: 'methods_known'; readonly methods: SignInMethods | undefined }
  | { readonly name: 'chosen'; readonly method: SecondFactorMethod }
  | { readonly name: 'left'; readonly to: string }
  | { readonly name: 'back' };

export const beginning: Extract<SignInState, { name: 'first' }> = {
  name: 'first',
  methods: undefined,
  busy: undefined,
  problem: undefined,
};

/** What people have at hand first. */
const preference = ['passkey', 'totp', 'recovery_code'] as const satisfies readonly SecondFactorMethod[];

/** Pure: the state after an event. Events that mean nothing in a state leave it as it is. */
export function step(state: SignInState, event: SignInEvent): SignInState {
  switch (event.name) {
    case 'asked':
      return isOpen(state) ? { ...state, busy: event.of, problem: undefined } : state;
    case 'failed':
      return isOpen(state) ? failed(state, event.problem) : state;
    case 'answered':
      return isOpen(state) ? answered(event.result) : state;
    case 'methods_known':
      return state.name === 'first' ? { ...state, methods: event.methods } : state;
    case 'chosen':
      return state.name === 'second' && state.methods.includes(event.method)
        ? { ...state, chosen: event.method, problem: undefined }
        : state;
    case 'left':
      return state.name === 'first' ? { name: 'leaving', to: event.to } : state;
    case 'back':
      return state.name === 'second' ? beginning : state;
  }
}

function isOpen(state: SignInState): state is Extract<SignInState, { busy: unknown }> {
  return state.name === 'first' || state.name === 'second';
}

function failed(state: Extract<SignInState, { busy: unknown }>, problem: SignInProblem): SignInState {
  // The proof of the first factor has run out: it has to be given again.
  if (state.name === 'second' && problem === 'ticket_expired') return { ...beginning, problem };
  return { ...state, busy: undefined, problem };
}

function answered(result: SignInResult): SignInState {
  switch (result.state) {
    case 'signed_in':
      return { name: 'done', me: result.me };
    case 'second_factor': {
      const { ticket, methods, passkey } = result;
      const chosen = preference.find((one) => methods.includes(one)) ?? 'totp';
      return { name: 'second', ticket, methods, chosen, passkey, busy: undefined, problem: undefined };
    }
  }
}

/** What comes after the `@`, where it can be a company's domain already. */
export function domainOf(email: string): string | undefined {
  return /@((?:[\w-]+\.)+[a-z]{2,})$/iu.exec(email.trim())?.[1]?.toLowerCase();
}

export type TypedCode =
  | { readonly method: 'totp' | 'recovery_code'; readonly code: string }
  | { readonly problem: 'missing_code' | 'code_invalid' };

const SIX_DIGITS = /^\d{6}$/u;
const RECOVERY_CODE_MIN = 8;

/**
 * What was typed as the second factor. Apps show six digits, often in two groups; whoever types a recovery code where the app's is asked for means it all the
 * same. What the contract would refuse anyhow is not the right code.
 */
export function readCode(
  typed: string,
  chosen: 'totp' | 'recovery_code',
  methods: readonly SecondFactorMethod[],
): TypedCode {
  const code = typed.trim();
  if (code === '') return { problem: 'missing_code' };
  const digits = code.replaceAll(/\s/gu, '');
  if (chosen === 'totp' && SIX_DIGITS.test(digits)) return { method: 'totp', code: digits };
  if (methods.includes('recovery_code') && code.length >= RECOVERY_CODE_MIN) {
    return { method: 'recovery_code', code };
  }
  return { problem: 'code_invalid' };
}
