import { randomBytes } from 'node:crypto';
import {
  OffhookError,
  SSO_ERROR_PARAMETER,
  SSO_TEST_PARAMETER,
  type SsoTest,
  type TenantId,
} from '@offhook/contract';
import { writeAudit, type Actor } from '../audit/audit.ts';
import { createAttempts } from '../attempts.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { From, OpenedSession, Sessions } from '../sign-in/sessions.ts';
import type { UserWriter } from '../users/writer.ts';
import { redirectUri, serviceProvider, startPath } from './addresses.ts';
import {
  addAttempt,
  addTest,
  answerAttempt,
  concludeTest,
  cookieNameOf,
  findAttempt,
  findTest,
  newAttempt,
  rememberAssertion,
  removeAttempt,
  type Attempt,
  type Kept,
} from './attempts.ts';
import { findTenant, hashSettings, readConnection, type Connection } from './connections.ts';
import { findOrCreate } from './entrance.ts';
import { SsoProblem } from './fault.ts';
import { identityOf, type Identity } from './identity.ts';
import type { Oidc, OidcConnection } from './oidc.ts';
import { returnPath, withParameter } from './return-path.ts';
import { acceptResponse } from './saml/response.ts';
import { signOnAddress } from './saml/service-provider.ts';

/** Where the browser goes next, and what it takes along. */
export type Next = {
  location: string;
  cookie?: { name: string; value: string };
  /** An attempt's cookie that is of no use any more. */
  spent?: string;
  opened?: OpenedSession;
};

export type Cookies = Record<string, string | undefined>;
export type Browser = From & { requestId: string };

/** Starts of one address. A company's people may share one. */
const starts = { limit: 300, windowMs: 5 * 60_000, keys: 20_000 };
const TEST_PAGE = '/admin/sign-in';

export type FlowOptions = {
  database: Database;
  secrets: SecretBox;
  sessions: Sessions;
  writer: UserWriter;
  oidc: Oidc;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
};

export type Flow = ReturnType<typeof createFlow>;

/**
 * A browser's way to the identity provider and back:
 *
 *     start ──► provider ──► oidc callback ───────────────► signed in
 *                       └──► saml acs (a POST from elsewhere, ──► finish ──► signed in
 *                            to which no cookie comes along)
 *
 * A state ties the two ends together: random, stored hashed, for 10 minutes, used once, and only by the browser that has the start's cookie.
 */
