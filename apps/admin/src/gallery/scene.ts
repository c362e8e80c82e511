import { Me, type Account, type ErrorCode, type Role } from '@offhook/contract';
import { OffhookError } from '@offhook/contract';
import type { ReactNode } from 'react';
import type { HttpRequest, HttpResponse } from '../api/http.ts';

/** What the service answers to `METHOD /path` (without its query; `:id` stands for any one part): a body, or a function of the request. */
export type Answer = object | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>);
export type Answers = Readonly<Record<string, Answer>>;

export interface Scene {
  /** The page, with its query and fragment. */
  readonly path: string;
  readonly answers: Answers;
  /** Of events; `quiet` where nothing is said. */
  readonly stream?: 'quiet' | 'away';
  /** A part alone, in place of a page. */
  readonly element?: ReactNode;
}

export const ok = (body?: unknown): HttpResponse => ({ status: body === undefined ? 204 : 200, body });

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  unauthenticated: 401,
  invalid_credentials: 401,
};

export const refuse = (code: ErrorCode, fields?: string[]): HttpResponse => ({
  status: statuses[code] ?? 409,
  body: { error: new OffhookError(code, fields === undefined ? {} : { fields }).toWire() },
});

/** An answer that never comes: pages that load. */
export const never = (): Promise<HttpResponse> => new Promise(() => undefined);

/** The fixtures' now, for what is shown as “5 minutes ago”. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const now = Date.now();

export function personOf(role: Role): Me {
  return Me.parse({
    userId: 'usr_0000000000000000000001',
    tenantId: 'ten_0000000000000000000001',
    tenantName: role === 'provider' ? 'Offhook' : 'Berger & Söhne GmbH',
    email: role === 'provider' ? 'nora@provider.example' : 'anna@berger.example',
    name: role === 'provider' ? 'Nora Lindqvist' : 'Anna Berger',
    role,
  });
}

export const account: Account = {
  email: 'anna@berger.example',
  name: 'Anna Berger',
  language: 'en',
  hasPassword: true,
  totp: false,
  recoveryCodesLeft: 0,
  passkeys: [],
  secondFactorMissing: false,
};

export const signedIn = (role: Role): Answers => ({
  'GET /api/session': { me: personOf(role) },
  'GET /api/account': account,
  'PATCH /api/account': () => ok(),
  'DELETE /api/session': () => ok(),
});
export const signedOut: Answers = { 'GET /api/session': { me: null } };

/** A page of the portal or console, as somebody of the role sees it. */
export const pageScene = (role: Role, path: string, answers: Answers = {}): Scene => ({
  path,
  answers: { ...signedIn(role), ...answers },
});
/** A page of whoever is not signed in. */
export const openScene = (path: string, answers: Answers = {}): Scene => ({
  path,
  answers: { ...signedOut, ...answers },
});
