import { CstaConfig, DialCodes, PbxConfig, type PbxView, type PlatformKind } from '@offhook/contract';

export type DialCode = keyof DialCodes;
export const dialCodes = Object.keys(DialCodes.shape) as readonly DialCode[];

/** What the inputs of the form hold: texts as they were typed. Passwords are empty unless somebody types a new one. */
export interface PbxDraft {
  readonly kind: PlatformKind;
  readonly host: string;
  readonly port: string;
  readonly transport: PbxConfig['transport'];
  readonly domain: string;
  readonly registerExpires: string;
  readonly ringSeconds: string;
  readonly alternativeAfterSeconds: string;
  /** Between commas or spaces. */
  readonly emergencyNumbers: string;
  readonly by: PbxConfig['attachment']['by'];
  readonly register: boolean;
  readonly trunkNumber: string;
  readonly trunkUser: string;
  readonly trunkPassword: string;
  readonly cti: boolean;
  readonly ctiHost: string;
  readonly ctiPort: string;
  readonly ctiTransport: CstaConfig['transport'];
  readonly ctiUser: string;
  readonly ctiPassword: string;
  readonly codes: Readonly<Record<DialCode, string>>;
}

/** Usual for SIP (RFC 3261 section 19.1.2). */
export const usualPort = (transport: PbxDraft['transport']): string =>
  transport === 'tls' ? '5061' : '5060';

const codesOf = (codes: DialCodes): PbxDraft['codes'] =>
  Object.fromEntries(dialCodes.map((code) => [code, codes[code] ?? ''])) as Record<DialCode, string>;

export const newDraft: PbxDraft = {
  kind: 'generic-sip',
  host: '',
  port: usualPort('tls'),
  transport: 'tls',
  domain: '',
  registerExpires: '600',
  ringSeconds: '120',
  alternativeAfterSeconds: '10',
  emergencyNumbers: '112, 110, 911',
  by: 'registration',
  register: true,
  trunkNumber: '',
  trunkUser: '',
  trunkPassword: '',
  cti: false,
  ctiHost: '',
  ctiPort: '1040',
  ctiTransport: 'tcp',
  ctiUser: '',
  ctiPassword: '',
  codes: codesOf({}),
};

/** What is stored, without its passwords, as a form shows it. */
const Stored = PbxConfig.omit({ attachment: true, csta: true }).extend({
  attachment: PbxConfig.shape.attachment
    .unwrap()
    .options[0].or(PbxConfig.shape.attachment.unwrap().options[1].omit({ password: true })),
  csta: CstaConfig.omit({ password: true }).optional(),
});

export function draftOf(view: PbxView | undefined): PbxDraft {
  const stored = Stored.safeParse({ attachment: { by: 'registration' }, ...view?.config });
  if (!stored.success) return newDraft;
  const { attachment, csta, codes, ...pbx } = stored.data;
  return {
    ...newDraft,
    kind: pbx.kind,
    host: pbx.host,
    port: String(pbx.port),
    transport: pbx.transport,
    domain: pbx.domain ?? '',
    registerExpires: String(pbx.registerExpires),
    ringSeconds: String(pbx.ringSeconds),
    alternativeAfterSeconds: String(pbx.alternativeAfterSeconds),
    emergencyNumbers: pbx.emergencyNumbers.join(', '),
    by: attachment.by,
    ...(attachment.by === 'trunk'
      ? { register: attachment.register, trunkNumber: attachment.number, trunkUser: attachment.authUser }
      : {}),
    ...(csta === undefined
      ? {}
      : {
          cti: true,
          ctiHost: csta.host ?? '',
          ctiPort: String(csta.port),
          ctiTransport: csta.transport,
          ctiUser: csta.user ?? '',
        }),
    codes: codesOf(codes),
  };
}

/** A number, or what was typed instead: the contract then refuses the field by its name. */
const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
const set = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
const filled = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** For the contract's schema to judge: a password that nobody typed is absent. */
export function inputOf(draft: PbxDraft): Record<string, unknown> {
  return filled({
    kind: draft.kind,
    host: draft.host.trim(),
    port: number(draft.port),
    transport: draft.transport,
    domain: set(draft.domain),
    registerExpires: number(draft.registerExpires),
    ringSeconds: number(draft.ringSeconds),
    alternativeAfterSeconds: number(draft.alternativeAfterSeconds),
    emergencyNumbers: draft.emergencyNumbers.split(/[\s,;]+/u).filter((one) => one !== ''),
    attachment:
      draft.by === 'registration'
        ? { by: 'registration' }
        : filled({
            by: 'trunk',
            register: draft.register,
            number: draft.trunkNumber.trim(),
            authUser: draft.trunkUser.trim(),
            password: draft.trunkPassword === '' ? undefined : draft.trunkPassword,
          }),
    csta: draft.cti
      ? filled({
          host: set(draft.ctiHost),
          port: number(draft.ctiPort),
          transport: draft.ctiTransport,
          user: set(draft.ctiUser),
          password: draft.ctiPassword === '' ? undefined : draft.ctiPassword,
        })
      : undefined,
    codes: filled(Object.fromEntries(dialCodes.map((code) => [code, set(draft.codes[code])]))),
  });
}
