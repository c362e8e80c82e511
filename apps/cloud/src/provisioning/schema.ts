import { Attachment, CstaConfig, DialCodes, Limits, PbxConfig, TenantId } from '@offhook/contract';
import * as z from 'zod';

const [byRegistration, byTrunk] = Attachment.options;
/** As in the contract; what it does not know is a mistake here. */
const pbx = PbxConfig.strict().extend({
  attachment: z
    .discriminatedUnion('by', [byRegistration.strict(), byTrunk.strict()])
    .default({ by: 'registration' }),
  csta: CstaConfig.strict().optional(),
  codes: DialCodes.strict().default({}),
});

/**
 * The file of `admin.ts apply`: one tenant as it shall be. Applying it again changes nothing; applying a changed file
 * changes what differs. What the file does not name is left alone. Users are known by their e-mail address,
 * connectors by their name, lines by their user.
 */
export const TenantFile = z
  .strictObject({
    tenant: z.strictObject({ id: TenantId, name: z.string().min(1).max(200) }),
    connectors: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          /** How the connector reaches the PBX; shapes and defaults as in the contract's `PbxConfig`. */
          pbx,
        }),
      )
      .max(100)
      .default([]),
    users: z
      .array(
        z.strictObject({
          email: z.email().max(254).toLowerCase(),
          name: z.string().min(1).max(200),
          role: z.enum(['user', 'admin']).default('user'),
          /** For signing in. A changed one ends the user's sessions. */
          password: z.string().min(8).max(256),
          /** The user's line at the PBX; absent: none (and one that was there goes). */
          line: z
            .strictObject({
              /** The name of a connector of this file. */
              connector: z.string(),
              /** The user part of the address of record. */
              number: z.string().min(1).max(Limits.targetChars),
              /** The number that people call, where `number` is a line of its own beside it; `number` where absent. */
              mainNumber: z.string().min(1).max(Limits.targetChars).optional(),
              /** The desk phone's own number, where it is another than the main number. */
              deskPhone: z.string().min(1).max(Limits.targetChars).optional(),
              /** What colleagues dial for short. This and the two below stay as they are where absent. */
              shortNumber: z.string().min(1).max(Limits.targetChars).optional(),
              /** What the called see, where the platform lets us say. */
              callerId: z.string().min(1).max(Limits.targetChars).optional(),
              /** The mailbox's number, where the user's is another than the platform's code. */
              voicemailNumber: z.string().min(1).max(Limits.targetChars).optional(),
              /** The user's name where absent. */
              displayName: z.string().max(200).optional(),
              /** The number where absent. */
              authUser: z.string().min(1).max(128).optional(),
              /** Of the SIP account. Stored encrypted. */
              password: z.string().max(256),
            })
            .optional(),
        }),
      )
      .max(10_000)
      .default([]),
  })
  .superRefine((file, context) => {
    const names = new Set(file.connectors.map((connector) => connector.name));
    if (names.size < file.connectors.length) {
      context.addIssue({
        code: 'custom',
        path: ['connectors'],
        message: 'two connectors have the same name',
      });
    }
    const emails = new Set(file.users.map((user) => user.email));
    if (emails.size < file.users.length) {
      context.addIssue({
        code: 'custom',
        path: ['users'],
        message: 'two users have the same e-mail address',
      });
    }
    const own = file.users.flatMap(({ line }) => (line ? [`${line.connector}\n${line.number}`] : []));
    const main = file.users.flatMap(({ line }) =>
      line ? [`${line.connector}\n${line.mainNumber ?? line.number}`] : [],
    );
    for (const numbers of [own, main]) {
      if (new Set(numbers).size === numbers.length) continue;
      context.addIssue({ code: 'custom', path: ['users'], message: 'two lines have the same number' });
      break;
    }
    file.users.forEach(({ line }, index) => {
      if (line === undefined || names.has(line.connector)) return;
      const path = ['users', index, 'line', 'connector'];
      context.addIssue({ code: 'custom', path, message: `the file has no connector “${line.connector}”` });
    });
  });
export type TenantFile = z.infer<typeof TenantFile>;
