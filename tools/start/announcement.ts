import { worthDialling } from './demo.ts';
import type { StartOptions } from './options.ts';
import type { ProductFacts } from './product.ts';

/** Pure: what the terminal shows when everything serves. */
export function announcement(facts: ProductFacts, options: StartOptions, milliseconds: number): string {
  const widest = Math.max(...facts.accounts.map(({ email }) => email.length));
  const accounts = facts.accounts.map(
    ({ email, password, name }) => `    ${email.padEnd(widest)}   ${password}   (${name})`,
  );
  const numbers = worthDialling.map(([number, what]) => `    ${number}   ${what}`);
  const { outboxUrl, firstProviderUrl } = facts;
  return [
    '',
    `Offhook is ready (${(milliseconds / 1000).toFixed(1)} s).`,
    '',
    `  The phone:        ${facts.url}`,
    `  The practice PBX: ${facts.pbxUrl}   (desk phones to call from; SIP at ${facts.pbxSip})`,
    ...(outboxUrl === undefined ? [] : [`  Mails it sends:   ${outboxUrl}`]),
    '',
    ...(firstProviderUrl === undefined
      ? []
      : [
          '  Nobody manages the service yet. Make the first provider account here (once, within 24 hours):',
          `    ${firstProviderUrl}`,
          '',
        ]),
    '  Accounts, with the passwords they were created with:',
    ...accounts,
    '',
    '  Numbers worth dialling:',
    ...numbers,
    '',
    `  Data and logs: ${options.dataDir}`,
    '  Ctrl-C ends everything; the data stay.',
    '',
  ].join('\n');
}
