import { LinkForm } from './LinkForm.tsx';

/** `/account/reset#token`. */
export function Page() {
  return <LinkForm />;
}
