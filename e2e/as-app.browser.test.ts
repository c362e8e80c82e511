import { openPushService, type TestPushService } from '@offhook/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person, type Window } from './src/person.ts';
import { startProduct, type Product } from './src/product.ts';
import { SOON, until } from './src/until.ts';

/* The phone as an app: calls without a window, several windows, telephone links, and no network. */

let product: Product;
let anna: Person;
let ben: Person;
let pushes: TestPushService;
beforeAll(async () => {
  product = await startProduct({ env: { OFFHOOK_PUSH: 'private' } });
  anna = await Person.sitDown(product, 'anna@demo.example', { tone: 1_000 });
  ben = await Person.sitDown(product, 'ben@demo.example', { tone: 700 });
  pushes = await openPushService();
});
afterAll(async () => {
  pushes.close();
  await Promise.all([anna.leave(), ben.leave()]);
  await product.close();
});

/** The worker has taken the page, so that it is there when the page is not. */
async function controlled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller !== null) return;
    await new Promise((resolve) =>
      serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
  });
}

/** What a push service hands to the browser, in the page's place. */
async function deliver(page: Page, data: unknown): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first !== undefined) resolve(first.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const { origin } = new URL(product.facts.url);
  await session.send('ServiceWorker.deliverPushMessage', {
    origin,
    registrationId: await registered,
    data: JSON.stringify(data),
  });
  await session.detach();
}

const shown = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { registration } = { registration: await navigator.serviceWorker.ready };
    return (await registration.getNotifications()).map(({ title }) => title);
  });

const notes = (of: Window) => of.page.evaluate(() => (globalThis as unknown as { notes: number }).notes);

/** Presses a button of the notification that is shown. */
async function pressInNotification(window: Window, action: string): Promise<void> {
  const [worker] = window.context.serviceWorkers();
  if (worker === undefined) throw new Error('There is no service worker.');
  await worker.evaluate(async (button) => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      NotificationEvent: new (name: string, of: object) => Event;
      dispatchEvent: (event: Event) => boolean;
    };
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification, action: button }));
  }, action);
}

describe('[D2] a call without a window of the phone', () => {
  it('is pushed, shown with its buttons in the person’s words, rejected from there, and answered in a window that opens for it', async () => {
    await using hers = await anna.openWindow();
    await using his = await ben.openWindow();
    await hers.context.grantPermissions(['notifications'], { origin: new URL(product.facts.url).origin });
    await controlled(hers.page);
    const status = await hers.page.evaluate(async (subscription) => {
      const response = await fetch('/api/push/subscription', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(subscription),
      });
      return response.status;
    }, pushes.browser());
    expect(status).toBe(204);
    // A page of the service, from which notifications can be seen; it is no phone and rings for nobody.
    await hers.page.goto(new URL('/account/security', product.facts.url).href);

    await his.dial('101');
    const rejected = await pushes.next();
    expect(rejected.message).toMatchObject({ kind: 'ringing', name: 'Ben Carter' });
    await deliver(hers.page, rejected.message);
    await until(
      'a notification',
      () => shown(hers.page),
      (titles) => titles.includes('Ben Carter is calling'),
    );
    await pressInNotification(hers, 'reject');
    await his.expectStatus(/Ended/u);
    expect(await shown(hers.page)).toEqual([]);
    await his.quiet();
    await pushes.next();

    await his.dial('101');
    const answered = (await pushes.next()).message as { callId: string };
    await hers.page.goto(new URL(`/#answer=${answered.callId}`, product.facts.url).href);
    await hers.expectStatus(/Connected/u);
    await his.expectStatus(/Connected/u);
    expect(new URL(hers.page.url()).hash).toBe('#dial');
    await his.press('Hang up');
  });
});

describe('[D2] several windows of one browser', () => {
  it('one of them rings; where it is closed another takes over, and a running call stays where it is', async () => {
    await using his = await ben.openWindow();
    await using first = await anna.openWindow();
    // Each note that a window plays is counted.
    await first.context.addInitScript(() => {
      // Called with its oscillator below.
      // oxlint-disable-next-line typescript/unbound-method
      const { start } = OscillatorNode.prototype;
      const heard = globalThis as unknown as { notes: number };
      heard.notes = 0;
      OscillatorNode.prototype.start = function (when?: number) {
        heard.notes += 1;
        start.call(this, when);
      };
    });
    await first.page.reload();
    await first.expectReady();
    await first.numberField.click();
    const second = await first.openTab();
    await second.numberField.click();

    await his.dial('101');
    await Promise.all([first.expectRinging(), second.expectRinging()]);
    await until(
      'the first to sound',
      () => notes(first),
      (count) => count > 0,
    );
    expect(await notes(second)).toBe(0);

    await second.press('Answer');
    await second.expectStatus(/Connected/u);
    await first.page.close();
    await second.expectStatus(/Connected/u);
    await second.press('Hang up');
    await second.quiet();
    await his.quiet();

    await his.dial('101');
    await second.expectRinging();
    await until(
      'the other to sound',
      () => notes(second),
      (count) => count > 0,
    );
    await his.press('Hang up');
  });

  it('a telephone link comes into the dial field and calls nobody; without a network the page opens and says what is wrong', async () => {
    await using hers = await anna.openWindow();
    await controlled(hers.page);
    await hers.page.goto(`${product.facts.url}/#dial=${encodeURIComponent('tel:+49-30-123')}`);
    await until(
      'the number',
      () => hers.numberField.inputValue(),
      (text) => text === '+4930123',
    );
    expect(await hers.page.getByRole('article').count()).toBe(0);

    await hers.context.setOffline(true);
    await hers.page.reload();
    await hers.expectText(/The service cannot be reached/u, SOON);
    await hers.context.setOffline(false);
    await hers.expectReady();
  });
});
