import {
  OffhookError,
  PasskeyChallenge,
  SignInMethods,
  SignInResult,
  type PasskeyAssertion,
  type SecondFactorAnswer,
} from '@offhook/contract';

/** What a sign-in asks the service. Everything rejects with `OffhookError`. */
export interface SignInApi {
  signIn(email: string, password: string): Promise<SignInResult>;
  secondFactor(answer: SecondFactorAnswer): Promise<SignInResult>;
  /** By the address's domain; tells nothing of whether the address has an account. */
  methods(email: string): Promise<SignInMethods>;
  passkeyOptions(): Promise<PasskeyChallenge>;
  passkey(assertion: PasskeyAssertion): Promise<SignInResult>;
}

/** How an application talks to the service: the body of a good answer; rejects with `OffhookError`. */
export type Ask = (request: {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}) => Promise<unknown>;

interface Schema<T> {
  safeParse(
    body: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: unknown };
}

export function createSignInApi(ask: Ask): SignInApi {
  const post = async <T>(path: string, answer: Schema<T>, body?: unknown): Promise<T> =>
    read(answer, await ask({ method: 'POST', path, ...(body === undefined ? {} : { body }) }));
  return {
    signIn: (email, password) => post('/api/session', SignInResult, { email, password }),
    secondFactor: (answer) => post('/api/session/second-factor', SignInResult, answer),
    async methods(email) {
      const path = `/api/sign-in-methods?${new URLSearchParams({ email }).toString()}`;
      return read(SignInMethods, await ask({ method: 'GET', path }));
    },
    passkeyOptions: () => post('/api/session/passkey/options', PasskeyChallenge),
    passkey: (assertion) => post('/api/session/passkey', SignInResult, assertion),
  };
}

/** An answer that breaks the contract is the service's fault. */
function read<T>(schema: Schema<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new OffhookError('internal', { cause: parsed.error });
}
