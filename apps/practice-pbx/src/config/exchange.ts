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
  /**
   * The extra line of the user's soft clients: calls from it show the main number and name, calls to the main number ring it,
   * too, and nobody else can dial it.
   */
  line: z
    .strictObject({
      number,
      authUser: z.string().min(1).max(64).optional(),
      password: z.string().min(1).max(128),
    })
    .optional(),
  /** An outside number that rings, too, when nobody answers. */
  alternative: number.optional(),
  mailbox: z
    .strictObject({
      pin: z
        .string()
        .regex(/^\d{1,12}$/, 'must be 1 to 12 digits')
        .optional(),
      /** Of its announcements; that of the PBX where it is left out. */
      language: z.enum(['en', 'de']).optional(),
    })
    .optional(),
  /** Extensions with the same word pick up each other's calls; where it is left out, all without one do. */
  pickupGroup: z.string().min(1).max(32).optional(),
  /** May dial other extensions and emergency numbers, and nothing outside. */
  barred: z.boolean().default(false),
});

/** A telephone of the public network: played by the PBX like a desk phone. */
const outside = z.strictObject({
  number: z.string().regex(/^\+[1-9]\d{3,14}$/, 'must be an international number such as +4930123456'),
  name: z.string().min(1).max(64),
  toneHz: z.number().min(100).max(3400),
  autoAnswerMs: z.number().int().min(0).max(600_000).optional(),
});

/** What is dialled for a feature; `n` stands for the number that follows. */
const featureCodes = z
  .strictObject({
    forwardImmediate: number.default('*21*'),
    forwardImmediateOff: number.default('#21'),
    forwardNoAnswer: number.default('*61*'),
    forwardNoAnswerOff: number.default('#61'),
    forwardBusy: number.default('*67*'),
    forwardBusyOff: number.default('#67'),
    doNotDisturb: number.default('*25'),
    doNotDisturbOff: number.default('#25'),
    callBack: number.default('*37*'),
    callBackOff: number.default('#37'),
    park: number.default('*70'),
    /** A digit 1–9 follows. */
    unpark: number.default('*7'),
    /** An extension may follow. */
    pickup: number.default('*8'),
    /** An outside number follows. */
    callThrough: number.default('*99'),
    voicemail: number.default('500'),
    conference: number.default('700'),
  })
  .prefault({});

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
    /** Of announcements. */
    language: z.enum(['en', 'de']).default('en'),
    /** Offered in this order (RFC 8760); some older devices understand only the first challenge, and only MD5. */
    digest: z
      .array(z.enum(['SHA-256', 'MD5']))
      .min(1)
      .max(2)
      .default(['SHA-256', 'MD5']),
    extensions: z.array(extension).max(1000),
    phones: z.array(phone).max(50).default([]),
    outside: z.array(outside).max(50).default([]),
    /** Outside numbers that belong to nobody here are dialled with this country's code in front. */
    countryCode: z
      .string()
      .regex(/^[1-9]\d{0,2}$/, 'must be a country code such as 49')
      .default('49'),
    featureCodes,
    /** Which PBX this one acts as, for the CSTA server and its quirks. */
    platform: z
      .enum(['generic', 'openscape-voice', 'openscape-4000', 'openscape-business'])
      .default('generic'),
    /** Where there are no credentials, every application is admitted that reaches the port. */
    csta: z
      .strictObject({
        user: z.string().min(1).max(64).optional(),
        password: z.string().min(1).max(128).optional(),
        applications: z.number().int().min(1).max(1000).default(20),
        monitorsPerApplication: z.number().int().min(1).max(20_000).default(5000),
        monitors: z.number().int().min(1).max(100_000).default(20_000),
      })
      .refine(
        ({ user, password }) => (user === undefined) === (password === undefined),
        'needs user and password, or none of them',
      )
      .prefault({}),
    /** Seconds. A parked call comes back to who has parked it. */
    parkSeconds: z.number().int().min(1).max(3600).default(120),
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
    const lines = config.extensions.flatMap(({ line }) => line ?? []);
    const numbers = [...config.extensions, ...lines, ...config.services, ...config.outside].map(
      (entry) => entry.number,
    );
    for (const twice of repeated(numbers)) {
      context.addIssue({ code: 'custom', message: `The number ${twice} is given twice.` });
    }
    const users = [...config.extensions, ...lines].map((entry) => entry.authUser ?? entry.number);
    for (const twice of repeated(users)) {
      context.addIssue({ code: 'custom', message: `The user name ${twice} is given twice.` });
    }
    const phoneIds = [
      ...config.phones.map((entry) => entry.id ?? entry.extension),
      ...config.outside.map(({ number }) => number.slice(1)),
    ];
    for (const twice of repeated(phoneIds)) {
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
export type OutsideConfig = ExchangeConfig['outside'][number];
export type FeatureCodes = ExchangeConfig['featureCodes'];
export type Platform = ExchangeConfig['platform'];
export type ServiceConfig = ExchangeConfig['services'][number];

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
