import type { Locator, Page } from 'playwright-core';
import { SOON, until } from './until.ts';

export type ForwardingCase = 'Always' | 'When I am on the phone' | 'When I do not answer';
export type ForwardingKind = 'Off' | 'To voicemail' | 'To a number';

/** The telephone settings of one window, which are open. */
export class SettingsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async forward(when: ForwardingCase, kind: ForwardingKind, number?: string): Promise<void> {
    await this.#kindOf(when).click({ timeout: SOON });
    await this.#page.getByRole('option', { name: kind, exact: true }).click({ timeout: SOON });
    if (number !== undefined)
      await this.#save(this.#forwarding.getByLabel('Number', { exact: true }), number);
    await this.expectForwarding(when, kind);
    await this.#settled();
  }

  async expectForwarding(when: ForwardingCase, kind: ForwardingKind, number?: string): Promise<void> {
    await until(
      `forwarding ${when} to be ${kind}`,
      () => this.#kindOf(when).inputValue({ timeout: SOON }),
      (value) => value === kind,
    );
    if (number !== undefined)
      await this.#expectValue(this.#forwarding.getByLabel('Number', { exact: true }), number);
  }

  async setAlternativeNumber(number: string): Promise<void> {
    await this.#save(this.#alternative, number);
    await this.#settled();
  }

  async expectAlternativeNumber(number: string): Promise<void> {
    await this.#expectValue(this.#alternative, number);
  }

  /** One of the choices of routing and busy behaviour, by its words. */
  async choose(option: string): Promise<void> {
    await this.#choice(option).check({ timeout: SOON });
    await this.#settled();
  }

  async expectChosen(option: string): Promise<void> {
    await until(
      `${option} to be chosen`,
      () => this.#choice(option).isChecked({ timeout: SOON }),
      (isChecked) => isChecked,
    );
  }

  async setDoNotDisturb(on: boolean): Promise<void> {
    await this.#doNotDisturb.setChecked(on, { timeout: SOON });
    await this.#settled();
  }

  async expectDoNotDisturb(on: boolean): Promise<void> {
    await until(
      `do not disturb to be ${on ? 'on' : 'off'}`,
      () => this.#doNotDisturb.isChecked({ timeout: SOON }),
      (isChecked) => isChecked === on,
    );
  }

  /** The telephone system has answered, and has taken it. */
  async #settled(): Promise<void> {
    await this.#page.getByText('Changed.').first().waitFor({ state: 'visible', timeout: SOON });
    await this.#page.getByText('Being changed…').waitFor({ state: 'hidden', timeout: SOON });
  }

  async #save(field: Locator, number: string): Promise<void> {
    await field.fill(number, { timeout: SOON });
    await field.press('Enter');
    await this.#expectValue(field, number);
  }

  async #expectValue(field: Locator, number: string): Promise<void> {
    await until(
      `the number ${number}`,
      () => field.inputValue({ timeout: SOON }),
      (value) => value === number,
    );
  }

  #kindOf(when: ForwardingCase): Locator {
    return this.#page.getByRole('combobox', { name: when });
  }

  get #forwarding(): Locator {
    return this.#page.getByRole('region', { name: 'Call forwarding' });
  }

  get #alternative(): Locator {
    return this.#page.getByRole('region', { name: 'Other number' }).getByLabel('Number', { exact: true });
  }

  get #doNotDisturb(): Locator {
    return this.#page.getByRole('switch', { name: 'Do not disturb' });
  }

  #choice(option: string): Locator {
    return this.#page.getByRole('radio', { name: option });
  }
}
