/** Made by `scripts/help/plugin.ts` from `docs/help`. */
declare module 'virtual:help/*' {
  import type { Help } from './help-page.ts';

  const help: Help;
  export default help;
}
