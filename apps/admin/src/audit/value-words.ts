import { Language, Money, type AuditField, type Role } from '@offhook/contract';
import { languageNames } from '@offhook/words';
import type { Format } from '../i18n/use-format.ts';
import type { Translate } from '../i18n/use-words.ts';
import type { CatalogueKey } from '../words/keys.ts';
import { actionWords } from './action-words.ts';
import { isAuditField } from './field-words.ts';

export interface ValueWays {
  readonly t: Translate;
  /** In the company's time zone. */
  readonly format: Format;
  /** Whether there are words under a key. */
  readonly has: (key: string) => key is CatalogueKey;
  /** Names of things that entries know by their ids. */
  readonly nameOf: (id: string) => string | undefined;
}

/** Where the words of a field's values are, by the value. */
const valueStems: Partial<Readonly<Record<AuditField, readonly string[]>>> = {
  role: ['users.role.'],
  source: ['users.source.'],
  status: ['tenants.status.'],
  kind: ['tenants.platform.', 'sso.kind.', 'connectors.trouble.'],
  scopes: ['connectors.scope.'],
  secondFactorFor: ['settings.secondFactor.'],
  'attachment.by': ['connectors.attachment.'],
  'subscription.platform': ['tenants.platform.'],
};

/** A value of the log as people read it, on one line. */
export function valueWords(ways: ValueWays, field: string, value: unknown): string {
  const { t, format } = ways;
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return t(value ? 'audit.value.yes' : 'audit.value.no');
  if (typeof value === 'number')
    return isInstant(field) ? format.dateTime(value) : plain(format, field, value);
  if (typeof value === 'string') return textWords(ways, field, value);
  if (Array.isArray(value))
    return value.length === 0 ? '–' : value.map((one) => valueWords(ways, field, one)).join(', ');
  const money = Money.safeParse(value);
  return money.success ? format.money(money.data) : JSON.stringify(value);
}

const isInstant = (field: string): boolean => field === 'deletesAt' || field === 'goodUntil';
/** A port is a name rather than an amount. */
const plain = (format: Format, field: string, value: number): string =>
  field.endsWith('port') ? String(value) : format.number(value);

function textWords(ways: ValueWays, field: string, value: string): string {
  const { t, format, has, nameOf } = ways;
  if (!isAuditField(field)) return value;
  for (const stem of valueStems[field] ?? []) {
    const key = stem + value;
    if (has(key)) return t(key);
  }
  // Most fields say themselves what they are.
  const name: string = field;
  switch (name) {
    case 'role':
      return value === ('provider' satisfies Role) ? t('audit.value.provider') : value;
    case 'language': {
      const language = Language.safeParse(value);
      return language.success ? languageNames[language.data] : value;
    }
    case 'connectorId':
    case 'line.connectorId':
      return nameOf(value) ?? value;
    case 'transport':
    case 'csta.transport':
    case 'format':
      return value.toUpperCase();
    case 'goodUntil':
    case 'deletesAt':
      return Number.isNaN(Date.parse(value)) ? value : format.dateTime(Date.parse(value));
    case 'until':
    case 'subscription.startsOn':
    case 'from':
    case 'to':
      return /^\d{4}-\d\d-\d\d$/u.test(value) ? format.date(value) : value;
    case 'action':
      return actionWords(t, value);
    default:
      return value;
  }
}
