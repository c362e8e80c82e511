import { LinkForm } from './LinkForm.tsx';

/** `/account/invitation#token`: of people who are invited, and of the provider's first. */
export function Page() {
  return <LinkForm />;
}
