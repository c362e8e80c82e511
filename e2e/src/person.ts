import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { Card } from './card.ts';
import { launchBrowser, type Microphone } from './chromium.ts';
import type { Product } from './product.ts';
import { SettingsPage } from './settings-page.ts';
import { SOON, until } from './until.ts';

/** A person at a browser of their own: everything is done as they would, by the names that they see. */
export class Person implements AsyncDisposable {
  readonly browser: Browser;
  readonly #url: string;
  readonly #email: string;
  readonly #password: string;

  private constructor(browser: Browser, url: string, email: string, password: string) {
    this.browser = browser;
    this.#url = url;
    this.#email = email;
    this.#password = password;
  }

  static async sitDown(product: Product, email: string, microphone: Microphone): Promise<Person> {
    return await Person.at(product.facts.url, email, product.passwordOf(email), microphone);
  }

  static async at(url: string, email: string, password: string, microphone: Microphone): Promise<Person> {
    return new Person(await launchBrowser(microphone), url, email, password);
  }

  /** A new window (nothing shared with others, as on another machine) with the phone, signed in. */
  async openWindow(): Promise<Window> {
    const window = await this.openSignIn();
    await window.signIn(this.#email, this.#password);
    await window.expectReady();
    return window;
  }

  /** A new window that shows the sign-in page. */
  async openSignIn(): Promise<Window> {
    const context = await this.browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1100, height: 760 },
    });
    const page = await context.newPage();
    await page.goto(this.#url);
    return new Window(context, page);
  }

  async leave(): Promise<void> {
    await this.browser.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}

