import type { XmlElement } from '@offhook/xml';
import { textOf } from '@offhook/xml';
import { isStandard } from '../schema/namespaces.ts';
import type { Field } from '../schema/shape.ts';
import { ERROR_VALUES } from './error-values.ts';

export type ErrorCategory = keyof typeof ERROR_VALUES;

/** `operation.invalidDeviceID`; `….other` for a value that no edition has. A closed set. */
export type CstaErrorCode = {
  [C in ErrorCategory]: `${C}.${(typeof ERROR_VALUES)[C][number]}` | `${C}.other`;
}[ErrorCategory];

/** Why a request was refused. */
export interface CstaError {
  readonly code: CstaErrorCode;
  /** The value as it came, for the log. */
  readonly detail: string;
}

const categories = Object.keys(ERROR_VALUES) as readonly ErrorCategory[];

/** Other names of the last but one category. */
const categoryAliases: Readonly<Record<string, ErrorCategory>> = {
  privateData: 'privateDataInformation',
  privateDataInfo: 'privateDataInformation',
};

const codes: ReadonlySet<string> = new Set(
  categories.flatMap((category) =>
    [...ERROR_VALUES[category], 'other'].map((value) => `${category}.${value}`),
  ),
);

function isErrorCode(text: string): text is CstaErrorCode {
  return codes.has(text);
}

export const ERROR_CODES: readonly CstaErrorCode[] = Array.from(codes).filter(isErrorCode);

function errorOf(category: ErrorCategory, detail: string): CstaError {
  const code = `${category}.${detail}`;
  return { code: isErrorCode(code) ? code : `${category}.other`, detail };
}

/** `<operation>invalidDeviceID</operation>` in a `CSTAErrorCode`. An unknown category is unspecified. */
export const errorField: Field<CstaError, false> = {
  isOptional: false,
  read(parent) {
    const children = parent.children.filter(({ namespace }) => isStandard(namespace));
    for (const child of children) {
      const category = categories.find((name) => name === child.name) ?? categoryAliases[child.name];
      if (category !== undefined) return errorOf(category, textOf(child));
    }
    return errorOf('unspecified', described(children[0]));
  },
  write(value) {
    const [category = 'unspecified', word = ''] = value.code.split('.');
    const text = word === 'other' ? value.detail : word;
    return [{ name: category, children: text === '' ? [] : [text] }];
  },
};

function described(element: XmlElement | undefined): string {
  return element === undefined ? '' : `${element.name} ${textOf(element)}`.trim();
}

/** What a refusal means to whoever asked, whatever the words of the standard. */
export type RefusalReason =
  | 'not_supported'
  | 'not_permitted'
  | 'not_found'
  | 'wrong_state'
  | 'busy'
  | 'out_of_service'
  | 'limit'
  | 'invalid';

export function refusalReason({ code }: CstaError): RefusalReason {
  const [category = '', value = ''] = code.split('.');
  if (/notSupported|incompatibleWith|invalidFeature|featureAlreadySet/i.test(value)) return 'not_supported';
  if (/^privilegeViolation|securityViolation/.test(value) || category === 'security') return 'not_permitted';
  if (/outOfService/i.test(value)) return 'out_of_service';
  if (/limit|exceeded/i.test(value) || category === 'performanceManagement') return 'limit';
  if (category === 'stateIncompatibility') return 'wrong_state';
  if (category === 'systemResourceAvailability' || category === 'subscribedResourceAvailability')
    return 'busy';
  const unknown =
    /^objectNotKnown$|^invalid.*(?:CallID|ConnectionID|ConnectionIdentifier|DeviceID|CrossRefID|Destination)$/;
  return unknown.test(value) ? 'not_found' : 'invalid';
}
