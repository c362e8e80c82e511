import type { HelpPageName } from './contents.ts';

/** A page of the help as the build makes it from Markdown. */
export interface HelpPage {
  readonly name: HelpPageName;
  readonly title: string;
  /** What follows the title, as HTML. */
  readonly html: string;
}

/** What the build has of one language. */
export interface Help {
  readonly pages: readonly HelpPage[];
  /** Address of the whole as PDF; where the build had none, of a page that the browser prints. */
  readonly printable: { readonly kind: 'pdf' | 'page'; readonly href: string };
}
