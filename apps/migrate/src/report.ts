import type { ImportProblem } from '@offhook/contract';
import type { Conversion, Unused } from './convert.ts';

/** What is wrong, and what to do about it. */
const words: Record<ImportProblem, string> = {
  email_missing: 'There is no e-mail address. Add it to the export, or make it of the name with a template.',
  email_invalid: 'This is no e-mail address.',
  email_twice: 'Another record before it has the same e-mail address; that one is taken.',
  email_of_other_tenant: 'The address belongs to somebody of another customer. Give this person another one.',
  name_missing: 'There is no name. Map name, or firstName and lastName.',
  number_invalid: 'This is no number that a platform takes. If a spreadsheet made it, export it as text.',
  number_twice: 'Another record has the same number.',
  number_taken: 'Somebody else has this number already.',
  role_invalid:
    'The role is neither user nor admin; or it is admin, which the provisioning API gives to nobody: name administrators in the portal.',
  language_invalid: 'The language is none of en, de, fr, es, it, nl, ca.',
  too_long: 'The value is too long.',
  too_many_columns: 'There are too many columns.',
  seats_exhausted: 'The subscription has no seat left. Ask the provider for more.',
  last_administrator: 'The tenant would be without an administrator.',
  password_missing: 'A new line needs its SIP password; map password.',
  not_an_object: 'This is no subscriber.',
  user_deleted:
    'A person with this address was deleted. Take the deletion back in the portal, or wait until it is final.',
  changed_since: 'The person was changed since.',
};

export const wordsFor = (code: ImportProblem): string => words[code];

export function unusedLine({ row, code, column, value }: Unused): string {
  const where = column === undefined ? '' : `, ${column}`;
  return `row ${row}${where}${value === undefined ? '' : `, “${value}”`}: ${code}: ${words[code]}`;
}

/** What a conversion could not use, for people: counts first, then row by row. */
export function* conversionReport(input: string, { report }: Conversion): Generator<string> {
  yield `${input}: ${report.read} records read, ${report.converted} converted, ${report.leftOut} left out by the mapping, ${report.unusedCount} of no use.\n`;
  const counts = new Map<ImportProblem, number>();
  for (const { code } of report.unused) counts.set(code, (counts.get(code) ?? 0) + 1);
  for (const [code, count] of [...counts].toSorted(([, one], [, other]) => other - one))
    yield `  ${count} × ${code}\n`;
  if (report.unused.length > 0) yield '\n';
  for (const unused of report.unused) yield `${unusedLine(unused)}\n`;
  const more = report.unusedCount - report.unused.length;
  if (more > 0) yield `… and ${more} more.\n`;
}
