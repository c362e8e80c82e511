import * as z from 'zod';
import { UserId } from '../ids.ts';
import { Country, Numbering } from './numbering.ts';

/** A person of the tenant, as colleagues see them. */
export const DirectoryPerson = z.object({
  userId: UserId,
  name: z.string(),
  email: z.string(),
  /** That people call. */
  number: z.string().optional(),
  /** What colleagues dial for short. */
  shortNumber: z.string().optional(),
  /** Further numbers that calls of this person may come from. */
  others: z.array(z.string()).optional(),
  /** Departments and the like, where the company's directory says. */
  groups: z.array(z.string()).optional(),
});
export type DirectoryPerson = z.infer<typeof DirectoryPerson>;

/** Names a part by what is in it: a part that has changed has another one. */
export const PartId = z.string().regex(/^[A-Za-z0-9_-]{16}$/u);
export type PartId = z.infer<typeof PartId>;

/**
 * `GET /api/directory` → everybody of the tenant, in parts of some hundred people: `GET /api/directory/parts/:partId` → {@link DirectoryPart};
 * 404 `not_found` for one that is out of date. Who is in which part depends on the person alone, so that a change asks for one part anew. The event
 * `directory.changed` tells when to look again.
 */
export const DirectoryIndex = z.object({
  country: Country,
  numbering: Numbering,
  people: z.number().int(),
  parts: z.array(PartId),
});
export type DirectoryIndex = z.infer<typeof DirectoryIndex>;
export const DirectoryPart = z.object({ people: z.array(DirectoryPerson) });
export type DirectoryPart = z.infer<typeof DirectoryPart>;