export function createFlow(options: FlowOptions) {
  const { database, secrets, sessions, writer, oidc, metrics, log } = options;
  const ofAddress = createAttempts(starts);

  const tenantOf = async (ssoId: string): Promise<TenantId> => {
    const tenantId = await findTenant(database, ssoId);
    if (tenantId === undefined) throw new OffhookError('not_found');
    return tenantId;
  };

  /** The end of a way on which nobody came in: told on the page, and to whoever tests. */
  const refused = async (
    connection: Pick<Connection, 'tenantId' | 'ssoId'>,
    attempt: { testId: string | undefined; returnTo: string },
    problem: SsoProblem,
    email?: string,
  ): Promise<Next> => {
    const { tenantId, ssoId } = connection;
    const { fault } = problem;
    const { testId, returnTo } = attempt;
    // The detail names people: it is for whoever tests.
    log.info({ tenantId, ssoId, testId, fault }, 'single sign-on refused');
    metrics.signIns.inc({ outcome: 'sso_refused' });
    if (testId === undefined) return { location: withParameter(returnTo, SSO_ERROR_PARAMETER, fault) };
    await database.inTenant(tenantId, (trx) => concludeTest(trx, testId, { failed: problem, email }));
    return { location: withParameter(returnTo, SSO_TEST_PARAMETER, testId) };
  };

  /** @throws OffhookError `not_found`, `rate_limited` */
  const start = async (
    ssoId: string,
    asked: { return?: string | undefined; test?: string | undefined },
    origin: string,
    browser: Browser,
  ): Promise<Next> => {
    const wait = ofAddress.take(browser.address);
    if (wait > 0) {
      countLimit(metrics, 'sso_start_rate');
      throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    }
    const tenantId = await tenantOf(ssoId);
    const testId = asked.test;
    const { connection, test } = await database.inTenant(tenantId, async (trx) => ({
      connection: await readConnection(trx, secrets, tenantId),
      test: testId === undefined ? undefined : await findTest(trx, testId),
    }));
    if (connection === undefined) throw new OffhookError('not_found');
    if (testId === undefined ? !connection.enabled : test?.state !== 'waiting')
      throw new OffhookError('not_found');
    const returnTo = returnPath(asked.return, testId === undefined ? '/' : TEST_PAGE);
    const hash = hashSettings(connection);
    try {
      if (test?.settingsHash.equals(hash) === false)
        throw stateUnknown('The settings were changed after this test began.');
      const { state, browser: browserToken } = newAttempt();
      const kept: Kept = { origin, returnTo, settingsHash: hash.toString('hex') };
      const location = await begin(connection, state, kept, testId !== undefined);
      await database.inTenant(tenantId, (trx) =>
        addAttempt(trx, secrets, tenantId, { state, browser: browserToken, testId, kept }),
      );
      return { location, cookie: { name: cookieNameOf(state), value: browserToken } };
    } catch (error) {
      return refused(connection, { testId, returnTo }, asProblem(error));
    }
  };

  /** The provider's address; what has to be kept until the answer is written into `kept`. */
  const begin = async (
    connection: Connection,
    state: string,
    kept: Kept,
    isTest: boolean,
  ): Promise<string> => {
    const { ssoId, settings } = connection;
    if (settings.kind === 'saml') {
      kept.samlRequestId = `_${randomBytes(20).toString('hex')}`;
      return signOnAddress(serviceProvider(kept.origin, ssoId), settings, kept.samlRequestId, state);
    }
    const begun = await oidc.begin(
      oidcOf(connection, settings),
      redirectUri(kept.origin, ssoId),
      state,
      isTest,
    );
    kept.oidc = begun.kept;
    return begun.url;
  };

  /** The connection as it was when the attempt began, and still in use. @throws SsoProblem `state_unknown` */
  const connectionOf = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    { kept, testId }: Attempt,
  ): Promise<Connection> => {
    const connection = await readConnection(trx, secrets, tenantId);
    if (connection?.enabled === false && testId === undefined)
      throw stateUnknown('Single sign-on was switched off meanwhile.');
    if (connection === undefined || hashSettings(connection).toString('hex') !== kept.settingsHash)
      throw stateUnknown('The settings were changed meanwhile.');
    return connection;
  };

  /**
   * Back at this service. The attempt is used up whatever becomes of it, but only by the browser that began it: others cannot end it.
   * @param work decides in the same transaction; a problem that it throws ends the way
   */
  const comeBack = async <T>(
    at: { tenantId: TenantId; ssoId: string; state: string; cookies: Cookies; answered: boolean },
    work: (trx: TenantTransaction, attempt: Attempt) => Promise<T>,
  ): Promise<{ attempt: Attempt; done: T } | { next: Next }> => {
    const { tenantId, ssoId, state, cookies, answered } = at;
    const name = cookieNameOf(state);
    const outcome = await database.inTenant(tenantId, async (trx) => {
      const attempt = await findAttempt(trx, secrets, tenantId, state);
      if (attempt === undefined || attempt.answered !== answered)
        return { problem: stateUnknown('This sign-in took too long, or was used already.') };
      if (!attempt.isOf(cookies[name]))
        return { attempt, problem: stateUnknown('The answer came to a browser that did not begin.') };
      await removeAttempt(trx, attempt);
      try {
        return { back: { attempt, done: await work(trx, attempt) } };
      } catch (error) {
        return { attempt, problem: asProblem(error) };
      }
    });
    if (outcome.problem === undefined) return outcome.back;
    const end = { testId: outcome.attempt?.testId, returnTo: outcome.attempt?.kept.returnTo ?? '/' };
    return { next: { ...(await refused({ tenantId, ssoId }, end, outcome.problem)), spent: name } };
  };

  /** Who came has been proved: a session, or the good end of a test. */
  const enter = async (
    connection: Connection,
    attempt: Attempt,
    identity: Identity,
    browser: Browser,
  ): Promise<Next> => {
    const { tenantId, settings } = connection;
    const { testId } = attempt;
    const { returnTo } = attempt.kept;
    const isTest = testId !== undefined;
    try {
      const opened = await database.inTenant(tenantId, async (trx) => {
        const userId = await findOrCreate(trx, writer, connection, identity, { isTest, ...browser });
        if (testId !== undefined) return concludeTest(trx, testId, { passed: identity });
        if (userId === undefined) throw new OffhookError('internal');
        // Whether a second factor was asked for is the company's to decide.
        const proved = { tenantId, userId, method: settings.kind, secondFactor: true, ...browser };
        return sessions.open(trx, proved);
      });
      if (opened === undefined || testId !== undefined)
        return { location: withParameter(returnTo, SSO_TEST_PARAMETER, testId ?? '') };
      const { me, sessionId } = opened;
      metrics.signIns.inc({ outcome: 'ok' });
      log.info(
        { tenantId, userId: me.userId, sessionId, address: browser.address, method: settings.kind },
        'signed in',
      );
      return { location: returnTo, opened };
    } catch (error) {
      return refused(connection, { testId, returnTo }, asProblem(error), identity.email);
    }
  };

  /** @param search the query as it came */
  const oidcCallback = async (
    ssoId: string,
    search: string,
    cookies: Cookies,
    browser: Browser,
  ): Promise<Next> => {
    const tenantId = await tenantOf(ssoId);
    const [state, second] = new URLSearchParams(search).getAll('state');
    if (state === undefined || second !== undefined)
      return refused(
        { tenantId, ssoId },
        { testId: undefined, returnTo: '/' },
        stateUnknown('There is no state.'),
      );
    const back = await comeBack(
      { tenantId, ssoId, state, cookies, answered: false },
      async (trx, attempt) => {
        const { kept } = attempt;
        const connection = await connectionOf(trx, tenantId, attempt);
        const { settings } = connection;
        if (settings.kind !== 'oidc' || kept.oidc === undefined) throw stateUnknown('This began otherwise.');
        return { connection, settings, secret: kept.oidc };
      },
    );
    if ('next' in back) return back.next;
    const { attempt } = back;
    const { connection, settings, secret } = back.done;
    const { testId, kept } = attempt;
    const spent = cookieNameOf(state);
    let identity: Identity;
    try {
      const url = new URL(redirectUri(kept.origin, ssoId) + search);
      identity = await oidc.finish(oidcOf(connection, settings), url, state, secret);
    } catch (error) {
      return { ...(await refused(connection, { testId, returnTo: kept.returnTo }, asProblem(error))), spent };
    }
    return { ...(await enter(connection, attempt, identity, browser)), spent };
  };

  /** The response by POST. What it proves waits for the browser's cookie, which comes along only when the browser asks by GET. */
  const samlResponse = async (ssoId: string, form: { response: string; state: string }): Promise<Next> => {
    const tenantId = await tenantOf(ssoId);
    const { state } = form;
    const outcome = await database.inTenant(tenantId, async (trx) => {
      const attempt = await findAttempt(trx, secrets, tenantId, state);
      if (attempt === undefined)
        return { problem: stateUnknown('This sign-in took too long, was used already, or began elsewhere.') };
      if (attempt.answered)
        return { attempt, problem: new SsoProblem('assertion_replayed', 'The response came twice.') };
      try {
        await acceptSaml(trx, tenantId, attempt, form.response);
        return { attempt };
      } catch (error) {
        await removeAttempt(trx, attempt);
        return { attempt, problem: asProblem(error) };
      }
    });
    const { attempt, problem } = outcome;
    if (problem === undefined)
      return { location: `/api/sso/saml/${ssoId}/finish?state=${encodeURIComponent(state)}` };
    const end = { testId: attempt?.testId, returnTo: attempt?.kept.returnTo ?? '/' };
    return refused({ tenantId, ssoId }, end, problem);
  };

  const acceptSaml = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    attempt: Attempt,
    response: string,
  ): Promise<void> => {
    const { kept } = attempt;
    const connection = await connectionOf(trx, tenantId, attempt);
    const { ssoId, settings } = connection;
    if (settings.kind !== 'saml' || kept.samlRequestId === undefined)
      throw stateUnknown('This began otherwise.');
    const asserted = await acceptResponse(settings, response, {
      provider: serviceProvider(kept.origin, ssoId),
      requestId: kept.samlRequestId,
      now: Date.now(),
    });
    const { assertionId, expiresAt } = asserted;
    if (!(await rememberAssertion(trx, tenantId, { issuer: settings.entityId, assertionId, expiresAt })))
      throw new SsoProblem('assertion_replayed', 'This assertion has been used already.');
    await answerAttempt(trx, secrets, tenantId, attempt, { ...kept, who: identityOf(asserted, connection) });
  };

  const samlFinish = async (
    ssoId: string,
    state: string,
    cookies: Cookies,
    browser: Browser,
  ): Promise<Next> => {
    const tenantId = await tenantOf(ssoId);
    const back = await comeBack({ tenantId, ssoId, state, cookies, answered: true }, async (trx, attempt) => {
      const { kept } = attempt;
      const connection = await connectionOf(trx, tenantId, attempt);
      if (kept.who === undefined) throw stateUnknown('This began otherwise.');
      return { connection, who: kept.who };
    });
    if ('next' in back) return back.next;
    const { connection, who } = back.done;
    return { ...(await enter(connection, back.attempt, who, browser)), spent: cookieNameOf(state) };
  };

  /** @throws OffhookError `not_found`: nothing is set up */
  const beginTest = (tenantId: TenantId, actor: Actor, origin: string): Promise<SsoTest> =>
    database.inTenant(tenantId, async (trx) => {
      const connection = await readConnection(trx, secrets, tenantId);
      if (connection === undefined) throw new OffhookError('not_found');
      const { ssoId, name } = connection;
      const testId = await addTest(trx, tenantId, hashSettings(connection));
      await writeAudit(trx, tenantId, actor, {
        action: 'sso.test',
        subject: { kind: 'sso', id: ssoId, name },
      });
      return shownTest(ssoId, { testId, state: 'waiting' }, origin);
    });

  /** @throws OffhookError `not_found` */
  const readTest = (tenantId: TenantId, testId: string, origin: string): Promise<SsoTest> =>
    database.inTenant(tenantId, async (trx) => {
      const test = await findTest(trx, testId);
      const connection = await readConnection(trx, secrets, tenantId);
      if (test === undefined || connection === undefined) throw new OffhookError('not_found');
      return shownTest(connection.ssoId, test, origin);
    });

  return { start, oidcCallback, samlResponse, samlFinish, beginTest, readTest, tenantOf };
}

const asProblem = (error: unknown): SsoProblem => {
  if (error instanceof SsoProblem) return error;
  // What a session is refused for: the person is no longer there, or the tenant is going.
  if (error instanceof OffhookError && error.code === 'invalid_credentials')
    return new SsoProblem('user_disabled', 'The account is disabled.', error);
  throw error;
};

const stateUnknown = (detail: string) => new SsoProblem('state_unknown', detail);

const shownTest = (ssoId: string, test: Omit<SsoTest, 'startUrl'>, origin: string): SsoTest => {
  const { testId, state, fault, detail, email, name } = test;
  const startUrl = `${origin}${startPath(ssoId)}?test=${encodeURIComponent(testId)}`;
  return {
    testId,
    state,
    startUrl,
    ...(fault === undefined ? {} : { fault }),
    ...(detail === undefined ? {} : { detail }),
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
  };
};

const oidcOf = (connection: Connection, settings: OidcConnection['settings']): OidcConnection => ({
  settings,
  secret: connection.clientSecret,
  domains: connection.domains,
  proved: connection.proved,
  hash: `${connection.tenantId}\n${hashSettings(connection).toString('hex')}`,
});
