import type { SsoFault } from '@offhook/contract';

const DETAIL_CHARS = 500;

/** Why somebody does not come in through their company. `detail` is for its administrator: bounded, without secrets. */
export class SsoProblem extends Error {
  readonly fault: SsoFault;
  readonly detail: string;

  constructor(fault: SsoFault, detail: string, cause?: unknown) {
    const bounded = detail.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, DETAIL_CHARS);
    super(`${fault}: ${bounded}`, { cause });
    this.name = 'SsoProblem';
    this.fault = fault;
    this.detail = bounded;
  }
}