/** One tab of the phone. */
export class Window implements AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Another tab of the same window: it shares the session. */
  async openTab(): Promise<Window> {
    const page = await this.context.newPage();
    await page.goto(this.page.url());
    const tab = new Window(this.context, page);
    await tab.expectReady();
    return tab;
  }

  /** From the next page on, a WebSocket opens `milliseconds` later than it would. */
  async slowDownSocket(milliseconds: number): Promise<void> {
    await this.page.addInitScript((delay) => {
      globalThis.WebSocket = class extends WebSocket {
        override addEventListener(type: string, listener: (event: Event) => void): void {
          const later = (event: Event) => setTimeout(listener, delay, event);
          super.addEventListener(type, type === 'open' ? later : listener);
        }
        override set onopen(listener: (event: Event) => void) {
          this.addEventListener('open', listener);
        }
      };
    }, milliseconds);
    await this.page.reload();
  }

  /**
   * From the next page on, time goes on as it does, and faster when the test says so ({@link pass}). A worker's timers cannot be
   * moved on from outside, so the page is one of a browser that has no workers: the phone then uses the page's own.
   */
  async takeOverClock(): Promise<void> {
    await this.page.clock.install();
    await this.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'));
    await this.page.reload();
    await this.expectReady();
  }

  /** Nobody touches anything for so many milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    await this.page.clock.fastForward(milliseconds);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The card of the call with somebody. */
  card(name: string): Card {
    return new Card(this.page, name);
  }

  get numberField(): Locator {
    return this.page.getByLabel('Name or number', { exact: true });
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel('Email', { exact: true }).fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Sign in').click();
  }

  /** Signed in, and the phone says that it is connected: from now on it is rung. */
  async expectReady(): Promise<void> {
    await this.numberField.waitFor({ state: 'visible', timeout: SOON });
    await this.expectText(/^Online$/mu);
  }

  /** Types a number and presses the button. */
  async dial(number: string): Promise<void> {
    await this.numberField.fill(number);
    await this.press('Call');
  }

  /** Opens a section beside the dial field by its tab. */
  async openSection(name: 'Team' | 'Contacts' | 'Recent'): Promise<void> {
    await this.button(name).filter({ visible: true }).click();
  }

  /** Makes somebody a favourite, in the contacts. */
  async star(name: string): Promise<void> {
    const star = this.page.getByRole('button', { name: `Favourite: ${name}`, exact: true });
    await star.click();
    await this.page.getByRole('button', { name: `Favourite: ${name}`, pressed: true }).waitFor();
  }

  /** Takes a favourite back, on the team panel. */
  async unstar(name: string): Promise<void> {
    await this.button(`More for ${name}`).click();
    await this.page.getByRole('menuitem', { name: 'Remove from favourites' }).click();
  }

  async press(button: string): Promise<void> {
    await this.button(button).click({ timeout: SOON });
  }

  /** Types the beginning of a name, and calls the person whom the list then shows. */
  async callByName(typed: string, name: string): Promise<void> {
    await this.numberField.fill(typed);
    await this.page.getByRole('option', { name }).click({ timeout: SOON });
    await this.press('Call');
  }

  /** What else than calling can be done with what is typed (nothing, for what needs no number). */
  async dialAnotherWay(way: string, typed = ''): Promise<void> {
    await this.numberField.fill(typed);
    await this.press('Other ways to dial');
    await this.page.getByRole('menuitem', { name: way }).click({ timeout: SOON });
  }

  /** Presses keys of the keypad, which opens where it is closed. */
  async pressKeys(keys: string): Promise<void> {
    if (!(await this.button('1').isVisible())) {
      await this.press('Keypad');
    }
    for (const key of keys) {
      await this.press(key);
    }
  }

  /** All that elements of role `status` say now. */
  async status(): Promise<string> {
    return (await this.page.getByRole('status').allInnerTexts()).join('\n');
  }

  async expectStatus(pattern: RegExp, within: number = SOON): Promise<void> {
    const expected = `the status to match ${pattern}`;
    await this.#until(
      expected,
      () => this.status(),
      (text) => pattern.test(text),
      within,
    );
  }

  /** Anywhere in the window. */
  async expectText(pattern: RegExp, within: number = SOON): Promise<void> {
    const expected = `the window to show ${pattern}`;
    await this.#until(
      expected,
      () => this.text(),
      (text) => pattern.test(text),
      within,
    );
  }

  async expectNoText(pattern: RegExp, within: number = SOON): Promise<void> {
    const expected = `the window no longer to show ${pattern}`;
    await this.#until(
      expected,
      () => this.text(),
      (text) => !pattern.test(text),
      within,
    );
  }

  /** All that can be read in the window. */
  text(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  /** Rings: somebody can answer here. */
  async expectRinging(caller?: RegExp): Promise<void> {
    await this.button('Answer').waitFor({ state: 'visible', timeout: SOON });
    if (caller !== undefined) {
      await this.expectText(caller);
    }
  }

  async expectNotRinging(): Promise<void> {
    await this.button('Answer').waitFor({ state: 'hidden', timeout: SOON });
  }

  /** Ends every call, and takes ended ones off the screen. */
  async quiet(): Promise<void> {
    const press = async (name: string): Promise<number> => {
      const buttons = await this.page.getByRole('button', { name, exact: true }).all();
      for (const button of buttons) await button.click({ timeout: 1_000 }).catch(() => undefined);
      return buttons.length;
    };
    await this.#until(
      'no call to be left in the window',
      async () => {
        const pressed = (await press('Hang up')) + (await press('Reject')) + (await press('Dismiss'));
        return String(pressed + (await this.page.getByRole('article').count()));
      },
      (left) => left === '0',
      SOON,
    );
  }

  /** Chooses in the menu of the own status. */
  async chooseStatus(choice: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Your status/u }).click({ timeout: SOON });
    await this.page.getByRole('menuitemradio', { name: choice }).click({ timeout: SOON });
  }

  /** What the list below the dial field says of a person. */
  async expectOption(name: string, pattern: RegExp): Promise<void> {
    const option = this.page.getByRole('option', { name });
    await this.#until(
      `the list to show ${name} as ${pattern}`,
      async () => ((await option.isVisible()) ? option.innerText() : ''),
      (text) => pattern.test(text),
      SOON,
    );
  }

  async openSettings(): Promise<SettingsPage> {
    const button = this.button('Telephone settings');
    if ((await button.getAttribute('aria-pressed', { timeout: SOON })) !== 'true') await button.click();
    return new SettingsPage(this.page);
  }

  /** Closes the window with all its tabs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }

  /** As `until`, with all that can be read in the window where it fails. */
  async #until(
    expected: string,
    look: () => Promise<string>,
    isRight: (text: string) => boolean,
    within: number,
  ): Promise<void> {
    try {
      await until(expected, look, isRight, within);
    } catch (error) {
      throw new Error(`${String(error)}\nThe window shows:\n${await this.text()}`, { cause: error });
    }
  }
}
