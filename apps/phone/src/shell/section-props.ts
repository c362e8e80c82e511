import type { Me } from '@offhook/contract';

/** What every section is given. */
export interface SectionProps {
  readonly me: Me;
}
