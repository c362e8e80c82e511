import type { Me } from '@offhook/contract';

/** What every section is given. Beside the table of sections, which loads them: they do not import it back. */
export interface SectionProps {
  readonly me: Me;
}
