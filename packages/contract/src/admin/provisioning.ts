import * as z from 'zod';
import { AdminLimits } from './common.ts';
import { ImportProblem, Subscriber } from './imports.ts';
import { UserRow } from './users.ts';

/**
 * For the platform's own management, authorised by `Authorization: Bearer <API key>` (scope `provisioning`). People are matched by their e-mail address;
 * the same request again changes nothing. `GET /api/provisioning/v1/users?after=&limit=`; `PUT …/users/:email` {@link Subscriber} → 200 or 201; `DELETE …/users/:email` → 204;
 * `POST …/users/batch` {@link ProvisioningBatch} → {@link ProvisioningResult}.
 */
export const ProvisioningBatch = z.object({
  users: z.array(Subscriber).min(1).max(AdminLimits.provisioningBatch),
  /** Only say what would happen. */
  dryRun: z.boolean().default(false),
});
export type ProvisioningBatch = z.infer<typeof ProvisioningBatch>;
export const ProvisioningResult = z.object({
  results: z.array(
    z.object({
      email: z.string(),
      outcome: z.enum(['created', 'changed', 'unchanged', 'refused']),
      problem: ImportProblem.optional(),
    }),
  ),
});
export type ProvisioningResult = z.infer<typeof ProvisioningResult>;
export const ProvisioningUsers = z.object({ users: z.array(UserRow), after: z.string().optional() });
