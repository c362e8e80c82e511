import { z } from 'zod';

/** What may be dialled: digits, `*`, `#`, and letters for those who name their extensions. */
const number = z
  .string()
  .regex(/^[0-9A-Za-z*#+._-]{1,32}$/, 'must be 1 to 32 digits, letters or any of * # + . _ -');

/** No quotes or backslashes: the realm goes into headers as it stands (RFC 7616 section 3.3). */
const realm = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^"\\\p{Cc}]+$/u, 'must not contain quotes, backslashes or control characters');

const extension = z.strictObject({
  number,
  name: z.string().min(1).max(64),
  authUser: z.string().min(1).max(64).optional(),
  password: z.string().min(1).max(128),
  ringSeconds: z.number().int().min(1).max(600).default(30),
});

const phone = z.strictObject({
  /** In the API's addresses; the extension's number where it is left out. */
  id: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,32}$/, 'must be 1 to 32 letters, digits, - or _')
    .optional(),
  extension: number,
  transport: z.enum(['udp', 'tcp']).default('udp'),
  /** Answers by itself after this time; where it is left out, a person has to. */
  autoAnswerMs: z.number().int().min(0).max(600_000).optional(),
  /** The phone's voice. */
  toneHz: z.number().min(100).max(3400),
});

const service = z.strictObject({
  number,
  kind: z.enum(['echo', 'tone', 'digits', 'announcement', 'busy', 'no-answer', 'decline']),
  name: z.string().min(1).max(64).optional(),
  /** Of `no-answer`: how long it rings. */
  ringSeconds: z.number().int().min(1).max(600).default(30),
});

/** The file that `OFFHOOK_PBX_CONFIG` names. */
export const exchangeConfig = z
  .strictObject({
    realm: realm.default('offhook-practice'),
    /** Offered in this order (RFC 8760); some older devices understand only the first challenge, and only MD5. */
    digest: z
      .array(z.enum(['SHA-256', 'MD5']))
      .min(1)
      .max(2)
      .default(['SHA-256', 'MD5']),
    extensions: z.array(extension).max(1000),
    phones: z.array(phone).max(50).default([]),
    services: z.array(service).max(100).default([]),
    limits: z
      .strictObject({
        calls: z.number().int().min(1).max(5000).default(200),
        bindingsPerExtension: z.number().int().min(1).max(50).default(10),
      })
      .prefault({}),
    /** Seconds. `min` is what a device may ask for at least (423 otherwise), `max` what it gets at most. */
    registration: z
      .strictObject({
        min: z.number().int().min(1).max(3600).default(30),
        max: z.number().int().min(30).max(86_400).default(3600),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    const numbers = [...config.extensions, ...config.services].map((entry) => entry.number);
    for (const twice of repeated(numbers)) {
      context.addIssue({ code: 'custom', message: `The number ${twice} is given twice.` });
    }
    for (const twice of repeated(config.extensions.map((entry) => entry.authUser ?? entry.number))) {
      context.addIssue({ code: 'custom', message: `The user name ${twice} is given twice.` });
    }
    for (const twice of repeated(config.phones.map((entry) => entry.id ?? entry.extension))) {
      context.addIssue({
        code: 'custom',
        message: `There are two phones ${twice}: give one of them an "id".`,
      });
    }
    for (const { extension } of config.phones) {
      if (!config.extensions.some((entry) => entry.number === extension)) {
        context.addIssue({
          code: 'custom',
          message: `A phone belongs to extension ${extension}, which does not exist.`,
        });
      }
    }
  });

export type ExchangeConfig = z.infer<typeof exchangeConfig>;
/** As it stands in the file, before defaults. */
export type ExchangeConfigInput = z.input<typeof exchangeConfig>;
export type ExtensionConfig = ExchangeConfig['extensions'][number];
export type PhoneConfig = ExchangeConfig['phones'][number];
export type ServiceConfig = ExchangeConfig['services'][number];

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
