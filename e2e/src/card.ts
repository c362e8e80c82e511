import type { Locator, Page } from 'playwright-core';
import { SOON, until } from './until.ts';

/** The card of one call on the screen, by the name of the other side. */
export class Card {
  readonly #page: Page;
  readonly #name: string;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#name = name;
  }

  /** Where an ended call of the same person is still shown, the one that has buttons counts. */
  get article(): Locator {
    return this.#page.getByRole('article', { name: this.#name }).first();
  }

  button(name: string): Locator {
    return this.article.getByRole('button', { name, exact: true });
  }

  async press(button: string): Promise<void> {
    await this.button(button).click({ timeout: SOON });
  }

  /** Chooses in the list of places where the call can go. */
  async move(to: string | RegExp): Promise<void> {
    await this.article.getByRole('button', { name: /^Where this call is/u }).click({ timeout: SOON });
    await this.#page.getByRole('menuitem', { name: to }).click({ timeout: SOON });
  }

  /** In the panel that a press of `opens` has opened: types, and takes the person whom the list shows, or the number. */
  async choose(opens: string, typed: string, person?: string): Promise<void> {
    await this.press(opens);
    await this.article.getByLabel('Person or number', { exact: true }).fill(typed);
    if (person !== undefined) {
      await this.article.getByRole('option', { name: person }).click({ timeout: SOON });
    }
  }

  async expect(pattern: RegExp, within: number = SOON): Promise<void> {
    await until(
      `the card of ${this.#name} to show ${pattern}`,
      () => this.#text(),
      (text) => pattern.test(text),
      within,
    );
  }

  async expectNot(pattern: RegExp): Promise<void> {
    await until(
      `the card of ${this.#name} not to show ${pattern}`,
      () => this.#text(),
      (text) => !pattern.test(text),
    );
  }

  async expectGone(): Promise<void> {
    await this.article.waitFor({ state: 'hidden', timeout: SOON });
  }

  async #text(): Promise<string> {
    return (await this.article.isVisible()) ? await this.article.innerText() : '';
  }
}
