import { OffhookError, type Me, type SecondFactorMethod } from '@offhook/contract';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { SignInApi } from './api.ts';
import {
  beginning,
  domainOf,
  readCode,
  step,
  type SignInEvent,
  type SignInProblem,
  type SignInState,
} from './flow.ts';
import type { Passkeys } from './passkeys.ts';

export interface SignInPorts {
  readonly api: SignInApi;
  readonly passkeys: Passkeys;
  readonly onSignedIn: (me: Me) => void;
  /** Goes to the company's own sign-in page. */
  readonly leave: (url: string) => void;
}

export interface SignIn {
  readonly state: SignInState;
  password(email: string, password: string): Promise<void>;
  code(code: string): Promise<void>;
  /** As the first factor, or as the second. */
  passkey(): Promise<void>;
  sso(email: string): Promise<void>;
  readonly choose: (method: SecondFactorMethod) => void;
  readonly back: () => void;
  /** The address is typed: which ways its domain has. */
  readonly typed: (email: string) => Promise<void>;
}

const codeOf = (thrown: unknown): SignInProblem => OffhookError.from(thrown).code;

/** The flow with the service, the device and the page around it. */
export function useSignIn(ports: SignInPorts): SignIn {
  const { api, passkeys } = ports;
  const [state, send] = useReducer<SignInState, [SignInEvent]>(step, beginning);
  const outside = useRef(ports);
  useEffect(() => {
    outside.current = ports;
  });

  useEffect(() => {
    if (state.name === 'done') outside.current.onSignedIn(state.me);
    if (state.name === 'leaving') outside.current.leave(state.to);
  }, [state]);

  const domain = useRef<string>(undefined);
  const typed = useCallback(
    async (email: string): Promise<void> => {
      const wanted = domainOf(email);
      if (wanted === domain.current) return;
      domain.current = wanted;
      if (wanted === undefined) return send({ name: 'methods_known', methods: undefined });
      try {
        const methods = await api.methods(email.trim());
        if (domain.current === wanted) send({ name: 'methods_known', methods });
      } catch {
        // The password is always worth a try; the service then says what else there is.
        if (domain.current === wanted) domain.current = undefined;
      }
    },
    [api],
  );

  useOfferInField(api, passkeys, state.name === 'first', send);

  async function password(email: string, typedPassword: string): Promise<void> {
    if (email.trim() === '' || typedPassword === '') {
      return send({ name: 'failed', problem: 'missing_credentials' });
    }
    send({ name: 'asked', of: 'password' });
    try {
      send({ name: 'answered', result: await api.signIn(email.trim(), typedPassword) });
    } catch (thrown) {
      const problem = codeOf(thrown);
      send({ name: 'failed', problem });
      if (problem === 'sso_required') void typed(email);
    }
  }

  async function code(typedCode: string): Promise<void> {
    if (state.name !== 'second' || state.chosen === 'passkey') return undefined;
    const { ticket, chosen, methods } = state;
    const typed = readCode(typedCode, chosen, methods);
    if ('problem' in typed) return send({ name: 'failed', problem: typed.problem });
    send({ name: 'asked', of: 'code' });
    try {
      send({ name: 'answered', result: await api.secondFactor({ ticket, ...typed }) });
    } catch (thrown) {
      send({ name: 'failed', problem: codeOf(thrown) });
    }
    return undefined;
  }

  async function passkey(): Promise<void> {
    send({ name: 'asked', of: 'passkey' });
    try {
      const second = state.name === 'second' ? state : undefined;
      const challenge =
        second === undefined
          ? await api.passkeyOptions()
          : { ticket: second.ticket, options: second.passkey };
      const outcome = await passkeys.get(challenge.options);
      if (outcome.name !== 'given') {
        return send({
          name: 'failed',
          problem: outcome.name === 'cancelled' ? 'passkey_cancelled' : 'passkey_failed',
        });
      }
      const { ticket } = challenge;
      const { response } = outcome;
      const result = await (second === undefined
        ? api.passkey({ ticket, response })
        : api.secondFactor({ ticket, method: 'passkey', response }));
      send({ name: 'answered', result });
    } catch (thrown) {
      send({ name: 'failed', problem: codeOf(thrown) });
    }
    return undefined;
  }

  async function sso(email: string): Promise<void> {
    if (domainOf(email) === undefined) return send({ name: 'failed', problem: 'missing_email' });
    send({ name: 'asked', of: 'sso' });
    try {
      const methods = await api.methods(email.trim());
      send({ name: 'methods_known', methods });
      if (methods.sso === undefined) send({ name: 'failed', problem: 'no_sso' });
      else send({ name: 'left', to: methods.sso.startUrl });
    } catch (thrown) {
      send({ name: 'failed', problem: codeOf(thrown) });
    }
    return undefined;
  }

  return {
    state,
    password,
    code,
    passkey,
    sso,
    typed,
    choose: (method) => send({ name: 'chosen', method }),
    back: () => send({ name: 'back' }),
  };
}

/** Where the browser can, passkeys are offered in the e-mail field, from the first moment on. */
function useOfferInField(
  api: SignInApi,
  passkeys: Passkeys,
  wanted: boolean,
  send: (event: SignInEvent) => void,
): void {
  useEffect(() => {
    if (!wanted) return undefined;
    let over = false;
    const offer = async (): Promise<void> => {
      if (!passkeys.supported() || !(await passkeys.autofill()) || over) return;
      const { ticket, options } = await api.passkeyOptions();
      if (over) return;
      const outcome = await passkeys.get(options, { autofill: true });
      if (over || outcome.name !== 'given') return;
      send({ name: 'asked', of: 'passkey' });
      try {
        send({ name: 'answered', result: await api.passkey({ ticket, response: outcome.response }) });
      } catch (thrown) {
        send({ name: 'failed', problem: codeOf(thrown) });
      }
    };
    // Nobody asked for it: where it cannot be, nothing is said.
    offer().catch(() => undefined);
    return () => {
      over = true;
      passkeys.cancel();
    };
  }, [api, passkeys, wanted, send]);
}
