/**
 * Defects that are put into the office on purpose, one for each invariant: the tests show that its judge sees them.
 */
export const BREAKAGES = [
  'deaf to devices',
  'deaf to ends',
  'ends untold',
  'no record',
  'double records',
  'all missed',
  'gate stands open',
  'silent to requests',
  'revisions go back',
  'settings stay as they were',
  'bridge left behind',
  'throws at a call',
] as const;
export type Breakage = (typeof BREAKAGES)[number];
