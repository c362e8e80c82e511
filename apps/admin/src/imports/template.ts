import { csvLine } from '@offhook/subscribers';

/** One line of headings that the import knows, and two people to replace. With the mark by which Excel reads UTF-8. */
export function templateCsv(): string {
  const headings = [
    'E-mail',
    'First name',
    'Last name',
    'Number',
    'Password',
    'Short number',
    'Desk phone',
    'Alternative number',
    'Language',
  ];
  const people = [
    ['anna.berger@example.com', 'Anna', 'Berger', '101', 'secret-of-the-line', '', '', '', 'de'],
    [
      'ben.carter@example.com',
      'Ben',
      'Carter',
      '102',
      'secret-of-the-line',
      '',
      '',
      '+44 20 7946 0102',
      'en',
    ],
  ];
  return `\ufeff${[headings, ...people].map((cells) => csvLine(cells)).join('')}`;
}

export const templateHref = (): string => `data:text/csv;charset=utf-8,${encodeURIComponent(templateCsv())}`;
